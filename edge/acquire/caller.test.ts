import test from "ava";
import fc from "fast-check";
import { bytesOf, type Caller, describeBytes, describeIdentity, recognise } from "./caller.ts";

const bytes = (text: string) => Uint8Array.from(Buffer.from(text));
const registered = (bus: string, text: string): Caller => ({
  bus,
  identity: { kind: "registration", hex: Buffer.from(text).toString("hex") },
});

const PUMP = registered("pump", "DTU-17");
const WEIR = registered("weir", "DTU-18");
const FIXED: Caller = { bus: "fixed", identity: { kind: "peer", address: "10.8.0.9" } };

test("a registration is recognised, whatever follows it", (t) => {
  t.deepEqual(recognise([PUMP, WEIR], "1.2.3.4", bytes("DTU-18")), { kind: "caller", bus: "weir" });
  t.deepEqual(recognise([PUMP, WEIR], "1.2.3.4", bytes("DTU-17\r\n")), {
    kind: "caller",
    bus: "pump",
  });
});

test("what may yet become a registration is waited for, what cannot is a stranger", (t) => {
  for (const [sent, kind] of [
    ["", "unsure"],
    ["DTU-1", "unsure"],
    ["DTU-2", "stranger"],
    ["xDTU-17", "stranger"],
  ] as const) {
    t.deepEqual(recognise([PUMP, WEIR], "1.2.3.4", bytes(sent)), { kind }, sent);
  }
});

test("an address is recognised before a byte came, and another one is a stranger's", (t) => {
  t.deepEqual(recognise([FIXED], "10.8.0.9", bytes("")), { kind: "caller", bus: "fixed" });
  t.deepEqual(recognise([FIXED], "10.8.0.8", bytes("")), { kind: "stranger" });
});

test("a caller is never taken for one whose registration it has not sent whole", (t) => {
  const sent = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.constantFrom("DTU-17", "DTU").map(bytes),
  );
  fc.assert(
    fc.property(sent, (sent) => {
      const recognised = recognise([PUMP, WEIR], "1.2.3.4", sent);
      if (recognised.kind !== "caller") return;
      t.true(Buffer.from(sent).toString("latin1").startsWith("DTU-1"));
      t.true(sent.length >= 6);
    }),
  );
  t.pass();
});

test("an identity and what was sent are told as text, or in hexadecimal where they are none", (t) => {
  t.is(describeIdentity(PUMP.identity), "the registration 'DTU-17'");
  t.is(describeIdentity(FIXED.identity), "the address 10.8.0.9");
  t.is(describeBytes(Uint8Array.of(0x1b, 0x41)), "1b41");
  t.deepEqual(bytesOf("00ff"), Uint8Array.of(0, 255));
});
