import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { Key, Signature } from "@tufjs/models";

/** Ed25519 public keys end their SPKI form (RFC 8410) with the 32 bytes that TUF writes. */
const RAW_BYTES = 32;

/** A key that signs metadata. */
export type SigningKey = {
  readonly key: Key;
  readonly sign: (bytes: Buffer) => Signature;
};

/** A new Ed25519 key, as it is kept. */
export function newPrivateKey(): KeyObject {
  return generateKeyPairSync("ed25519").privateKey;
}

/** How `privateKey`, of Ed25519, signs metadata. */
export function signerOf(privateKey: KeyObject): SigningKey {
  const der = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const key = publicKeyOf(der.subarray(-RAW_BYTES).toString("hex"));
  const { keyID } = key;
  return {
    key,
    sign: (bytes) => new Signature({ keyID, sig: sign(null, bytes, privateKey).toString("hex") }),
  };
}

/** The Ed25519 key whose public bytes are `raw` in hexadecimal, under the id that TUF 4.2 gives it. */
export function publicKeyOf(raw: string): Key {
  const [keyType, scheme] = ["ed25519", "ed25519"];
  // The names stand in the order of canonical JSON, and nothing in it needs to be escaped.
  const canonical = JSON.stringify({ keytype: keyType, keyval: { public: raw }, scheme });
  const keyID = createHash("sha256").update(canonical).digest("hex");
  return new Key({ keyID, keyType, scheme, keyVal: { public: raw } });
}
