import test from "ava";
import fc from "fast-check";
import { ELEMENTS, elementByLead, elementByTag } from "./elements.ts";
import { functionOf } from "./functions.ts";
import { parameterByLead } from "./parameters.ts";
import { EVENTS, STATE_BITS } from "./stations.ts";
import {
  datumOf,
  elementValue,
  type Head,
  parameterValue,
  slotsDatum,
  stateDatum,
} from "./values.ts";

const LEVEL = elementByTag("Z")!;
const TEMPERATURE = elementByTag("AI")!;

const head = (lead: number, length: number, decimals: number): Head => {
  return { lead, tag: elementByLead(lead)?.tag ?? null, length, decimals };
};
const number = (value: number) => ({ kind: "number", value }) as const;

test("a number is as long as the standard says, and longer where it must be", (t) => {
  t.deepEqual(datumOf("hex", LEVEL, 10.49), { head: head(0x39, 4, 3), raw: "00010490" });
  t.deepEqual(datumOf("hex", LEVEL, 0.0004), { head: head(0x39, 4, 3), raw: "00000000" });
  t.deepEqual(datumOf("hex", LEVEL, 123_456.789), { head: head(0x39, 5, 3), raw: "0123456789" });
  t.deepEqual(datumOf("ascii", LEVEL, 0.55), {
    head: { lead: 0x39, tag: "Z", length: 0, decimals: 0 },
    raw: "0.550",
  });
});

test("a negative number has FF before it, FF0 where its digits are odd", (t) => {
  t.deepEqual(datumOf("hex", TEMPERATURE, -5.5), { head: head(0x02, 3, 1), raw: "FF0055" });
  t.deepEqual(datumOf("hex", elementByTag("VT")!, -12.34), {
    head: head(0x38, 3, 2),
    raw: "FF1234",
  });
  t.deepEqual(elementValue("hex", head(0x02, 3, 1), "FF0055"), number(-5.5));
  t.is(datumOf("hex", TEMPERATURE, -0.01).raw, "0000");
  t.deepEqual(elementValue("hex", head(0x02, 3, 1), "FF0000"), number(0));
});

test("no value is all F, or M", (t) => {
  const missing = { kind: "missing" } as const;
  t.is(datumOf("hex", LEVEL, null).raw, "FFFFFFFF");
  t.is(datumOf("ascii", LEVEL, null).raw, "M");
  t.deepEqual(elementValue("hex", head(0x39, 4, 3), "FFFFFFFF"), missing);
  t.deepEqual(elementValue("ascii", head(0x39, 0, 0), "M"), missing);
});

test("every number comes back from its data, to its decimals", (t) => {
  const elements = fc.constantFrom(...ELEMENTS.filter(({ kind }) => kind === "number"));
  const digits = fc.integer({ min: -99_999_999, max: 99_999_999 });
  const encodings = fc.constantFrom("hex" as const, "ascii" as const);
  fc.assert(
    fc.property(elements, digits, encodings, (element, count, encoding) => {
      const value = count / 10 ** element.decimals;
      const datum = datumOf(encoding, element, value);
      t.deepEqual(elementValue(encoding, datum.head, datum.raw), number(value === 0 ? 0 : value));
    }),
  );
});

test("what no data definition can hold is refused", (t) => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
    t.throws(() => datumOf("hex", LEVEL, value), { instanceOf: RangeError });
  }
  t.throws(() => datumOf("hex", elementByTag("DRP")!, 1), { instanceOf: RangeError });
});

test("data that are none are bad, of users' own elements as they are", (t) => {
  t.deepEqual(elementValue("hex", head(0x39, 4, 3), "0001049A"), { kind: "bad" });
  t.deepEqual(elementValue("hex", head(0x39, 0, 0), ""), { kind: "bad" });
  t.deepEqual(elementValue("ascii", head(0x39, 0, 0), "x"), { kind: "bad" });
  t.deepEqual(elementValue("hex", head(0xf4, 11, 0), "00"), { kind: "bad" });
  t.deepEqual(elementValue("hex", head(0x45, 2, 0), "0000"), { kind: "bad" });
  t.deepEqual(elementValue("hex", head(0xff01, 2, 0), "AB01"), { kind: "text", text: "AB01" });
  t.deepEqual(elementValue("hex", head(0xff01, 2, 1), "0123"), number(12.3));
});

