import { type Calibration, type Measurement, NO_CHECKS } from "../core/measurement.ts";
import { isBad, type Quality, type Reading } from "../core/reading.ts";
import type { Clock, UptimeMs, WallMs } from "../core/time.ts";
import { unfiltered } from "./chain.ts";
import { type DeviceState, deviceStateOf } from "./checks-device.ts";
import type { Measured } from "./measured.ts";
import { afterHearing, BLANK, measuredBy, type PointMemory } from "./point-memory.ts";
import { isNews } from "./report.ts";
import { type Period, staleAfterMs } from "./stale.ts";

/** A point as the desk knows it. The configuration's points have this shape. */
export type DeskPoint = Period & {
  readonly id: string;
  readonly measurement: Measurement | null;
};

/** What is to be known of a measured point besides its readings. */
export type PointNotes = {
  /**
   * Until when its calibration holds, and whether that is over; null where nobody said so. `due` is
   * null where it is to be calibrated and never was.
   */
  readonly calibration: { readonly due: WallMs | null; readonly isOverdue: boolean } | null;
  /** The device asks for maintenance; its value is good all the same (NAMUR NE 107). */
  readonly maintenance: boolean;
  /** Who calibrates it, and until when at the latest; left out where nobody does. */
  readonly work?: PointWork;
};

/** Somebody is at work on a point: its value is no measurement of the site. */
export type PointWork = { readonly who: string; readonly until: WallMs };

/** There is nothing to say. */
export const NO_NOTES: PointNotes = { calibration: null, maintenance: false };

/**
 * When a point has its turn among the readings of one round: what others need is known before they
 * are measured, and what needs no measuring first of all.
 */
type Turn = (typeof TURNS)[number];
const TURNS = ["plain", "needed", "other"] as const;

/** A point that is measured, or that another one needs. */
type Entry = {
  measurement: Measurement | null;
  readonly staleAfterMs: number;
  turn: Turn;
  work: PointWork | null;
  /** The newest as it was told, while somebody is at work on the point. */
  raw: Reading | null;
  memory: PointMemory;
  /** As it was judged. */
  newest: Reading | null;
  /** The newest that has a value. */
  known: Reading | null;
  /** The newest that was stored. */
  told: Reading | null;
  /** The next one is to be stored, whatever it is. */
  isWanted: boolean;
};

/**
 * Makes measurements of what devices told, and says which of them are worth storing. Of each point
 * it keeps what its steps and checks need from one reading to the next; a start begins with nothing.
 */
export class MeasureDesk {
  readonly #clock: Clock;
  /** Points that are read as they come and that nobody needs are not in here. */
  readonly #entries: Map<string, Entry>;
  readonly #points: readonly DeskPoint[];
  readonly #hasReports: boolean;

