import test from "ava";
import fc from "fast-check";
import { parseWire, parseWireLine, printWire, type WireRecord } from "./wire-text.ts";

const TEXT = `# lifeline wire 1 modbus-rtu
# a note

0 > 01 03 00 00 00 02 C4 0B  # request to unit 1
23412 < 0183 02C0F1
1000014 ! timeout  # nothing came
`;

test("a capture is read with its times added up, its notes left out", (t) => {
  t.deepEqual(parseWire(TEXT), {
    framing: "modbus-rtu",
    records: [
      { kind: "sent", fromUs: 0, untilUs: 0, bytes: Uint8Array.of(1, 3, 0, 0, 0, 2, 0xc4, 0x0b) },
      {
        kind: "received",
        fromUs: 23_412,
        untilUs: 23_412,
        bytes: Uint8Array.of(1, 0x83, 2, 0xc0, 0xf1),
      },
      { kind: "failure", fromUs: 1_023_426, untilUs: 1_023_426, reason: "timeout" },
    ],
  });
});

test("a capture is printed with the time since the record before, and what it means", (t) => {
  const records: readonly WireRecord[] = [
    { kind: "sent", fromUs: 5_000_000, untilUs: 5_000_000, bytes: Uint8Array.of(1, 0xab) },
    { kind: "failure", fromUs: 5_000_100, untilUs: 5_000_100, reason: "crc" },
  ];
  const text = printWire({ framing: "modbus-tcp", records }, ({ kind }) =>
    kind === "sent" ? "two bytes" : "",
  );
  t.is(text, "# lifeline wire 1 modbus-tcp\n0 > 01 AB  # two bytes\n100 ! crc\n");
});

test("what was printed is read back", (t) => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 30 });
  const record = fc.record({ kind: fc.constantFrom("sent", "received"), bytes, sinceUs: fc.nat() });
  fc.assert(
    fc.property(fc.array(record), (drawn) => {
      let nowUs = 0;
      const records = drawn.map(({ kind, bytes, sinceUs }, index) => {
        if (index > 0) nowUs += sinceUs;
        return { kind, fromUs: nowUs, untilUs: nowUs, bytes } as WireRecord;
      });
      const text = printWire({ framing: "modbus-rtu", records }, () => "# note");
      t.deepEqual(parseWire(text), { framing: "modbus-rtu", records });
    }),
    { numRuns: 50 },
  );
});

test("a line that is none of a capture is named by its number", (t) => {
  t.is(parseWire("0 > 01\nhello\n"), 2);
  t.is(parseWire("0 > 01\n5 < 0\n"), 2);
});

test("bytes without a time and a direction are no line of a capture", (t) => {
  for (const line of ["01 03 00 00", "5 01 03", "> 01", "5 > xx", "5 >"]) {
    t.is(parseWireLine(line), null, line);
  }
});
