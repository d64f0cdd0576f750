import { type AlarmFormula, asNumber, type Enabling } from "../core/alarm-condition.ts";
import { evaluate } from "../core/formula.ts";
import { isBad, type Reading, type Value } from "../core/reading.ts";
import { isInSeason, monthTeller } from "../core/season.ts";
import type { Clock, UptimeMs, WallMs } from "../core/time.ts";

export type SurroundingsParts = {
  readonly clock: Pick<Clock, "now" | "state" | "isStateKnown" | "uptime">;
  /** By the calendar of this time zone seasons begin and end. */
  readonly timeZone: string;
  /** The points of which the newest reading is kept. */
  readonly points: Iterable<string>;
  /** From which age on a reading of a point says nothing of now. */
  readonly staleAfterMs: (point: string) => number;
  /** Whether the condition of an alarm is present. */
  readonly isOn: (alarm: string) => boolean;
  /** Whether somebody works on what it is judged by: what it says is not to be relied on. */
  readonly isOut: (alarm: string) => boolean;
};

/** What a condition can look at besides the reading that it judges. */
export class Surroundings {
  readonly #parts: SurroundingsParts;
  readonly #newest: Map<string, Reading | null>;
  readonly #start: UptimeMs;
  /** Made when the first season is asked for: what it knows of calendars takes 6 MB. */
  #monthOf: ((at: WallMs) => number) | null = null;

  constructor(parts: SurroundingsParts) {
    this.#parts = parts;
    this.#start = parts.clock.uptime();
    this.#newest = new Map(Array.from(parts.points, (point) => [point, null]));
  }

  /** Notes each of `readings` that something looks at. */
  note(readings: readonly Reading[]): void {
    if (this.#newest.size === 0) return;
    for (const reading of readings) {
      const before = this.#newest.get(reading.point);
      if (before === undefined) continue;
      // What comes late says nothing of now.
      if (reading.uptime >= (before?.uptime ?? 0)) this.#newest.set(reading.point, reading);
    }
  }

  /**
   * Whether anything, be it bad, was read of `point` since the start, or should have been by
   * `uptime`: what says nothing for so long after a start is as bad as what says nothing later.
   */
  isDue(point: string, uptime: UptimeMs): boolean {
    const isHeard = (this.#newest.get(point) ?? null) !== null;
    return isHeard || !this.isFresh(point, this.#start, uptime);
  }

  /** Whether a reading of `point` from `last` still tells something at `uptime`. */
  isFresh(point: string, last: UptimeMs, uptime: UptimeMs): boolean {
    return uptime - last <= this.#parts.staleAfterMs(point);
  }

  /** The value of `point` at `uptime`; null where it is not known, or not any more. */
  valueOf(point: string, uptime: UptimeMs): Value | null {
    const reading = this.#newest.get(point) ?? null;
    if (reading === null || isBad(reading.quality)) return null;
    return this.isFresh(point, reading.uptime, uptime) ? reading.value : null;
  }

  /** Whether `formula` is true at `uptime`; null where that is not known. */
  truthOf({ formula, inputs }: AlarmFormula, uptime: UptimeMs): boolean | null {
    return this.#truth(formula, inputs, uptime, () => false);
  }

  #truth(
    formula: AlarmFormula["formula"],
    inputs: AlarmFormula["inputs"],
    uptime: UptimeMs,
    isLeftOut: (alarm: string) => boolean,
  ): boolean | null {
    const value = evaluate(formula, (name) => {
      const input = inputs.get(name);
      if (input === undefined) return Number.NaN;
      if (input.kind === "alarm") {
        return isLeftOut(input.alarm) ? Number.NaN : Number(this.#parts.isOn(input.alarm));
      }
      return asNumber(this.valueOf(input.point, uptime)) ?? Number.NaN;
    });
    return Number.isNaN(value) ? null : value !== 0;
  }

  /**
   * Whether what has this `enabling` is in force; null where that cannot be told yet, as not all
   * that it looks at was read since the start, nor is it overdue, or as it is being found out
   * whether the clock is right. What is not known then puts nothing out of force: a dead sensor, an
   * alarm that is out of service, or a clock that is not believed, must not silence an alarm.
   */
  isInForce({ when, months }: Enabling, uptime: UptimeMs): boolean | null {
    const isSeason = months === null || this.#isInSeason(months);
    if (isSeason !== true || when === null) return isSeason;
    const truth = this.#truth(when.formula, when.inputs, uptime, this.#parts.isOut);
    if (truth !== null) return truth;
    const inputs = [...when.inputs.values()];
    const isDue = inputs.every((each) => each.kind === "alarm" || this.isDue(each.point, uptime));
    return isDue ? true : null;
  }

  /** Null while it is not known whether the clock can be believed. */
  #isInSeason(months: NonNullable<Enabling["months"]>): boolean | null {
    const { clock, timeZone } = this.#parts;
    if (clock.state() === "unsynced") return clock.isStateKnown() ? true : null;
    this.#monthOf ??= monthTeller(timeZone);
    return isInSeason(months, this.#monthOf(clock.now()));
  }
}
