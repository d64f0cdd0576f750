import test from "ava";
import type { Selection } from "../edge/core/selection.ts";
import { loadConfig } from "./load.ts";

/** What a destination with `keys` gets of gas-1.gas, gas-1.temp and level-1.level. */
function load(keys: string) {
  const point = (name: string) => `${name}: { area: input, address: 0, type: uint16 }`;
  const text = `gateway: { id: a }
buses: { line: { kind: modbus-tcp, host: h } }
devices:
  gas-1: { bus: line, unit: 1, points: { ${point("gas")}, ${point("temp")} } }
  level-1: { bus: line, unit: 2, points: { ${point("level")} } }
alarms: { gas-high: { point: gas-1.gas, high: 5, severity: red } }
destinations: { centre: { kind: mqtt, url: mqtt://h, ${keys} } }
`;
  const none = () => {
    throw new Error("no file");
  };
  const { config, problems } = loadConfig(text, {
    profiles: new Map(),
    readFile: none,
    env: () => undefined,
  });
  const [destination] = config?.destinations ?? [];
  const selection: Selection | undefined =
    destination !== undefined && "selection" in destination ? destination.selection : undefined;
  return { selection, codes: problems.map(({ code }) => code) };
}

function pointsOf(keys: string): readonly string[] | undefined {
  const points = load(keys).selection?.readings?.points;
  return points && [...points];
}

test("without select and every nothing is selected: the destination is served from the ledger", (t) => {
  t.deepEqual(load("window: 5").selection, { readings: null, events: null });
});

test("points and devices add up, and what is excepted is left out of them", (t) => {
  t.deepEqual(pointsOf("select: { points: [gas-1.gas] }"), ["gas-1.gas"]);
  t.deepEqual(pointsOf(`select: { points: ["*.gas"], devices: [level-*] }`), [
    "gas-1.gas",
    "level-1.level",
  ]);
  t.deepEqual(pointsOf(`select: { devices: [gas-1], except: ["*.temp"] }`), ["gas-1.gas"]);
});

test("where only exceptions or a window are written all other points are selected", (t) => {
  t.deepEqual(pointsOf("select: { except: [gas-1.temp] }"), ["gas-1.gas", "level-1.level"]);
  t.deepEqual(pointsOf("every: 1m"), ["gas-1.gas", "gas-1.temp", "level-1.level"]);
  t.is(load("every: 1m").selection?.readings?.everyMs, 60_000);
});

test("a selection of events alone leaves the readings as they are", (t) => {
  const { selection } = load("select: { events: { severity: orange, kinds: [alarm] } }");
  t.is(selection?.readings, null);
  t.like(selection?.events, { severity: "orange", alarms: null });
  t.deepEqual(selection?.events?.kinds, new Set(["alarm"]));
});

test("another selection is another rule, and the same keys the same", (t) => {
  const ruleOf = (keys: string) => load(keys).selection?.readings?.rule;
  t.is(ruleOf("select: { devices: [gas-1] }"), ruleOf("window: 9, select: { devices: [gas-1] }"));
  t.not(ruleOf("select: { devices: [gas-1] }"), ruleOf("every: 1m, select: { devices: [gas-1] }"));
});

test("a pattern that matches nothing is remarked, and where nothing at all is selected", (t) => {
  t.deepEqual(load("select: { points: [gas-1] }").codes, [
    "selects-nothing",
    "pattern-without-match",
  ]);
  t.deepEqual(load(`select: { alarms: ["x*", "gas-*"] }`).codes, ["pattern-without-match"]);
  t.deepEqual(load("select: { points: [] }").codes, []);
});