test("slots of five minutes come back from their data, and the published ones out as they were", (t) => {
  const [rain, level] = [elementByTag("DRP")!, elementByTag("DRZ1")!];
  const rained = [0.5, 0, 0, 0, 2, null, null, null, null, null, 0, 0];
  t.deepEqual(slotsDatum("hex", rain, rained), {
    head: head(0xf4, 12, 0),
    raw: "0500000014FFFFFFFFFF0000",
  });
  const levels = rained.map((value) => (value === null ? null : value * 100));
  for (const encoding of ["hex", "ascii"] as const) {
    const datum = slotsDatum(encoding, level, levels);
    t.deepEqual(elementValue(encoding, datum.head, datum.raw), { kind: "series", values: levels });
  }
  const refused =
    (value: number, element = rain) =>
    () =>
      slotsDatum("hex", element, [value, ...rained.slice(1)]);
  for (const value of [25.5, -0.1, 26, Number.NaN]) t.throws(refused(value));
  t.throws(refused(655.35, level), { instanceOf: RangeError });
  t.throws(refused(1, LEVEL), { instanceOf: RangeError });
  t.throws(() => slotsDatum("hex", rain, [1]), { instanceOf: RangeError });
});

test("a state word comes back from its data", (t) => {
  const state = elementByTag("ZT")!;
  t.deepEqual(stateDatum("hex", state, 0x400), { head: head(0x45, 4, 0), raw: "00000400" });
  const { head: ascii, raw } = stateDatum("ascii", state, 0x8000_0001);
  t.deepEqual(elementValue("ascii", ascii, raw), { kind: "state", word: 0x8000_0001 });
  t.throws(() => stateDatum("hex", LEVEL, 0), { instanceOf: RangeError });
});

test("parameters are told as what they are", (t) => {
  const value = (lead: number, decimals: number, raw: string) =>
    parameterValue("hex", { lead, tag: null, length: raw.length / 2, decimals }, raw);
  const text = (value: string) => ({ kind: "text", text: value }) as const;
  t.deepEqual(value(0x28, 3, "FF00001234"), number(-1.234));
  t.deepEqual(value(0x01, 0, "05000000"), text("5 0 0 0"));
  t.deepEqual(value(0x04, 0, "02218094153172009708"), text("IPv4 218.94.153.172:9708"));
  t.deepEqual(value(0x05, 0, "01A13012345678"), text("SMS 13012345678"));
  t.deepEqual(value(0x05, 0, "00"), text("off"));
  t.deepEqual(value(0x0f, 0, "31303133"), text("1013"));
  t.deepEqual(value(0x0d, 0, "8001"), text("8001"));
  t.deepEqual(value(0xee, 0, "8001"), text("8001"));
  t.deepEqual(
    parameterValue("ascii", { lead: 0x20, tag: "20", length: 0, decimals: 0 }, "1"),
    number(1),
  );
});

test("no identifier stands twice in the tables, and all have names in both languages", (t) => {
  t.is(new Set(ELEMENTS.map(({ lead }) => lead)).size, ELEMENTS.length);
  t.is(new Set(ELEMENTS.map(({ tag }) => tag)).size, ELEMENTS.length);
  t.is(ELEMENTS.length, 126);
  const parameters = Array.from({ length: 256 }, (_, lead) => parameterByLead(lead)).flatMap(
    (parameter) => (parameter === null ? [] : [parameter.name]),
  );
  t.is(parameters.length, 0x0f + (0xa8 - 0x20 + 1));
  const functions = Array.from({ length: 256 }, (_, code) => functionOf(code)).flatMap((known) =>
    known === null ? [] : [known.name],
  );
  t.is(functions.length, 12 + 18);
  const states = STATE_BITS.flatMap(({ name, set, clear }) => [name, set, clear]);
  for (const name of [...parameters, ...functions, ...states, ...EVENTS]) {
    t.true(name.en.length > 0 && name["zh-CN"].length > 0, name.en);
  }
});