  /** `needed` are the points whose values others need. */
  constructor(clock: Clock, points: readonly DeskPoint[], needed: ReadonlySet<string>) {
    this.#clock = clock;
    this.#points = points;
    const concerned = points.filter(
      ({ id, measurement }) => measurement !== null || needed.has(id),
    );
    this.#entries = new Map(
      concerned.map((point) => [point.id, entryOf(point, needed.has(point.id))]),
    );
    this.#hasReports = points.some(({ measurement }) => measurement?.report != null);
  }

  /**
   * What each of `readings` is measured to be, in their order, and itself where it is so already.
   * Each reading must come here once: filters remember it.
   */
  measured(readings: readonly Reading[]): readonly Reading[] {
    if (this.#entries.size === 0) return readings;
    if (!readings.some(({ point }) => this.#entries.has(point))) return readings;
    const measured = [...readings];
    for (const turn of TURNS) {
      for (const [i, reading] of readings.entries()) {
        const entry = this.#entries.get(reading.point);
        if (entry?.turn === turn) measured[i] = this.#measured(entry, reading);
      }
    }
    return measured;
  }

  /** What `reading`, which somebody asked for besides, is: not filtered, and not remembered. */
  once(reading: Reading): Reading {
    const entry = this.#entries.get(reading.point);
    if (entry === undefined || entry.measurement === null) return reading;
    const { measurement, memory } = entry;
    const calm = { ...measurement, filter: null };
    const surroundings = this.#surroundings(measurement, reading.uptime);
    // Of a device that nobody has heard yet it is not known whether it has just begun to answer.
    const isKnown = memory.presence.since !== null;
    const before = isKnown ? afterHearing(memory, reading.quality, reading.uptime) : memory;
    const { value, quality } = measuredBy(calm, reading, surroundings, before);
    return { ...reading, value, quality: atWork(entry, quality) };
  }

  /** From its next reading on the point `id` is calibrated by `calibration`; null: by nothing. */
  calibrate(id: string, calibration: Calibration | null): void {
    const entry = this.#steppedEntry(id);
    const { memory, measurement } = entry;
    entry.measurement = { ...(measurement ?? PLAIN), calibration };
    // What was filtered before is of another scale.
    entry.memory = { ...BLANK, presence: memory.presence };
  }

  /**
   * Somebody begins to calibrate the point `id`, or, with null, has ended: until then its value is
   * uncertain:function-check (NAMUR NE 107, C), and none of it is left in the filter afterwards.
   */
  setWork(id: string, work: PointWork | null): void {
    const entry = this.#steppedEntry(id);
    entry.work = work;
    entry.raw = null;
    if (work === null) entry.memory = { ...BLANK, presence: entry.memory.presence };
  }

  /** What was told last of the point `id` since somebody began to work on it; null before. */
  newestTold(id: string): Reading | null {
    return this.#entries.get(id)?.raw ?? null;
  }

  /** What `reading`, as the device told it, is before its calibration and its filter. */
  indicated(reading: Reading): Measured {
    const entry = this.#entries.get(reading.point);
    const measurement = { ...(entry?.measurement ?? PLAIN), calibration: null, filter: null };
    const { operands } = this.#surroundings(measurement, reading.uptime);
    const { chain } = entry?.memory ?? BLANK;
    return unfiltered(reading, measurement, operands, reading.uptime, chain);
  }

  /** Those of `readings`, which were measured, that are worth storing and sending. */
  kept(readings: readonly Reading[]): readonly Reading[] {
    return this.#hasReports ? readings.filter((reading) => this.#isKept(reading)) : readings;
  }

  /** The next readings of the points of `readings` are to be stored, be they news or not. */
  want(readings: readonly Reading[]): void {
    for (const { point } of readings) {
      const entry = this.#entries.get(point);
      if (entry !== undefined) entry.isWanted = true;
    }
  }

  /** What is to be known now of the point `id` besides its readings. */
  notes(id: string): PointNotes {
    const { measurement = null, work = null } = this.#entries.get(id) ?? {};
    if (measurement === null) return NO_NOTES;
    const due = measurement.calibration?.due ?? null;
    const isOwed = due !== null || (measurement.care?.everyMs ?? null) !== null;
    return {
      calibration: isOwed ? { due, isOverdue: this.#isOverdue(measurement) } : null,
      maintenance: this.#device(measurement, this.#clock.uptime()) === "maintenance",
      ...(work === null ? {} : { work }),
    };
  }

  /** The entry of a point that is to be measured in steps, be it so already or not. */
  #steppedEntry(id: string): Entry {
    const known = this.#entries.get(id);
    if (known !== undefined) {
      known.measurement ??= PLAIN;
      if (known.turn === "plain") known.turn = "needed";
      return known;
    }
    const point = this.#points.find((each) => each.id === id);
    if (point === undefined) throw new Error(`there is no point ${id}`);
    const entry = entryOf({ ...point, measurement: PLAIN }, false);
    this.#entries.set(id, entry);
    return entry;
  }

  #measured(entry: Entry, reading: Reading): Reading {
    const { measurement } = entry;
    if (measurement === null) return noted(entry, reading);
    if (entry.work !== null) entry.raw = reading;
    const before = afterHearing(entry.memory, reading.quality, reading.uptime);
    const surroundings = this.#surroundings(measurement, reading.uptime);
    const { value, quality, memory } = measuredBy(measurement, reading, surroundings, before);
    entry.memory = memory;
    const { point, at, uptime } = reading;
    return noted(entry, { point, value, quality: atWork(entry, quality), at, uptime });
  }

  #isKept(reading: Reading): boolean {
    const entry = this.#entries.get(reading.point);
    const report = entry?.measurement?.report ?? null;
    if (entry === undefined || report === null) return true;
    if (!entry.isWanted && !isNews(report, reading, entry.told)) return false;
    entry.told = reading;
    entry.isWanted = false;
    return true;
  }

  #surroundings(measurement: Measurement, now: UptimeMs) {
    return {
      operands: (point: string) => this.#operand(point, now),
      device: this.#device(measurement, now),
      isOverdue: this.#isOverdue(measurement),
    };
  }

  /** The newest value of `point`; null where it is not known any more. */
  #operand(point: string, now: UptimeMs): Measured | null {
    const entry = this.#entries.get(point);
    const newest = entry?.newest ?? null;
    if (entry === undefined || newest === null) return null;
    if (now - newest.uptime > entry.staleAfterMs) return null;
    const { value, quality } = newest;
    if (typeof value !== "number" && typeof value !== "bigint") return null;
    return { value: Number(value), quality };
  }

  #device({ checks: { status } }: Measurement, now: UptimeMs): DeviceState {
    if (status === null) return null;
    const entry = this.#entries.get(status.point);
    return entry === undefined ? "unknown" : deviceStateOf(status, entry, now, entry.staleAfterMs);
  }

  /** A clock that is wrong by years must not make a calibration run out. */
  #isOverdue({ calibration }: Measurement): boolean {
    const due = calibration?.due ?? null;
    return due !== null && this.#clock.state() !== "unsynced" && this.#clock.now() > due;
  }
}

/** No steps yet. */
const PLAIN: Measurement = {
  loop: null,
  curve: null,
  physics: null,
  calibration: null,
  filter: null,
  checks: NO_CHECKS,
  report: null,
};

/** `quality` of a value while somebody may be at work on its point: what is bad stays bad. */
function atWork({ work }: Entry, quality: Quality): Quality {
  return work === null || isBad(quality) ? quality : "uncertain:function-check";
}

function entryOf(point: DeskPoint, isNeeded: boolean): Entry {
  const { measurement } = point;
  const turn = measurement === null ? "plain" : isNeeded ? "needed" : "other";
  const empty = { memory: BLANK, newest: null, known: null, told: null, isWanted: false };
  const idle = { work: null, raw: null };
  return { measurement, staleAfterMs: staleAfterMs(point), turn, ...empty, ...idle };
}

/** `reading`, as it was judged, which is from now on the newest of `entry`. */
function noted(entry: Entry, reading: Reading): Reading {
  entry.newest = reading;
  if (!isBad(reading.quality)) entry.known = reading;
  return reading;
}
