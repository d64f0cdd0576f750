import { createPublicKey, generateKeyPairSync } from "node:crypto";
import test from "ava";
import type { CommandKey } from "../core/command.ts";
import { type Envelope, readEnvelope } from "./envelope.ts";
import { isSignedBy, signCommand } from "./signature.ts";

const { privateKey } = generateKeyPairSync("ed25519");

function publicHalf(key = privateKey): CommandKey {
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  const publicKey = Buffer.from(x, "base64url").toString("base64");
  return { name: "op", fingerprint: "f1", publicKey, may: ["read"] };
}

const envelopeOf = (text: string) => readEnvelope(Buffer.from(text)) as Envelope;

test("what was signed with a key is known by its public half, and by no other", (t) => {
  const envelope = envelopeOf(signCommand({ id: "a" }, "op", privateKey));
  t.true(isSignedBy(envelope, publicHalf()));
  t.false(isSignedBy(envelope, publicHalf(generateKeyPairSync("ed25519").privateKey)));
});

test("no bit of the payload or of the signature may differ", (t) => {
  const envelope = envelopeOf(signCommand({ id: "a" }, "op", privateKey));
  const key = publicHalf();
  for (let at = 0; at < 64; at++) {
    const signature = Uint8Array.from(envelope.signature);
    signature[at] = (signature[at] as number) ^ (1 << (at % 8));
    t.false(isSignedBy({ ...envelope, signature }, key));
  }
  const { payload } = envelope;
  const other = payload.startsWith("A") ? "B" : "A";
  t.false(isSignedBy({ ...envelope, payload: other + payload.slice(1) }, key));
  t.false(isSignedBy({ ...envelope, payload: `${payload}=` }, key));
});
