import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { Key, Signature } from "@tufjs/models";

/** Ed25519 public keys end their SPKI form with the 32 bytes that TUF names them by. */
const RAW_BYTES = 32;

/** A key that signs metadata. */
export type SigningKey = {
  readonly key: Key;
  readonly sign: (bytes: Buffer) => Signature;
};

/** A new Ed25519 key. */
export function signingKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey
    .export({ type: "spki", format: "der" })
    .subarray(-RAW_BYTES)
    .toString("hex");
  return signerOf(createHash("sha256").update(raw).digest("hex"), raw, privateKey);
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

function signerOf(keyID: string, raw: string, privateKey: KeyObject): SigningKey {
  return {
    key: new Key({ keyID, keyType: "ed25519", scheme: "ed25519", keyVal: { public: raw } }),
    sign: (bytes) => new Signature({ keyID, sig: sign(null, bytes, privateKey).toString("hex") }),
  };
}
