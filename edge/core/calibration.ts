import type { Pair } from "./measurement.ts";
import type { ClockState, UptimeMs, WallMs } from "./time.ts";

/** At one place of the range: what was given, and what the instrument made of it. */
export type CalibrationStep = {
  /** The true value: of the bottle's certificate, or by the reference gauge. */
  readonly reference: number;
  /** What was told, before any calibration: the mean of a window that was stable. */
  readonly indicated: number;
  /** What that was by the calibration in force before: as found. */
  readonly found: number;
  /** What it is by the calibration in force afterwards: as left. */
  readonly left: number;
  /** Whether `left` was measured afterwards, or only worked out. */
  readonly isLeftMeasured: boolean;
  /** Standard deviation about the line through the samples, in the unit before calibration. */
  readonly scatter: number;
  readonly samples: number;
};

/** One calibration of a point as it was carried out. Plain, and stable: certificates are made of it. */
export type CalibrationRecord = {
  /** From 1 without a gap, of its point. */
  readonly n: number;
  /** Whether something was adjusted, only looked at, or an earlier calibration taken again. */
  readonly kind: "adjustment" | "check" | "reversion";
  readonly at: WallMs;
  readonly clock: ClockState;
  readonly who: string;
  /** UCUM code of `reference`, `found` and `left`, or null. */
  readonly unit: string | null;
  /** Empty for a reversion. */
  readonly steps: readonly CalibrationStep[];
  /** What holds from this on, in place of the configuration's; null for the configuration's. */
  readonly pairs: readonly Pair[] | null;
  /** Which record a reversion goes back to; 0 for the configuration's. */
  readonly backTo?: number;
  /** How far `found` may be from `reference`, and whether it was nearer at every step. */
  readonly tolerance: number;
  readonly isWithin: boolean;
  /** How the point was measured then: a record counts only as long as this is the same. */
  readonly basis: string;
  /** Whatever else the crew noted: number of the bottle, of the gauge. */
  readonly note: string | null;
};

/** Somebody is at work on a point, until a stated moment at the latest. */
export type CalibrationWork = {
  readonly who: string;
  readonly from: WallMs;
  readonly clock: ClockState;
  /** How long it lasts at the most, in milliseconds. */
  readonly forMs: number;
  /** When it ends, by the clock that never steps, in this boot of the machine. */
  readonly until: UptimeMs;
  readonly boot: string;
  /** The alarms that were taken out of service for it. */
  readonly alarms: readonly string[];
};

/** All that is kept of one point. */
export type CalibrationBook = {
  readonly v: 1;
  readonly point: string;
  /** The oldest first. */
  readonly records: readonly CalibrationRecord[];
  readonly work: CalibrationWork | null;
};

/** Where the books are kept: what was saved survives a power cut. */
export type CalibrationStore = {
  /** Every book, and the names of files that could not be read. */
  load(): { readonly books: readonly CalibrationBook[]; readonly unreadable: readonly string[] };
  /** Saves `book` in place of what it was, whole or not at all. Throws `calibration.unwritten`. */
  save(book: CalibrationBook): void;
};
