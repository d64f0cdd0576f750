import test from "ava";
import { aMeasurement } from "../../test-rigs/sim/a-measurement.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { Quality, Reading, Value } from "../core/reading.ts";
import type { ClockState, WallMs } from "../core/time.ts";
import { type DeskPoint, MeasureDesk } from "./measure-desk.ts";

/** A desk whose clock a test lets run, and what it makes of readings as `value quality`. */
function aDesk(
  points: Readonly<Record<string, Partial<DeskPoint>>>,
  { needed = [] as readonly string[], state = "synced" as ClockState } = {},
) {
  const clock = new SimClock({ state });
  const all = Object.entries(points).map(([id, some]) => {
    return { id, everyMs: 1000, measurement: null, ...some };
  });
  const desk = new MeasureDesk(clock, all, new Set(needed));
  const reading = (point: string, value: Value | null, quality: Quality = "good"): Reading => {
    return { point, value, quality, at: clock.now(), uptime: clock.uptime() };
  };
  /** One reading of the first point, a second after the one before. */
  const next = async (value: Value | null, quality: Quality = "good") => {
    await clock.advance(1000);
    const [measured] = desk.measured([reading(Object.keys(points)[0] as string, value, quality)]);
    return `${measured?.value} ${measured?.quality}`;
  };
  return { clock, desk, reading, next };
}

const HALF = {
  calibration: {
    pairs: [
      [0, 0],
      [2, 1],
    ] as const,
    on: "2026-05-01",
    by: null,
  },
};

test("readings of points that are no measurements pass untouched, in the same list", (t) => {
  const { desk, reading } = aDesk({ a: {}, b: { measurement: aMeasurement() } });
  const readings = [reading("a", 1), reading("a", "text")];
  t.is(desk.measured(readings), readings);
  t.is(desk.kept(readings), readings);
});

test("a measured point is what its steps make of it, at the time of its reading", (t) => {
  const measurement = aMeasurement({ calibration: { ...HALF.calibration, due: null } });
  const { desk, reading } = aDesk({ a: { measurement }, b: {} });
  const told = [reading("b", 8), reading("a", 8)];
  t.deepEqual(desk.measured(told), [told[0]!, { ...told[1]!, value: 4 }]);
});

test("what is not believed never comes out of the filter later", async (t) => {
  const filter = { kind: "mean", of: 3 } as const;
  const { next } = aDesk({ a: { measurement: aMeasurement({ filter }, { plausible: [0, 100] }) } });
  t.is(await next(10), "10 good");
  t.is(await next(500), "null bad:out-of-range");
  t.is(await next(20), "20 good");
  t.is(await next(30), "25 good");
});

test("a jump is doubted where a lag hides it, and does not come out of the lag later", async (t) => {
  const filter = { kind: "lag", timeMs: 10_000 } as const;
  const maxRate = { change: 5, inMs: 1000 };
  const { next } = aDesk({ a: { measurement: aMeasurement({ filter }, { maxRate }) } });
  t.is(await next(10), "10 good");
  t.is(await next(50), "13.80650327856 uncertain:rate");
  t.is(await next(10), "10 good");
});

test("while its device says that it is calibrated a value is bad, and does not linger", async (t) => {
  const filter = { kind: "mean", of: 5 } as const;
  const status = { point: "s", values: new Map([[3, "calibration" as const]]), bits: new Map() };
  const measurement = aMeasurement({ filter }, { status });
  const { desk, reading, next } = aDesk({ a: { measurement }, s: {} }, { needed: ["s"] });
  desk.measured([reading("s", 0)]);
  t.is(await next(1), "1 good");
  desk.measured([reading("s", 3)]);
  t.is(await next(50), "null bad:calibration");
  desk.measured([reading("s", 0)]);
  t.is(await next(2), "2 good");
});

test("the calibrator's gas is not believed because one status was lost", async (t) => {
  const status = { point: "s", values: new Map([[3, "calibration" as const]]), bits: new Map() };
  const { desk, reading, next } = aDesk(
    { a: { measurement: aMeasurement({}, { status }) }, s: {} },
    { needed: ["s"] },
  );
  desk.measured([reading("s", 3)]);
  desk.measured([reading("s", null, "bad:crc")]);
  for (let age = 1; age <= 3; age++) t.is(await next(50), "null bad:calibration");
  t.is(await next(50), "50 uncertain:status-unknown");
  desk.measured([reading("s", 0)]);
  desk.measured([reading("s", null, "bad:crc")]);
  t.is(await next(50), "50 uncertain:status-unknown");
});

test("a status of the same round counts at once, wherever it stands in it", (t) => {
  const status = { point: "s", values: new Map([[3, "failure" as const]]), bits: new Map() };
  const { desk, reading } = aDesk(
    { a: { measurement: aMeasurement({}, { status }) }, s: {} },
    { needed: ["s"] },
  );
  const [measured] = desk.measured([reading("a", 1), reading("s", 3)]);
  t.is(measured?.quality, "bad:failure");
});

test("so does a status that is a measurement itself, as one reported by exception is", (t) => {
  const status = { point: "s", values: new Map(), bits: new Map([[0, "failure" as const]]) };
  const report = { deadband: 1, maxSilenceMs: 600_000 };
  const points = {
    a: { measurement: aMeasurement({}, { status }) },
    s: { measurement: aMeasurement({ report }) },
  };
  const { desk, reading } = aDesk(points, { needed: ["s"] });
  desk.measured([reading("a", 1), reading("s", 0)]);
  const told = desk.measured([reading("a", 1), reading("s", 1)]);
  t.deepEqual(
    told.map(({ point, quality }) => [point, quality]),
    [
      ["a", "bad:failure"],
      ["s", "good"],
    ],
  );
});

