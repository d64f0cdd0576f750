import { createHash } from "node:crypto";
import type {
  CalibrationBook,
  CalibrationRecord,
  CalibrationStep,
  CalibrationWork,
} from "../core/calibration.ts";
import type { Calibration, CalibrationCare, Measurement, Pair } from "../core/measurement.ts";
import type { ClockState, UptimeMs, WallMs } from "../core/time.ts";
import { byPairs } from "./correction.ts";

/** So many records of a point are kept; the one in force is among the last of them. */
const RECORDS_MAX = 100;

/** How a point comes about, as far as a calibration depends on it: any point of the configuration. */
export type CalibratedPoint = {
  readonly id: string;
  readonly unit: string | null;
  readonly measurement: Measurement | null;
};

/** Keys that say where and how a number is read, whatever kind of point it is. */
const SOURCE_KEYS = [
  ...["area", "address", "type", "order", "scale", "offset"],
  ...["place", "input", "reference"],
];

/** A book with nothing in it. */
export function emptyBook(point: string): CalibrationBook {
  return { v: 1, point, records: [], work: null };
}

/**
 * How `point` is measured, as 16 hexadecimal digits: what it is read from and all that is done to
 * it, the configuration's own calibration included. Whoever changes that there has the last word.
 */
export function basisOf(point: CalibratedPoint): string {
  const source = SOURCE_KEYS.map((key) => (point as Readonly<Record<string, unknown>>)[key]);
  const { loop, curve, physics, calibration } = point.measurement ?? NO_STEPS;
  const own = calibration === null ? null : [calibration.pairs, calibration.on];
  const text = JSON.stringify([source, point.unit, loop, curve, physics, own], (_, value) =>
    typeof value === "bigint" ? String(value) : (value ?? null),
  );
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

const NO_STEPS = { loop: null, curve: null, physics: null, calibration: null };

/** What a point is calibrated by, and where that is from. */
export type InForce = {
  readonly calibration: Calibration | null;
  /** The record; null for the configuration's own. */
  readonly record: CalibrationRecord | null;
  /** The point is measured otherwise than when it was calibrated here: that counts no more. */
  readonly isSetAside: boolean;
};

/** What is in force for `point` by its `book`: the last record, as long as it is measured as then. */
export function inForce(point: CalibratedPoint, book: CalibrationBook | null): InForce {
  const configured = point.measurement?.calibration ?? null;
  const last = book?.records.findLast(({ kind }) => kind !== "check") ?? null;
  const seen = book?.records.findLast(({ isWithin, kind }) => kind === "check" && isWithin) ?? null;
  const basis = basisOf(point);
  if (last !== null && last.basis !== basis) {
    return { calibration: configured, record: null, isSetAside: true };
  }
  const checked = seen !== null && seen.basis === basis && seen.n > (last?.n ?? 0) ? seen : null;
  const everyMs = point.measurement?.care?.everyMs ?? null;
  const own = last === null || last.pairs === null ? configured : calibrationBy(last, everyMs);
  const record = last?.pairs == null ? null : last;
  return { calibration: lengthened(own, checked, everyMs), record, isSetAside: false };
}

function calibrationBy(record: CalibrationRecord, everyMs: number | null): Calibration {
  const { at, who, pairs } = record;
  return { pairs: pairs ?? [], on: dayOf(at), by: who, due: dueOf(at, everyMs) };
}

/** A check that found everything within its tolerance is worth as much as an adjustment. */
function lengthened(
  calibration: Calibration | null,
  check: CalibrationRecord | null,
  everyMs: number | null,
): Calibration | null {
  if (check === null || everyMs === null) return calibration;
  const due = dueOf(check.at, everyMs);
  if (calibration !== null) return { ...calibration, due };
  return { pairs: [], on: dayOf(check.at), by: check.who, due };
}

function dueOf(at: WallMs, everyMs: number | null): WallMs | null {
  return everyMs === null ? null : ((at + everyMs) as WallMs);
}

/** The day, in UTC. */
function dayOf(at: WallMs): string {
  // biome-ignore lint/style/noRestrictedGlobals: the calendar, not the time of day.
  return new Date(at).toISOString().slice(0, 10);
}

/** `book` with `record` behind the others, numbered. */
export function entered(
  book: CalibrationBook,
  record: Omit<CalibrationRecord, "n">,
): CalibrationBook {
  const n = (book.records.at(-1)?.n ?? 0) + 1;
  return { ...book, records: [...book.records, { ...record, n }].slice(-RECORDS_MAX) };
}

/** What a step came to by the pairs before and those afterwards. */
export function stepOf(
  given: Pick<CalibrationStep, "reference" | "indicated" | "scatter" | "samples">,
  before: readonly Pair[],
  afterwards: readonly Pair[],
): CalibrationStep {
  const { indicated } = given;
  const left = byPairs(indicated, afterwards);
  return { ...given, found: byPairs(indicated, before), left, isLeftMeasured: false };
}

/** Whether every step was found within `tolerance` of its reference. */
export function isWithin(steps: readonly CalibrationStep[], tolerance: number): boolean {
  return steps.every(({ found, reference }) => Math.abs(found - reference) <= tolerance);
}

/**
 * The pairs that a reversion takes again, and of which record they are: those that were in force
 * before the last record that is; null where there is nothing to go back from.
 */
export function beforeLast(
  book: CalibrationBook,
): { readonly pairs: readonly Pair[] | null; readonly backTo: number } | null {
  const chain = book.records.filter(({ kind }) => kind !== "check");
  const last = chain.at(-1);
  if (last === undefined) return null;
  // Who reverts twice goes back two, and not to and fro.
  const from = last.kind === "reversion" ? (last.backTo ?? 0) : last.n;
  if (from === 0) return null;
  const target = chain.findLast(({ kind, n }) => kind === "adjustment" && n < from);
  if (target === undefined || target.basis !== last.basis) return { pairs: null, backTo: 0 };
  return { pairs: target.pairs, backTo: target.n };
}

/** What of tolerance there is where nobody said so: 5 % of the span. */
export function toleranceOf(care: CalibrationCare | undefined, span: number): number {
  return care?.tolerance ?? Math.abs(span) * 0.05;
}

/** How much of `work` is left at `now`; 0 where it is over or nobody can tell. */
export function leftOf(
  work: CalibrationWork,
  now: {
    readonly at: WallMs;
    readonly uptime: UptimeMs;
    readonly clock: ClockState;
    readonly boot: string;
  },
): number {
  if (work.boot === now.boot) return Math.max(0, work.until - now.uptime);
  if (work.clock === "unsynced" || now.clock === "unsynced" || now.at < work.from) return 0;
  return Math.max(0, work.forMs - (now.at - work.from));
}
