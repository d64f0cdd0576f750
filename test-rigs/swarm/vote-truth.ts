import type { AlarmRule } from "../../edge/core/alarm.ts";
import type { AlarmMessage, Got } from "../sim/received.ts";
import { isOnAfter } from "./alarm-replay.ts";
import { keptUntil, lifeAt, uptimeOf } from "./due-times.ts";
import type { Evidence } from "./invariants.ts";

type VoteRule = Extract<AlarmRule, { limit: "vote" }>;

/** Time passes over the alarms once a second. */
const PASS_MS = 1_100;
/** Times are told in whole milliseconds. */
const ROUNDING_MS = 2;
/** A reading says something for three periods of its point. */
const STALE_PERIODS = 3;

/**
 * What one point said at one moment of a life: tripped, or not, which a bad one is too. `mayTrip`:
 * it was tripped when that was last known, or it was never known; then no vote ends by it.
 */
type Said = { readonly uptime: number; readonly isTripped: boolean; readonly mayTrip: boolean };

/**
 * Looks for a vote that came or went though its points did not say so, and for one that did not
 * though they had for longer than its delay. Bad ones count as not tripped in the swarm's votes.
 */
export function findWrongVote(
  evidence: Evidence,
  readings: readonly Got[],
  events: readonly AlarmMessage[],
): string | null {
  const readingsOf = Map.groupBy(readings, ({ point }) => point);
  for (const [index, { config, from }] of evidence.lives.entries()) {
    const to = keptUntil(evidence, evidence.lives[index] as Evidence["lives"][number]);
    for (const rule of config.alarms) {
      if (rule.limit !== "vote") continue;
      const periods = rule.of.map(
        (point) => config.points.find(({ id }) => id === point)?.everyMs ?? 0,
      );
      const points = rule.of.map((point) =>
        saidBy(evidence, rule, readingsOf.get(point) ?? [], index),
      );
      const own = events.filter(({ alarm }) => alarm === rule.name);
      const wrong = new Vote(evidence, rule, points, periods).judge(own, index, from, to);
      if (wrong !== null) return `${rule.name}: ${wrong}`;
    }
  }
  return null;
}

function saidBy(
  evidence: Evidence,
  { each, deadband }: VoteRule,
  readings: readonly Got[],
  life: number,
): readonly Said[] {
  let known: boolean | null = null;
  return readings.flatMap(({ at, value, quality }) => {
    const uptime = uptimeOf(at);
    if (lifeAt(evidence, uptime) !== life) return [];
    if (quality.startsWith("bad") || typeof value !== "number") {
      return { uptime, isTripped: false, mayTrip: known ?? true };
    }
    const setpoint = Number(each.setpoint);
    if (value >= setpoint) known = true;
    else if (value <= setpoint - deadband) known = false;
    return { uptime, isTripped: known ?? false, mayTrip: known ?? true };
  });
}

/** One vote in one life. */
class Vote {
  readonly #evidence: Evidence;
  readonly #rule: VoteRule;
  readonly #points: readonly (readonly Said[])[];
  readonly #periods: readonly number[];

  constructor(
    evidence: Evidence,
    rule: VoteRule,
    points: readonly (readonly Said[])[],
    periods: readonly number[],
  ) {
    this.#evidence = evidence;
    this.#rule = rule;
    this.#points = points;
    this.#periods = periods;
  }

