import test from "ava";
import fc from "fast-check";
import type { Decimal } from "../../edge/core/talker.ts";
import { readText } from "./number.ts";

const PLAIN = { scale: 1, offset: 0 };

function read(
  text: string,
  { suffix = null, decimal = "point" }: { suffix?: string | null; decimal?: Decimal } = {},
) {
  return readText(text, { kind: "number", suffix }, PLAIN, decimal).value;
}

test("a number may have a sign, blanks around it and digits behind its point", (t) => {
  const cases = [
    ["12", 12],
    [" +0012.50 ", 12.5],
    ["-.5", -0.5],
    ["5.", 5],
    ["1.5e-3", 0.0015],
  ];
  for (const [text, value] of cases) t.is(read(text as string), value as number);
});

test("a comma is a point only where the device is said to write one", (t) => {
  t.is(read("12,5", { decimal: "comma" }), 12.5);
  t.is(read("12,5"), null);
  t.is(read("12.5", { decimal: "comma" }), null);
  t.is(read("1,234,5", { decimal: "comma" }), null);
});

test("the unit behind a number may be there or not, and no other text may", (t) => {
  for (const text of ["12.5 mm", "12.5mm", "12.5"]) t.is(read(text, { suffix: "mm" }), 12.5, text);
  for (const text of ["12.5 m", "12.5#", "12.5 mm#", "mm"])
    t.is(read(text, { suffix: "mm" }), null);
});

test("what is no number is none", (t) => {
  for (const text of ["", " ", "-", ".", "ERR", "NaN", "Infinity", "0x10", "1 2", "1..2", "--1"]) {
    const { value, quality } = readText(text, { kind: "number", suffix: null }, PLAIN, "point");
    t.deepEqual([value, quality], [null, "bad:not-a-number"], text);
  }
  t.is(read("1e400"), null);
});

test("a number is scaled without binary dust", (t) => {
  const form = { kind: "number", suffix: null } as const;
  t.is(readText("3", form, { scale: 0.1, offset: 0 }, "point").value, 0.3);
  t.is(readText("68", form, { scale: 1, offset: -32 }, "point").value, 36);
  t.is(readText("9e300", form, { scale: 1e300, offset: 0 }, "point").value, null);
});

test("a text is taken as it stands", (t) => {
  t.deepEqual(readText(" NNW ", { kind: "string" }, PLAIN, "point"), {
    value: "NNW",
    quality: "good",
  });
});

test("every number that is written comes back", (t) => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      t.is(read(String(value)), Object.is(value, -0) ? 0 : value);
    }),
  );
});
