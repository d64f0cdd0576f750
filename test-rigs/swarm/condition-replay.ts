import type { AlarmRule } from "../../edge/core/alarm.ts";
import type { AlarmMessage, Got } from "../sim/received.ts";
import { isOnAfter, RAISING } from "./alarm-replay.ts";
import {
  type Course,
  courseOf,
  type Known,
  ROUNDING_MS,
  type Sight,
} from "./condition-verdicts.ts";
import { keptUntil, lifeAt, uptimeOf } from "./due-times.ts";
import type { Evidence } from "./invariants.ts";

/** Time passes over the alarms once a second. */
const PASS_MS = 1_100;

/**
 * Looks for an alarm by rate, value, quality, silence or expression that came or went though what
 * was read did not say so for its delay, and for one that did not though it had said so for longer.
 */
export function findWrongCondition(
  evidence: Evidence,
  readings: readonly Got[],
  events: readonly AlarmMessage[],
): string | null {
  const readingsBy = Map.groupBy(readings, ({ point }) => point);
  const eventsBy = Map.groupBy(events, ({ alarm }) => alarm);
  for (const [index, life] of evidence.lives.entries()) {
    const { config, from } = life;
    const isOfLife = ({ at }: Got) => lifeAt(evidence, uptimeOf(at)) === index;
    const known: Known = {
      from,
      readingsOf: (point) => (readingsBy.get(point) ?? []).filter(isOfLife),
      eventsOf: (alarm) => eventsBy.get(alarm) ?? [],
      everyMs: (point) => config.points.find(({ id }) => id === point)?.everyMs ?? 0,
    };
    for (const rule of config.alarms) {
      const course = courseOf(rule, known);
      if (course === null) continue;
      const span = { index, from, to: keptUntil(evidence, life) };
      const own = eventsBy.get(rule.name) ?? [];
      const wrong = new Replay(evidence, rule, course, span).judge(own);
      if (wrong !== null) return `${rule.name}: ${wrong}`;
    }
  }
  return null;
}

type Span = { readonly index: number; readonly from: number; readonly to: number };

/** What the condition may be at a moment. */
type Sample = { readonly at: number; readonly may: ReadonlySet<Sight> };

/** One alarm in one life. */
class Replay {
  readonly #evidence: Evidence;
  readonly #rule: AlarmRule;
  readonly #course: Course;
  readonly #span: Span;
  readonly #samples: readonly Sample[];

  constructor(evidence: Evidence, rule: AlarmRule, course: Course, span: Span) {
    this.#evidence = evidence;
    this.#rule = rule;
    this.#course = course;
    this.#span = span;
    const { from, to } = span;
    const within = [from, ...course.moments, to].filter((at) => at >= from && at <= to);
    const moments = [...new Set(within)].toSorted((a, b) => a - b);
    // Between two moments nothing changes: there what it is is known without a rounding.
    const all = moments.flatMap((at, i) => [at, (at + (moments[i + 1] ?? at)) / 2]);
    this.#samples = all.map((at) => ({ at, may: course.at(at) }));
  }

  judge(events: readonly AlarmMessage[]): string | null {
    const { index, from, to } = this.#span;
    let last = events.findLast(({ at }) => uptimeOf(at) < from - ROUNDING_MS);
    for (const event of events) {
      const uptime = uptimeOf(event.at);
      if (lifeAt(this.#evidence, uptime) !== index || uptime > to) continue;
      const wrong = this.#findMissed(last, uptime) ?? this.#findUnfounded(event, uptime);
      if (wrong !== null) return wrong;
      last = event;
    }
    return this.#findMissed(last, to);
  }

  /** Whether the condition was not so at `event`, or not for its whole delay before it. */
  #findUnfounded(event: AlarmMessage, uptime: number): string | null {
    const { cause = "", seq } = event;
    if (!RAISING.has(cause) && cause !== "returned") return null;
    const { limit, onDelayMs, offDelayMs = 0 } = this.#rule;
    const isRaised = cause !== "returned";
    if (isRaised && cause !== limit) return `event ${seq} is raised by ${cause}, not by ${limit}`;
    const wanted = isRaised ? "tripped" : "back";
    if (!this.#course.at(uptime).has(wanted)) {
      return `event ${seq} says ${cause} at ${uptime}, where it was not`;
    }
    const heldMs = uptime - this.#heldFrom(wanted, uptime);
    const delayMs = isRaised ? onDelayMs : offDelayMs;
    if (heldMs >= delayMs - ROUNDING_MS) return null;
    return `event ${seq} says ${cause} at ${uptime}, but that was so for ${heldMs} ms only`;
  }

  /** Since when it may have been `wanted` without a break at `uptime`: what is not known breaks no on-delay. */
  #heldFrom(wanted: Sight, uptime: number): number {
    let held = uptime;
    for (const { at, may } of this.#samples.toReversed()) {
      if (at > uptime) continue;
      if (may.has(wanted)) held = at;
      // A value is stale for a moment only where time passes over it just then.
      else if (!may.has("unknown") || (wanted === "back" && held - at > PASS_MS)) break;
    }
    return held;
  }

  /** Whether for too long the condition was surely other than what the `last` event says. */
  #findMissed(last: AlarmMessage | undefined, to: number): string | null {
    const { onDelayMs, offDelayMs = 0 } = this.#rule;
    const isOn = last !== undefined && isOnAfter(last);
    const contrary = isOn ? "back" : "tripped";
    const mostMs = (isOn ? offDelayMs : onDelayMs) + 2 * PASS_MS;
    const lastAt = last === undefined ? 0 : uptimeOf(last.at) + ROUNDING_MS;
    const start = Math.max(this.#span.from, lastAt);
    let since: number | null = null;
    // Every second one lies between two moments, and stands for all of the time between them.
    for (let i = 1; i + 1 < this.#samples.length; i += 2) {
      const [before, { may }, behind] = this.#samples.slice(i - 1, i + 2) as [
        Sample,
        Sample,
        Sample,
      ];
      const end = Math.min(behind.at, to) - ROUNDING_MS;
      if (end < start) continue;
      if (may.size !== 1 || !may.has(contrary)) since = null;
      else since ??= Math.max(start, before.at) + ROUNDING_MS;
      if (since !== null && end - since > mostMs) {
        return `from ${since} to ${end} it is ${contrary}, and no event says so`;
      }
    }
    return null;
  }
}
