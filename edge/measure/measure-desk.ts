import type { Measurement } from "../core/measurement.ts";
import { isBad, type Reading } from "../core/reading.ts";
import type { Clock, UptimeMs, WallMs } from "../core/time.ts";
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
  /** Until when its calibration holds, and whether that is over; null where nobody said so. */
  readonly calibration: { readonly due: WallMs; readonly isOverdue: boolean } | null;
  /** The device asks for maintenance; its value is good all the same (NAMUR NE 107). */
  readonly maintenance: boolean;
};

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
  readonly measurement: Measurement | null;
  readonly staleAfterMs: number;
  readonly turn: Turn;
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
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #hasReports: boolean;

  /** `needed` are the points whose values others need. */
  constructor(clock: Clock, points: readonly DeskPoint[], needed: ReadonlySet<string>) {
    this.#clock = clock;
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
    return { ...reading, value, quality };
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
    const measurement = this.#entries.get(id)?.measurement;
    if (measurement === null || measurement === undefined) return NO_NOTES;
    const due = measurement.calibration?.due ?? null;
    return {
      calibration: due === null ? null : { due, isOverdue: this.#isOverdue(measurement) },
      maintenance: this.#device(measurement, this.#clock.uptime()) === "maintenance",
    };
  }

  #measured(entry: Entry, reading: Reading): Reading {
    const { measurement } = entry;
    if (measurement === null) return noted(entry, reading);
    const before = afterHearing(entry.memory, reading.quality, reading.uptime);
    const surroundings = this.#surroundings(measurement, reading.uptime);
    const { value, quality, memory } = measuredBy(measurement, reading, surroundings, before);
    entry.memory = memory;
    const { point, at, uptime } = reading;
    return noted(entry, { point, value, quality, at, uptime });
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

function entryOf(point: DeskPoint, isNeeded: boolean): Entry {
  const { measurement } = point;
  const turn = measurement === null ? "plain" : isNeeded ? "needed" : "other";
  const empty = { memory: BLANK, newest: null, known: null, told: null, isWanted: false };
  return { measurement, staleAfterMs: staleAfterMs(point), turn, ...empty };
}

/** `reading`, as it was judged, which is from now on the newest of `entry`. */
function noted(entry: Entry, reading: Reading): Reading {
  entry.newest = reading;
  if (!isBad(reading.quality)) entry.known = reading;
  return reading;
}
