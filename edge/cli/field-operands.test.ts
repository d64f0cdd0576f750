import test from "ava";
import { type HowTyped, rawWriteTyped, readOrderTyped } from "./field-operands.ts";
import { FIELD_TEXT } from "./field-text.ts";

const typed = (text: string) => readOrderTyped(text === "" ? [] : text.split(" "), "en");

function mistake(text: string): string {
  const result = typed(text);
  return "mistake" in result ? result.mistake : "none";
}

test("operands with a dot are points", (t) => {
  t.deepEqual(typed("gas-1.gas 雨量.level"), { order: { points: ["gas-1.gas", "雨量.level"] } });
});

test("a place is a bus, a unit, an area and an address, with a count or a type", (t) => {
  const raw = { bus: "line-a", unit: 3, area: "holding", address: 40 } as const;
  const order = (extent: object) => ({ order: { raw: { ...raw, ...extent } } });
  t.deepEqual(typed("line-a 3 holding 40"), order({ count: 1, type: "uint16" }) as never);
  t.deepEqual(typed("line-a 3 holding 40 12"), order({ count: 12, type: "uint16" }) as never);
  t.deepEqual(typed("line-a 3 holding 40 float32"), order({ count: 1, type: "float32" }) as never);
  t.like(typed("line-a 3 coil 40 2000"), { order: { raw: { type: "bool", count: 2000 } } });
});

test("a mistake is told with what is allowed", (t) => {
  t.regex(mistake(""), /read takes points/);
  t.regex(mistake("line-a 3 holding"), /read takes points/);
  t.regex(mistake("line-a 3 holding 1 2 3"), /read takes points/);
  t.regex(mistake("line-a 3 flash 40"), /coil, discrete, input, holding/);
  t.regex(mistake("line-a x holding 40"), /unit must be a whole number from 0 to 255, not x/);
  t.regex(mistake("line-a 3 holding 65536"), /address must be a whole number from 0 to 65535/);
  t.regex(mistake("line-a 3 holding 40 126"), /from 1 to 125, not 126/);
  t.regex(mistake("line-a 3 holding 65535 2"), /from 1 to 1, not 2/);
  t.regex(mistake("line-a 3 holding 65535 float32"), /from 0 to 65534/);
  t.regex(mistake("line-a 3 holding 40 float"), /allowed: uint16, int16, uint32/);
  t.regex(mistake("line-a 3 coil 40 float32"), /allowed: bool/);
  t.regex(mistake(new Array(65).fill("a.b").join(" ")), /at most 64 points/);
});

test("a place is read in the order of bytes that was asked for, points are not", (t) => {
  const operands = ["line-a", "3", "holding", "40", "float32"];
  const typed = readOrderTyped(operands, "en", { order: "cdab" });
  t.like(typed, { order: { raw: { order: "CDAB", type: "float32" } } });
  t.like(readOrderTyped(["a.b"], "en", { order: "CDAB" }), {
    mistake: FIELD_TEXT.onlyByAddress.en,
  });
});

test("a write by address is a place and the values, whose type is the usual one or as asked", (t) => {
  const typed = (text: string, how: HowTyped = {}) => rawWriteTyped(text.split(" "), how, "en");
  const raw = { bus: "line-a", unit: 3, area: "holding", address: 40, order: "ABCD" } as const;
  t.deepEqual(typed("line-a 3 holding 40 1 2"), {
    raw: { ...raw, type: "uint16", values: ["1", "2"] },
  });
  t.like(typed("line-a 3 coil 40 on"), { raw: { type: "bool", values: ["on"] } });
  const how = { type: "float32", order: "CDAB" };
  t.like(typed("line-a 3 holding 40 1.5", how), { raw: { type: "float32", order: "CDAB" } });
  const mistakes: readonly (readonly [string, HowTyped, RegExp])[] = [
    ["line-a 3 holding", {}, /write takes a point and a value/],
    ["line-a 3 holding 40", {}, /number of values must be a whole number from 1 to 64, not 0/],
    ["line-a 3 input 40 1", {}, /area input can only be read; to be written: coil, holding/],
    ["line-a 3 coil 40 1", { type: "int16" }, /no type for coil; allowed: bool/],
    ["line-a 3 holding 40 1", { order: "ABC" }, /allowed: ABCD, CDAB, BADC, DCBA/],
    ["line-a 3 holding 65535 1", { type: "int32" }, /from 0 to 65534, not 65535/],
  ];
  for (const [text, how, told] of mistakes) {
    const result = typed(text, how);
    t.regex("mistake" in result ? result.mistake : "none", told);
  }
});

test("both languages of every sentence have the same placeholders and neither is empty", (t) => {
  const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [key, { en, "zh-CN": zh }] of Object.entries(FIELD_TEXT)) {
    t.deepEqual(placeholders(zh), placeholders(en), key);
    t.true(en.length > 0 && zh.length > 0, key);
  }
});