  judge(events: readonly AlarmMessage[], life: number, from: number, to: number): string | null {
    const times = this.#points.flat().map(({ uptime }) => uptime);
    const moments = [...new Set(times)].filter((at) => at <= to).toSorted((a, b) => a - b);
    let isOn = events.findLast((event) => this.#uptime(event) < from - ROUNDING_MS);
    for (const event of events) {
      const uptime = this.#uptime(event);
      if (lifeAt(this.#evidence, uptime) !== life || uptime > to) continue;
      const missed = this.#missed(moments, isOn, from, uptime);
      if (missed !== null) return missed;
      const wrong = this.#unfounded(event, uptime, from, moments);
      if (wrong !== null) return wrong;
      isOn = event;
    }
    return this.#missed(moments, isOn, from, to);
  }

  #uptime({ at }: AlarmMessage): number {
    return uptimeOf(at);
  }

  /**
   * Whether `event` came without enough votes, at it or within its delay. What is not known does not
   * break the delay before a vote is raised.
   */
  #unfounded(
    event: AlarmMessage,
    uptime: number,
    from: number,
    moments: readonly number[],
  ): string | null {
    const { onDelayMs, offDelayMs = 0, setpoint: need } = this.#rule;
    const isRaised = event.cause === "vote";
    if (!isRaised && event.cause !== "returned") return null;
    const since = uptime - (isRaised ? onDelayMs : offDelayMs) + ROUNDING_MS;
    const within = [uptime, ...moments.filter((at) => at > since && at < uptime)];
    const other = within.find((at) => {
      const { least, most } = this.#countAt(at);
      if (!isRaised) return least >= need;
      return most < need && (at === uptime || !this.#mayBeUnknown(at, from));
    });
    if (other === undefined) return null;
    return `event ${event.seq} says ${event.cause} at ${uptime}, but at ${other} not`;
  }

  /** Whether a point was perhaps neither heard of since `from` nor had to be by uptime `at`. */
  #mayBeUnknown(at: number, from: number): boolean {
    return this.#points.some((said, i) => {
      const dueMs = STALE_PERIODS * (this.#periods[i] ?? 0) + PASS_MS;
      return at - from <= dueMs && !said.some((each) => each.uptime < at - ROUNDING_MS);
    });
  }

  /** Whether the votes said for too long what no event before `to` tells. */
  #missed(
    moments: readonly number[],
    last: AlarmMessage | undefined,
    from: number,
    to: number,
  ): string | null {
    const { onDelayMs, offDelayMs = 0, setpoint: need } = this.#rule;
    const isOn = last !== undefined && isOnAfter(last);
    const delayMs = isOn ? offDelayMs : onDelayMs;
    const start = Math.max(from, last === undefined ? from : this.#uptime(last) + ROUNDING_MS);
    let since: number | null = null;
    for (const at of moments) {
      if (at < start || at > to - ROUNDING_MS) continue;
      const { least, mayTrip, isHeard } = this.#countAt(at);
      const isContrary = isHeard && (isOn ? mayTrip < need : least >= need);
      if (!isContrary) since = null;
      else since ??= at;
      if (since !== null && at - since > delayMs + PASS_MS) {
        return `from ${since} to ${at} its votes say ${isOn ? "no" : "yes"}, and no event does`;
      }
    }
    return null;
  }

  /**
   * The least and the most votes at uptime `at`, with how many a vote that stands must reckon, and
   * whether all points were heard of.
   */
  #countAt(at: number) {
    let [least, most, mayTrip, heard] = [0, 0, 0, 0];
    for (const [i, said] of this.#points.entries()) {
      const staleMs = STALE_PERIODS * (this.#periods[i] ?? 0);
      const near = said.filter((each) => Math.abs(each.uptime - at) <= ROUNDING_MS);
      const before = said.findLast((each) => each.uptime < at - ROUNDING_MS);
      const possible = before === undefined ? near : [before, ...near];
      if (possible.length > 0) heard++;
      const isFresh = (each: Said, slackMs: number) => at - each.uptime <= staleMs + slackMs;
      if (possible.some((each) => each.isTripped && isFresh(each, PASS_MS))) most++;
      const isSure = possible.every((each) => each.isTripped && isFresh(each, -ROUNDING_MS));
      if (possible.length > 0 && isSure) least++;
      if (possible.length === 0 || possible.some((each) => each.mayTrip)) mayTrip++;
    }
    return { least, most, mayTrip, isHeard: heard === this.#points.length };
  }
}
