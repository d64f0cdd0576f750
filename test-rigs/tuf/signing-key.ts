import { createHash } from "node:crypto";
import { Key, Signature } from "@tufjs/models";
import { newPrivateKey, type SigningKey, signerOf } from "../../ota/repository/signing-key.ts";

/** A new key that signs at once. */
export function signingKey(): SigningKey {
  return signerOf(newPrivateKey());
}

/** The same key under another id, as an attacker would list it to be counted twice. */
export function underAnotherId({ key, sign: signWith }: SigningKey): SigningKey {
  const keyID = createHash("sha256").update(`again ${key.keyID}`).digest("hex");
  const { keyType, scheme, keyVal } = key;
  return {
    key: new Key({ keyID, keyType, scheme, keyVal }),
    sign: (bytes) => new Signature({ keyID, sig: signWith(bytes).sig }),
  };
}
