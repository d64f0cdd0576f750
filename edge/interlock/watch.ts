import type { Condition, InterlockRule } from "../core/interlock.ts";
import { isBad, type Reading, type Value } from "../core/reading.ts";
import { after, type UptimeMs } from "../core/time.ts";
import { effectOf, type Standing } from "./alarm-effect.ts";
import type { Demand } from "./state.ts";

/** The newest of one point, and since when it has been bad. */
type Seen = {
  readonly value: Value | null;
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

  /** Takes a reading of a point that matters to an interlock. */
  see({ point, value, quality, uptime }: Reading): void {
    const bad = this.#seen.get(point)?.badSince ?? uptime;
    this.#seen.set(point, { value, badSince: isBad(quality) ? bad : null });
  }

  /** Whether all alarms of `rule` were judged since the gateway started. */
  isJudged({ alarms }: InterlockRule): boolean {
    return alarms.every((each) => this.#isJudged(each));
  }

  /** What asks for `rule` now, an alarm before a fault; null where nothing does. */
  demandOf(rule: InterlockRule, now: UptimeMs): Demand | null {
    for (const each of rule.alarms) {
      const { alarm } = each;
      if (this.#effectOf(alarm) !== "on" || !this.#isJudged(each)) continue;
      return { cause: "alarm", by: alarm };
    }
    const faulty = this.#faultsOf(rule).find(({ at }) => at <= now);
    return faulty === undefined ? null : { cause: "fault", by: faulty.point };
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

  #isJudged({ alarm, points }: InterlockRule["alarms"][number]): boolean {
    return this.#moved.has(alarm) || points.every((point) => this.#seen.has(point));
  }

  #effectOf(alarm: string): ReturnType<typeof effectOf> {
    return effectOf(this.#alarms.get(alarm) ?? { state: "normal" });
  }

  /** The bad points of `rule` that count, and from when on each does. */
  #faultsOf({ onFault, alarms, faultAfterMs }: InterlockRule) {
    if (!onFault) return [];
    const judging = alarms.filter(({ alarm }) => this.#effectOf(alarm) !== "out");
    return judging
      .flatMap(({ points }) => points)
      .flatMap((point) => {
        const since = this.#seen.get(point)?.badSince ?? null;
        return since === null ? [] : { point, at: after(since, faultAfterMs) };
      });
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
