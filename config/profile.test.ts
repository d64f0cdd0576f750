import test from "ava";
import { identityOf } from "./identity.ts";
import { loadProfile } from "./profile.ts";

function profile(points: string): string {
  return `name: { en: Gauge, zh-CN: 液位计 }
measures: { en: level, zh-CN: 液位 }
source: its manual
maxRegisters: 2
points:
${points}
`;
}

function codesOf(text: string): readonly string[] {
  return loadProfile(text).problems.map(({ code }) => code);
}

const TITLE = "title: { en: level, zh-CN: 液位 }";

test("a profile holds points, and what their values mean", (t) => {
  const text = profile(
    `  level: { ${TITLE}, number: 40001, type: int16, values: { 0: ${TITLE.slice(7)} } }`,
  );
  const { profile: loaded, problems } = loadProfile(text);
  t.deepEqual(problems, []);
  t.deepEqual(loaded?.points.level?.values, { 0: { en: "level", "zh-CN": "液位" } });
});

test("a profile's points obey the rules of every point", (t) => {
  t.deepEqual(codesOf(profile(`  a: { ${TITLE}, number: 40001 }`)), ["no-type"]);
  t.deepEqual(codesOf(profile(`  a: { ${TITLE}, number: 40001, type: float64 }`)), [
    "beyond-request",
  ]);
  t.deepEqual(codesOf(profile(`  a: { ${TITLE}, number: 30001, type: int16, write: true }`)), [
    "write-to-input",
  ]);
});

test("both languages, and a source, are needed", (t) => {
  t.deepEqual(codesOf(profile("  a: { title: { en: level }, number: 40001, type: int16 }")), [
    "missing-key",
  ]);
  t.deepEqual(
    codesOf(
      profile(`  a: { ${TITLE}, number: 40001, type: int16 }`).replace("source: its manual\n", ""),
    ),
    ["missing-key"],
  );
});

test("a profile says how its model is known: by names, by a register, or by both", (t) => {
  const point = `  a: { ${TITLE}, number: 40001, type: int16 }`;
  const codes = (identify: string) => codesOf(`${profile(point)}identify: ${identify}\n`);
  const register = "number: 40101, type: uint16";
  t.deepEqual(codes("{ vendor: Acme }"), []);
  t.deepEqual(codes(`{ ${register}, values: [1, 2], mask: 0xFF }`), []);
  t.deepEqual(
    codes("{ product: X1, area: input, address: 0, type: string, length: 2, values: [AB] }"),
    [],
  );
  t.deepEqual(codes("{}"), ["no-place", "missing-key"]);
  t.deepEqual(codes(`{ ${register} }`), ["missing-key"]);
  t.deepEqual(codes("{ vendor: Acme, values: [1] }"), ["no-place"]);
  t.deepEqual(codes(`{ ${register}, values: [] }`), ["out-of-range"]);
  t.deepEqual(codes(`{ ${register}, values: [1.5] }`), ["wrong-type"]);
  t.deepEqual(codes("{ number: 40101, type: float64, values: [1] }"), ["beyond-request"]);
});

test("how a model is known is told with its defaults", (t) => {
  const point = `  a: { ${TITLE}, number: 40001, type: int16 }`;
  const identity = (identify: string) => {
    const { profile: loaded } = loadProfile(`${profile(point)}${identify}\n`);
    return loaded === null ? "refused" : identityOf(loaded);
  };
  t.is(identity("every: 1s"), null);
  t.deepEqual(identity("identify: { vendor: Acme }"), {
    names: { vendor: "Acme", product: null },
    place: null,
  });
  t.deepEqual(
    identity("identify: { number: 40101, type: uint16, values: [0x2600], mask: 0xFF00 }"),
    {
      names: null,
      place: {
        area: "holding",
        address: 100,
        type: "uint16",
        order: "ABCD",
        length: 0,
        values: [0x2600],
        mask: 0xff00,
      },
    },
  );
});

test("a profile with a fault is none", (t) => {
  t.is(loadProfile("points: [").profile, null);
  t.is(loadProfile("").profile, null);
  t.is(loadProfile(profile(`  a: { ${TITLE}, number: 40001 }`)).profile, null);
});

test("a profile with a protocol has points that are told, and no keys of Modbus", (t) => {
  const talks = (keys: string, points: string) =>
    codesOf(profile(`  a: { ${TITLE}, ${points} }`).replace("maxRegisters: 2\n", keys));
  const nmea = "protocol: { kind: nmea }\n";
  t.deepEqual(talks(nmea, "sentence: MWV, field: 1"), []);
  t.deepEqual(talks(nmea, "number: 40001, type: int16").toSorted(), [
    "key-elsewhere",
    "missing-key",
    "missing-key",
    "type-in-text",
  ]);
  t.deepEqual(talks(`${nmea}unit: 1\n`, "sentence: MWV, field: 1"), ["key-elsewhere"]);
  t.deepEqual(talks("silentAfter: 5s\n", "number: 40001, type: int16"), ["key-elsewhere"]);
  t.deepEqual(talks("protocol: { kind: text, match: '(' }\n", "group: x"), ["bad-expression"]);
});
