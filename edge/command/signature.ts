import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { CommandKey } from "../core/command.ts";
import { type Envelope, signedBytes } from "./envelope.ts";

/** Whether `envelope` was signed with the private half of `key` (RFC 8032, Ed25519). */
export function isSignedBy(envelope: Envelope, { publicKey }: CommandKey): boolean {
  const x = Buffer.from(publicKey, "base64").toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return verify(null, signedBytes(envelope.payload), key, envelope.signature);
}

/** The signed command with this content, as it is sent: `key` is the name of the private key. */
export function signCommand(content: object, key: string, privateKey: KeyObject): string {
  const payload = Buffer.from(JSON.stringify(content)).toString("base64url");
  const signature = sign(null, signedBytes(payload), privateKey).toString("base64url");
  return JSON.stringify({ v: 1, key, payload, signature });
}

/** The first 16 hexadecimal digits of the SHA-256 of `bytes`. */
export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
