import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../../test-rigs/processes/child.ts";
import { namesIn } from "./completion-words.ts";

/** A configuration with `text` in it, in a directory of its own. */
function written(text: string): string {
  const file = join(tempDir("words"), "gateway.yaml");
  writeFileSync(file, text);
  return file;
}

const SITE = written(`
buses: { line-a: { kind: modbus-rtu }, pump: {} }
devices:
  gas-1: { bus: line-a, profile: honeywell-sensepoint-xrl, points: { extra: {} } }
  level-1: { bus: line-a, points: { level: {}, temp: {} } }
alarms: { gas-high: {}, gas-low: {} }
`);

test("buses, devices and alarms are named as they stand in the configuration", (t) => {
  t.deepEqual(namesIn(SITE, "buses"), ["line-a", "pump"]);
  t.deepEqual(namesIn(SITE, "devices"), ["gas-1", "level-1"]);
  t.deepEqual(namesIn(SITE, "alarms"), ["gas-high", "gas-low"]);
  t.deepEqual(namesIn(SITE, "interlocks"), []);
});

test("points are named with their devices, those of a profile too", (t) => {
  const points = namesIn(SITE, "points");
  t.true(points.includes("level-1.temp"));
  t.true(points.includes("gas-1.gas"));
  t.true(points.includes("gas-1.extra"));
});

test("a profile beside the configuration wins, and is itself a name", (t) => {
  const file = written("devices: { a: { profile: ours } }");
  mkdirSync(join(file, "..", "profiles"));
  writeFileSync(join(file, "..", "profiles", "ours.yaml"), "points: { depth: {} }");
  t.deepEqual(namesIn(file, "points"), ["a.depth"]);
  t.true(namesIn(file, "profiles").includes("ours"));
  t.true(namesIn(file, "profiles").includes("honeywell-sensepoint-xrl"));
});

test("a configuration that is missing, broken or odd has no names, and stops nobody", (t) => {
  for (const file of ["/nonexistent.yaml", written("a: [")]) {
    t.deepEqual(namesIn(file, "points"), []);
  }
  t.deepEqual(namesIn(written("devices: [1, 2]\nbuses: x"), "points"), []);
});

test("what a shell would carry out is no name", (t) => {
  t.deepEqual(namesIn(written("buses: { '$(touch x)': {}, 'a b': {}, good: {} }"), "buses"), [
    "good",
  ]);
});
