import test from "ava";
import { aMeasurement } from "../../test-rigs/sim/a-measurement.ts";
import type { CalibrationBook, CalibrationRecord, CalibrationWork } from "../core/calibration.ts";
import type { Pair } from "../core/measurement.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { basisOf, beforeLast, emptyBook, entered, inForce, leftOf, stepOf } from "./book.ts";

const DAY_MS = 86_400_000;
const care = { everyMs: 180 * DAY_MS, tolerance: null };
const POINT = { id: "gas-1.gas", unit: "%[LEL]", scale: 1, measurement: aMeasurement({ care }) };
const AT = Date.UTC(2026, 4, 1) as WallMs;

const PAIRS: readonly Pair[] = [
  [1, 0],
  [46, 50],
];

/** A record of the point, with `some` of it different. */
function record(some: Partial<Omit<CalibrationRecord, "n">> = {}): Omit<CalibrationRecord, "n"> {
  return {
    ...{ kind: "adjustment", at: AT, clock: "synced", who: "li", unit: "%[LEL]", steps: [] },
    ...{ pairs: PAIRS, tolerance: 5, isWithin: true, basis: basisOf(POINT), note: null },
    ...some,
  };
}

const bookOf = (...records: readonly Omit<CalibrationRecord, "n">[]): CalibrationBook =>
  records.reduce(entered, emptyBook(POINT.id));

test("what was adjusted last is in force, until its period is over", (t) => {
  const { calibration, record: from } = inForce(
    POINT,
    bookOf(record({ pairs: [[0, 0]] }), record()),
  );
  t.deepEqual(calibration, {
    pairs: PAIRS,
    on: "2026-05-01",
    by: "li",
    due: (AT + 180 * DAY_MS) as WallMs,
  });
  t.is(from?.n, 2);
});

test("without a record the configuration's own calibration is in force", (t) => {
  const calibration = { pairs: PAIRS, on: "2026-01-01", by: null, due: null };
  const point = { ...POINT, measurement: aMeasurement({ calibration }) };
  t.deepEqual(inForce(point, null), { calibration, record: null, isSetAside: false });
});

test("a record counts no more once the point is measured otherwise", (t) => {
  const book = bookOf(record());
  t.true(inForce({ ...POINT, scale: 0.1 } as typeof POINT, book).isSetAside);
  const calibration = { pairs: PAIRS, on: "2026-06-01", by: null, due: null };
  const changed = { ...POINT, measurement: aMeasurement({ care, calibration }) };
  t.deepEqual(inForce(changed, book), { calibration, record: null, isSetAside: true });
  const calmer = { kind: "mean", of: 3 } as const;
  const filtered = { ...POINT, measurement: aMeasurement({ care, filter: calmer }) };
  t.false(inForce(filtered, book).isSetAside, "a filter changes nothing that is calibrated");
});

test("a check within its tolerance lengthens what is in force, one beyond it does not", (t) => {
  const later = (AT + 100 * DAY_MS) as WallMs;
  const good = inForce(POINT, bookOf(record(), record({ kind: "check", at: later })));
  t.is(good.calibration?.due, (later + 180 * DAY_MS) as WallMs);
  t.deepEqual(good.calibration?.pairs, PAIRS);
  const off = record({ kind: "check", at: later, isWithin: false });
  t.is(inForce(POINT, bookOf(record(), off)).calibration?.due, (AT + 180 * DAY_MS) as WallMs);
});

test("a reversion takes what was in force before, and another one what was before that", (t) => {
  const first = record({ pairs: [[1, 0]] });
  const book = bookOf(first, record());
  t.is(beforeLast(emptyBook(POINT.id)), null);
  const back = beforeLast(book);
  t.deepEqual(back, { pairs: [[1, 0]], backTo: 1 });
  const reverted = entered(book, record({ kind: "reversion", ...back }));
  t.deepEqual(inForce(POINT, reverted).calibration?.pairs, [[1, 0]]);
  const again = beforeLast(reverted);
  t.deepEqual(again, { pairs: null, backTo: 0 });
  const bare = entered(reverted, record({ kind: "reversion", ...again }));
  t.is(inForce(POINT, bare).calibration, null);
  t.is(beforeLast(bare), null);
});

test("records are numbered without a gap, and the oldest of very many go", (t) => {
  const book = bookOf(...Array.from({ length: 120 }, () => record()));
  t.is(book.records.length, 100);
  t.is(book.records.at(-1)?.n, 120);
});

test("a step tells what was found by the old pairs and what is left by the new ones", (t) => {
  const given = { reference: 50, indicated: 46, scatter: 0.1, samples: 30 };
  t.like(stepOf(given, [], PAIRS), { found: 46, left: 50, isLeftMeasured: false });
});

test("work ends at its time, in its boot by elapsed time and after it by the clock that is believed", (t) => {
  const work: CalibrationWork = {
    ...{ who: "li", from: AT, clock: "synced", forMs: 60_000, alarms: [] },
    ...{ until: 90_000 as UptimeMs, boot: "a" },
  };
  const now = { at: (AT + 20_000) as WallMs, uptime: 50_000 as UptimeMs, clock: "synced" } as const;
  t.is(leftOf(work, { ...now, boot: "a" }), 40_000);
  t.is(leftOf(work, { ...now, boot: "b" }), 40_000);
  t.is(leftOf(work, { ...now, boot: "b", at: (AT + 90_000) as WallMs }), 0);
  t.is(leftOf(work, { ...now, boot: "b", clock: "unsynced" }), 0);
  t.is(leftOf(work, { ...now, boot: "b", at: (AT - 1) as WallMs }), 0);
});
