import test from "ava";
import { onDevice, pointsNeeded } from "../edge/core/measurement.ts";
import { measurementOf } from "./measurement.ts";
import { type PointInput, pointSchema } from "./point-schema.ts";

/** The measurement of a point with `keys`, as the file would give them, and `code@key` of faults. */
function measure(keys: object, isNumber = true) {
  const faults: string[] = [];
  const point: PointInput = pointSchema.parse({ area: "input", address: 0, ...keys });
  const measurement = measurementOf(point, isNumber, (code, _, key) =>
    faults.push(`${code}@${key}`),
  );
  return { measurement, faults };
}

const WIRE = { kind: "vibrating-wire", factor: 0.003, zero: 800 };
const LOOP = { low: 0, high: 1.6 };

test("a number that is a measurement as it comes has none", (t) => {
  t.deepEqual(measure({ type: "int16", sentinels: [-1] }), { measurement: null, faults: [] });
});

test("what is not said of a step has its default", (t) => {
  const { measurement } = measure({ loop: LOOP, report: { deadband: 0.1 } });
  t.deepEqual(measurement?.loop, { low: 0, high: 1.6, holdMs: 4000 });
  t.deepEqual(measurement?.report, { deadband: 0.1, maxSilenceMs: 600_000 });
  t.deepEqual(measurement?.filter, null);
});

test("a calibration holds until its last day is over everywhere", (t) => {
  const pairs = [[0, 0.2]];
  const calibration = { pairs, on: "2026-05-01", by: "Li Wei", due: "2026-11-01" };
  t.deepEqual(measure({ calibration }).measurement?.calibration, {
    pairs: [[0, 0.2]],
    on: "2026-05-01",
    by: "Li Wei",
    // 2026-11-02T12:00:00Z
    due: 1_793_620_800_000 as never,
  });
  t.deepEqual(measure({ calibration: { ...calibration, due: "2026-04-30" } }).faults, [
    "due-before-made@calibration",
  ]);
});

test("another point is named alone on the same device, or with its device", (t) => {
  const physics = {
    ...WIRE,
    temperature: "temp",
    zeroTemperature: 20,
    thermalFactor: 12,
  };
  const status = { point: "plc.state", values: { 2: "warm-up" } };
  const { measurement } = measure({ physics, status });
  t.deepEqual(measurement && pointsNeeded(onDevice(measurement, "s-1")), [
    { key: "physics", point: "s-1.temp" },
    { key: "status", point: "plc.state" },
  ]);
});

test("what belongs together is needed together", (t) => {
  t.deepEqual(measure({ physics: { ...WIRE, temperature: 20 } }).faults, [
    "thermal-incomplete@physics",
  ]);
  t.deepEqual(measure({ physics: { kind: "gas", from: "%[LEL]", to: "mg/m3" } }).faults, [
    "gas-needs@physics",
    "gas-needs@physics",
  ]);
  t.deepEqual(measure({ status: { point: "state" } }).faults, ["status-means-nothing@status"]);
  t.deepEqual(measure({ loop: { low: 1, high: 1 } }).faults, ["loop-without-span@loop"]);
});

test("a text or a bit cannot be measured, and a measurement cannot be written back", (t) => {
  t.deepEqual(measure({ range: [0, 1], sentinels: [1] }, false).faults, [
    "measure-without-number@sentinels",
    "measure-without-number@range",
  ]);
  t.deepEqual(measure({ write: true, loop: LOOP, range: [0, 1] }).faults, ["measure-written@loop"]);
});

test("a unit that is not that of what the law gives is refused; one in words of its own is not", (t) => {
  const gas = { physics: { kind: "gas", from: "%[LEL]", to: "%{vol}", lel: 5 } };
  t.deepEqual(measure({ ...gas, unit: "%[LEL]" }).faults, ["physics-unit@unit"]);
  t.deepEqual(measure({ ...gas, unit: "%{vol}" }).faults, []);
  t.deepEqual(measure({ ...gas, unit: "{methane}" }).faults, []);
  t.deepEqual(measure(gas).faults, []);
  const depth = { physics: { kind: "depth", pressure: "kPa" } };
  t.deepEqual(measure({ ...depth, unit: "cm" }).faults, ["physics-unit@unit"]);
  const distance = { physics: { kind: "distance", height: 400 } };
  t.deepEqual(measure({ ...distance, unit: "cm" }).faults, []);
});

test("a calibration by which a measurement would stand still or fall is refused", (t) => {
  const faults = (...pairs: readonly (readonly [number, number])[]) =>
    measure({ calibration: { pairs, on: "2026-05-01" } }).faults;
  t.deepEqual(faults([0, 0.2]), []);
  t.deepEqual(faults([0, 0.2], [50, 48]), []);
  t.deepEqual(faults([0, 5], [50, 5]), ["calibration-falls@calibration"]);
  t.deepEqual(faults([0, 0], [50, 48], [100, 40]), ["calibration-falls@calibration"]);
});

test("a lag that nothing guards from a garbled value is warned of", (t) => {
  const filter = { kind: "lag", time: "10s" };
  t.deepEqual(measure({ filter }).faults, ["lag-unguarded@filter"]);
  t.deepEqual(measure({ filter, plausible: [-10, 200] }).faults, []);
  t.deepEqual(measure({ filter: { kind: "median", of: 3 } }).faults, []);
});

test("what can be at all is to be no narrower than what the instrument measures", (t) => {
  const faults = (plausible: readonly [number, number]) =>
    measure({ range: [0, 100], plausible }).faults;
  t.deepEqual(faults([0, 100]), []);
  t.deepEqual(faults([0, 99]), ["plausible-narrow@plausible"]);
  t.deepEqual(faults([1, 200]), ["plausible-narrow@plausible"]);
});

test("a sentinel that the point can never tell is warned of, and a factor of 0", (t) => {
  const faults = (type: string, ...sentinels: readonly number[]) =>
    measure({ type, sentinels }).faults;
  t.deepEqual(faults("int16", 65_535, -1), ["sentinel-beyond-type@sentinels"]);
  t.deepEqual(faults("uint16", 65_535), []);
  t.deepEqual(measure({ sentinels: [-9999] }).faults, []);
  t.deepEqual(measure({ physics: { ...WIRE, factor: 0 } }).faults, ["factor-zero@physics"]);
});
