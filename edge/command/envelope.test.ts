import test from "ava";
import fc from "fast-check";
import { ENVELOPE_MAX, readEnvelope, signedBytes } from "./envelope.ts";

const SIGNATURE = Buffer.alloc(64, 7).toString("base64url");
const SOUND = { v: 1, key: "dispatcher", payload: "eyJhIjoxfQ", signature: SIGNATURE };

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));

test("an envelope holds the name of a key, the payload as it was signed, and the signature", (t) => {
  const envelope = readEnvelope(bytesOf(SOUND));
  t.like(envelope, { key: "dispatcher", payload: "eyJhIjoxfQ" });
  t.is("signature" in envelope && envelope.signature.length, 64);
});

test("what is signed names its purpose and the version, so that it says nothing elsewhere", (t) => {
  t.is(new TextDecoder().decode(signedBytes("abc")), "lifeline/command/v1\nabc");
});

test("what is no envelope is refused with the code that says why", (t) => {
  const { signature: _, ...unsigned } = SOUND;
  const { v: __, ...unversioned } = SOUND;
  const refusals: readonly (readonly [unknown, string])[] = [
    [{ ...SOUND, v: 0 }, "command.version"],
    [{ ...SOUND, v: 2 }, "command.version"],
    [{ ...SOUND, v: "1" }, "command.version"],
    [unversioned, "command.malformed"],
    [unsigned, "command.unsigned"],
    [{ ...SOUND, signature: "" }, "command.unsigned"],
    [{ ...SOUND, signature: "AAAA" }, "command.malformed"],
    [{ ...SOUND, signature: 7 }, "command.malformed"],
    [{ ...SOUND, signature: `${SIGNATURE}==` }, "command.malformed"],
    [{ ...SOUND, payload: "a b" }, "command.malformed"],
    [{ ...SOUND, payload: "" }, "command.malformed"],
    [{ ...SOUND, key: null }, "command.malformed"],
    [{ ...SOUND, key: "k".repeat(65) }, "command.malformed"],
    [{ ...SOUND, gateway: "gw-1" }, "command.malformed"],
    [[SOUND], "command.malformed"],
    [null, "command.malformed"],
    [{ ...SOUND, payload: "A".repeat(ENVELOPE_MAX) }, "command.oversized"],
  ];
  for (const [value, code] of refusals) {
    t.like(readEnvelope(bytesOf(value)), { code }, JSON.stringify(value).slice(0, 200));
  }
  t.like(readEnvelope(Buffer.from([0xff, 0xfe])), { code: "command.malformed" });
});

test("no bytes make it throw", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => "code" in readEnvelope(bytes)),
  );
  fc.assert(fc.property(fc.json(), (text) => "code" in readEnvelope(Buffer.from(text))));
  t.pass();
});