test("without the device's word a value is uncertain: before it, and when it is too old", async (t) => {
  const status = { point: "s", values: new Map([[3, "failure" as const]]), bits: new Map() };
  const { desk, reading, next } = aDesk(
    { a: { measurement: aMeasurement({}, { status }) }, s: { everyMs: 2000 } },
    { needed: ["s"] },
  );
  t.is(await next(1), "1 uncertain:status-unknown");
  desk.measured([reading("s", 0)]);
  for (let age = 1; age <= 6; age++) t.is(await next(1), "1 good");
  t.is(await next(1), "1 uncertain:status-unknown");
});

test("a device that begins to answer is warming up, again when it was away", async (t) => {
  const { next } = aDesk({ a: { measurement: aMeasurement({}, { warmUpMs: 2000 }) } });
  t.is(await next(null, "bad:timeout"), "null bad:timeout");
  t.is(await next(1), "null bad:warm-up");
  t.is(await next(1), "null bad:warm-up");
  t.is(await next(1), "1 good");
  for (let second = 0; second < 9; second++) await next(null, "bad:timeout");
  t.is(await next(1), "1 good");
  for (let second = 0; second < 10; second++) await next(null, "bad:timeout");
  t.is(await next(1), "null bad:warm-up");
});

test("a device that was away begins afresh: its jump and its rest are none", async (t) => {
  const checks = { maxRate: { change: 1, inMs: 1000 }, stuck: { forMs: 5000, resolution: 0 } };
  const { next } = aDesk({ a: { measurement: aMeasurement({}, checks) } });
  t.is(await next(5), "5 good");
  for (let second = 0; second < 10; second++) await next(null, "bad:timeout");
  t.is(await next(90), "90 good");
});

test("another point that a law needs is taken as it is measured, and no longer when it is old", async (t) => {
  const physics = {
    kind: "depth",
    pressure: "kPa",
    density: 1000,
    temperature: { kind: "fixed", value: 4 },
    atmosphere: { kind: "point", point: "air" },
    above: 0,
  } as const;
  const air = aMeasurement({ calibration: { ...HALF.calibration, due: null } });
  const { desk, reading, next } = aDesk(
    { level: { measurement: aMeasurement({ physics }) }, air: { measurement: air } },
    { needed: ["air"] },
  );
  t.is(await next(109.80665), "null bad:input");
  desk.measured([reading("air", 200)]);
  t.is(await next(109.80665), "1 good");
  for (let age = 2; age <= 3; age++) await next(109.80665);
  t.is(await next(109.80665), "null bad:input");
});

test("an overdue calibration makes a value uncertain, but not by a clock that nobody set", async (t) => {
  for (const state of ["synced", "corrected", "unsynced"] as const) {
    const due = (new SimClock().now() + 1500) as WallMs;
    const measurement = aMeasurement({ calibration: { ...HALF.calibration, due } });
    const { desk, next } = aDesk({ a: { measurement } }, { state });
    t.is(await next(2), "1 good");
    const isOverdue = state !== "unsynced";
    t.is(await next(2), isOverdue ? "1 uncertain:calibration" : "1 good");
    t.deepEqual(desk.notes("a").calibration, { due, isOverdue });
  }
});

test("who asks once gets the value unfiltered, and nothing is remembered of it", async (t) => {
  const filter = { kind: "mean", of: 3 } as const;
  const checks = { maxRate: { change: 50, inMs: 1000 } };
  const { desk, reading, next } = aDesk({ a: { measurement: aMeasurement({ filter }, checks) } });
  t.is(desk.once(reading("a", 5)).quality, "good");
  t.is(await next(10), "10 good");
  t.like(desk.once(reading("a", 30)), { value: 30, quality: "good" });
  t.like(desk.once(reading("a", 90)), { value: 90, quality: "uncertain:rate" });
  t.is(await next(20), "15 good");
});

test("who asks once a device that was away is told that it is warming up", async (t) => {
  const { desk, reading, next } = aDesk({
    a: { measurement: aMeasurement({}, { warmUpMs: 2000 }) },
  });
  for (let second = 0; second < 4; second++) await next(1);
  t.is(desk.once(reading("a", 1)).quality, "good");
  for (let second = 0; second <= 10; second++) await next(null, "bad:timeout");
  t.is(desk.once(reading("a", 1)).quality, "bad:warm-up");
});

test("a device that needs maintenance has good values, and is told of", (t) => {
  const status = { point: "s", values: new Map(), bits: new Map([[0, "maintenance" as const]]) };
  const { desk, reading } = aDesk(
    { a: { measurement: aMeasurement({}, { status }) }, s: {} },
    { needed: ["s"] },
  );
  const [, measured] = desk.measured([reading("s", 1), reading("a", 7)]);
  t.is(measured?.quality, "good");
  t.deepEqual(desk.notes("a"), { calibration: null, maintenance: true });
  t.deepEqual(desk.notes("s"), { calibration: null, maintenance: false });
});

test("of a point that is reported by exception only news are kept, and what an alarm needs", async (t) => {
  const report = { deadband: 1, maxSilenceMs: 60_000 };
  const { clock, desk, reading } = aDesk({ a: { measurement: aMeasurement({ report }) }, b: {} });
  const keeps = (value: number, isTelling = false) => {
    const measured = desk.measured([reading("a", value), reading("b", value)]);
    if (isTelling) desk.want(measured);
    return desk.kept(measured).map(({ point }) => point);
  };
  t.deepEqual(keeps(1), ["a", "b"]);
  t.deepEqual(keeps(1.5), ["b"]);
  t.deepEqual(keeps(1.6, true), ["a", "b"]);
  t.deepEqual(keeps(1.7), ["b"]);
  await clock.advance(60_000);
  t.deepEqual(keeps(1.7), ["a", "b"]);
});
