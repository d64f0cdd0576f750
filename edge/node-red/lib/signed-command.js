import { createHash, createPrivateKey, randomUUID, sign } from "node:crypto";

/** A command is good for so long, in milliseconds: one that is held up on its way is not done late. */
const LIFE_MS = 60_000;

let counted = 0;

/** Whether `pem` holds a private key that commands are signed with, of Ed25519. */
export function isSigningKey(pem) {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "ed25519";
  } catch {
    // What is no key says so by throwing, and why helps nobody.
    return false;
  }
}

/**
 * `order` for `gateway`, signed with the Ed25519 key in `pem`, whose name at the gateway is `key`:
 * its id, and the text to publish. Throws where `pem` holds no key.
 */
export function signedCommand(order, gateway, { key, pem }, now = Date.now()) {
  const privateKey = createPrivateKey(pem);
  const id = randomUUID();
  // Time goes on by itself, and nobody need keep count; a second one in a millisecond is higher.
  const counter = now * 1000 + (counted++ % 1000);
  const content = { gateway, id, counter, issued: now, expires: now + LIFE_MS, order };
  const payload = Buffer.from(JSON.stringify(content)).toString("base64url");
  const bytes = Buffer.from(`lifeline/command/v1\n${payload}`);
  const signature = sign(null, bytes, privateKey).toString("base64url");
  const text = JSON.stringify({ v: 1, key, payload, signature });
  return { id, text, digest: createHash("sha256").update(text).digest("hex").slice(0, 16) };
}
