import test from "ava";
import fc from "fast-check";
import { bytesOf, type Caller, describeBytes, describeIdentity, recognise } from "./caller.ts";

const bytes = (text: string) => Uint8Array.from(Buffer.from(text));
const registered = (bus: string, text: string): Caller => ({
  bus,
  identity: { kind: "registration", hex: Buffer.from(text).toString("hex") },
  heartbeat: Buffer.from("ping").toString("hex"),
});

const PUMP = registered("pump", "DTU-17");
const WEIR = registered("weir", "DTU-18");
const FIXED: Caller = {
  bus: "fixed",
  identity: { kind: "peer", address: "10.8.0.9" },
  heartbeat: null,
};

test("a registration is recognised with line ends, itself and heartbeats behind it", (t) => {
  const sent = [
    "DTU-17",
    "DTU-17\r\n",
    "DTU-17\0",
    "DTU-17DTU-17",
    "DTU-17\nping",
    "DTU-17pingping",
  ];
  for (const each of sent) {
    t.deepEqual(recognise([PUMP, WEIR], "1.2.3.4", bytes(each)), { kind: "caller", bus: "pump" });
  }
});

test("what may yet become a registration is waited for, what cannot is a stranger", (t) => {
  for (const [sent, kind] of [
    ["", "unsure"],
    ["DTU-1", "unsure"],
    ["DTU-17pi", "unsure"],
    ["DTU-2", "stranger"],
    ["DTU-171", "stranger"],
    ["DTU-17 ", "stranger"],
    ["DTU-17pong", "stranger"],
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
  t.is(describeBytes(new Uint8Array(65_536).fill(65)), `'${"A".repeat(64)}'... (65536 bytes)`);
  t.deepEqual(bytesOf("00ff"), Uint8Array.of(0, 255));
});
