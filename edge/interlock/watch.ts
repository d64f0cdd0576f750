import {
  type Condition,
  type InterlockAlarm,
  type InterlockRule,
  pointsOfAlarm,
} from "../core/interlock.ts";
import { isBad, type Reading, type Value } from "../core/reading.ts";
import { after, type UptimeMs } from "../core/time.ts";
import { effectOf, type Standing } from "./alarm-effect.ts";
import type { Demand } from "./state.ts";

/** The newest of one point, and since when it has been bad. */
type Seen = {
  readonly value: Value | null;
  readonly uptime: UptimeMs;
  /** Null while it is not. */
  readonly badSince: UptimeMs | null;
};

/** What asks for interlocks, and what permits them: the states of alarms, and what points are. */
export class Watch {
  readonly #alarms = new Map<string, Standing>();
  /** Alarms that moved since the gateway started: what they say is of now. */
  readonly #moved = new Set<string>();
  readonly #seen = new Map<string, Seen>();

  /** An alarm stands there since before the gateway started. */
  remember(alarm: string, standing: Standing): void {
    this.#alarms.set(alarm, standing);
  }

  /** An alarm has moved. */
  moved(alarm: string, standing: Standing): void {
    this.#alarms.set(alarm, standing);
    this.#moved.add(alarm);
  }

  /**
   * Takes a reading of a point that matters to an interlock; whether the point turned bad with it.
   * What comes late says nothing of now.
   */
  see({ point, value, quality, uptime }: Reading): boolean {
    const before = this.#seen.get(point);
    if (before !== undefined && uptime < before.uptime) return false;
    const turnedBad = before?.badSince ?? uptime;
    this.#seen.set(point, { value, uptime, badSince: isBad(quality) ? turnedBad : null });
    return isBad(quality) && turnedBad === uptime;
  }

  /**
   * Whether all alarms of `rule` were judged since the gateway started, and no fault is waiting to
   * be long enough to count: only then is it over what asked for the rule before.
   */
  isJudged(rule: InterlockRule, now: UptimeMs): boolean {
    return rule.alarms.every((each) => this.#isJudged(each)) && this.faultAt(rule, now) === null;
  }

  /** What asks for `rule` now, an alarm before a fault; null where nothing does. */
  demandOf(rule: InterlockRule, now: UptimeMs): Demand | null {
    const [alarm] = this.asking(rule);
    if (alarm !== undefined) return { cause: "alarm", by: alarm };
    const faulty = this.#faultsOf(rule).find(({ at }) => at <= now);
    return faulty === undefined ? null : { cause: "fault", by: faulty.point };
  }

  /** All alarms of `rule` that ask for it now. */
  asking(rule: InterlockRule): readonly string[] {
    const judged = rule.alarms.filter((each) => this.#isJudged(each));
    return judged.map(({ alarm }) => alarm).filter((alarm) => this.#effectOf(alarm) === "on");
  }

  /** All alarms of `rule` that would, were they judged since the gateway started. */
  standing(rule: InterlockRule): readonly string[] {
    return rule.alarms.map(({ alarm }) => alarm).filter((alarm) => this.#effectOf(alarm) === "on");
  }

  /** When a fault will ask for `rule` that does not yet; null where none will. */
  faultAt(rule: InterlockRule, now: UptimeMs): UptimeMs | null {
    const later = this.#faultsOf(rule).filter(({ at }) => at > now);
    return later.length === 0 ? null : (Math.min(...later.map(({ at }) => at)) as UptimeMs);
  }

  /** The points of conditions that do not hold, or of which it is not known. */
  missing({ permissive }: InterlockRule): readonly string[] {
    return permissive.filter((each) => !this.#holds(each)).map(({ point }) => point);
  }

  #isJudged(each: InterlockAlarm): boolean {
    if (this.#moved.has(each.alarm)) return true;
    return pointsOfAlarm(each).every((point) => this.#seen.has(point));
  }

  #effectOf(alarm: string): ReturnType<typeof effectOf> {
    return effectOf(this.#alarms.get(alarm) ?? { state: "normal" });
  }

  /** The bad points of `rule` that count, and from when on each does. */
  #faultsOf({ onFault, alarms, faultAfterMs }: InterlockRule) {
    if (!onFault) return [];
    const judging = alarms.filter(({ alarm }) => this.#effectOf(alarm) !== "out");
    const faults = this.#badOf(judging.flatMap(({ points }) => points));
    const votes = judging.flatMap(({ votes = [] }) => votes);
    // The first that a vote cannot spare is the fault.
    const undecided = votes.flatMap(({ points, spare }) => this.#badOf(points)[spare] ?? []);
    return [...faults, ...undecided].map(({ point, since }) => {
      return { point, at: after(since, faultAfterMs) };
    });
  }

  /** Those of `points` that are bad, in the order in which they turned so. */
  #badOf(points: readonly string[]) {
    const bad = points.flatMap((point) => {
      const since = this.#seen.get(point)?.badSince ?? null;
      return since === null ? [] : { point, since };
    });
    return bad.toSorted((a, b) => a.since - b.since);
  }

  #holds({ point, test, than }: Condition): boolean {
    const value = this.#seen.get(point)?.value ?? null;
    if (value === null) return false;
    switch (test) {
      case "is":
        return value === than;
      case "above":
        return value > than;
      case "below":
        return value < than;
    }
  }
}
