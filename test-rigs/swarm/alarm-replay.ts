import { isDeepStrictEqual } from "node:util";
import type { AlarmRule, AlarmStateName } from "../../edge/core/alarm.ts";
import type { AlarmMessage, Got } from "../sim/received.ts";
import { lifeAt, uptimeOf } from "./due-times.ts";
import type { Evidence } from "./invariants.ts";

/** Times are told in whole milliseconds: a delay may be off by so many. */
const ROUNDING_MS = 1;

/** What a reading makes of an alarm; `isSure` is false where whole milliseconds cannot tell. */
type Step = { readonly to: AlarmStateName; readonly isSure: boolean };

/**
 * Plays the readings once more through the rules, as ISA-18.2 defines them, and looks for an event
 * that no reading justifies and for one that is missing. Of a life that was killed the last
 * readings may be lost though the events that they caused were committed at once.
 */
export function findWrongAlarm(
  evidence: Evidence,
  readings: readonly Got[],
  events: readonly AlarmMessage[],
): string | null {
  const readingsOf = Map.groupBy(readings, ({ point }) => point);
  const rules = evidence.lives.flatMap(({ config }) => config.alarms);
  for (const { name, point } of new Map(rules.map((rule) => [rule.name, rule])).values()) {
    const own = events.filter(({ alarm }) => alarm === name);
    const wrong = new Replay(evidence, name, own).play(readingsOf.get(point) ?? []);
    if (wrong !== null) return `${name}: ${wrong}`;
  }
  return null;
}

/**
 * Looks for an alarm that stood when a restart changed or removed its rule and was not closed: its
 * next event must come in the new life, by no reading.
 */
export function findUnclosedAlarm(
  evidence: Evidence,
  events: readonly AlarmMessage[],
): string | null {
  const { lives } = evidence;
  for (const [index, { config, from }] of lives.entries()) {
    for (const old of lives[index - 1]?.config.alarms ?? []) {
      const rule = config.alarms.find(({ name }) => name === old.name);
      if (isDeepStrictEqual(rule, old)) continue;
      const own = events.filter(({ alarm }) => alarm === old.name);
      const isOld = ({ at }: AlarmMessage) => uptimeOf(evidence, at) < from - ROUNDING_MS;
      const last = own.findLast(isOld);
      const next = own.find((event) => !isOld(event));
      if (last === undefined || last.to === "normal") continue;
      if (next === undefined || isCausedByReading(next)) {
        return `${old.name} was ${last.to} when its rule changed at ${from} ms, and is not closed`;
      }
    }
  }
  return null;
}

function isCausedByReading({ cause }: AlarmMessage): boolean {
  return ["high", "low", "returned"].includes(cause ?? "");
}

/** One alarm, reading by reading. */
class Replay {
  readonly #evidence: Evidence;
  readonly #rules: readonly (AlarmRule | undefined)[];
  readonly #events: readonly AlarmMessage[];
  #next = 0;
  #state: AlarmStateName = "normal";
  /** Uptime since which the condition has held in this life; null when it does not. */
  #heldSince: number | null = null;
  #life = -1;

  constructor(evidence: Evidence, name: string, events: readonly AlarmMessage[]) {
    this.#evidence = evidence;
    this.#events = events;
    this.#rules = evidence.lives.map(({ config }) =>
      config.alarms.find((rule) => rule.name === name),
    );
  }

  play(readings: readonly Got[]): string | null {
    for (const reading of readings) {
      const uptime = uptimeOf(this.#evidence, reading.at);
      const life = lifeAt(this.#evidence, uptime);
      if (life !== this.#life) this.#heldSince = null;
      const wrong = this.#takeUntil(reading.at, life) ?? this.#judge(reading, uptime, life);
      if (wrong !== null) return wrong;
      this.#life = life;
    }
    return this.#takeUntil(Infinity, Infinity);
  }

  /** Takes the events before wall time `at`, in `life`, which no reading that came has caused. */
  #takeUntil(at: number, life: number): string | null {
    for (let event = this.#events[this.#next]; event; event = this.#events[this.#next]) {
      if (event.at >= at) return null;
      const own = lifeAt(this.#evidence, uptimeOf(this.#evidence, event.at));
      const isLost = own < life && this.#evidence.lives[own]?.isKilled === true;
      if (isCausedByReading(event) && !isLost) return `${textOf(event)}, which no reading says`;
      this.#take(event);
    }
    return null;
  }

  #judge(reading: Got, uptime: number, life: number): string | null {
    const rule = this.#rules[life];
    const { value, quality, at } = reading;
    if (rule === undefined || quality.startsWith("bad") || typeof value !== "number") return null;
    const step = this.#step(rule, value, uptime);
    const event = this.#events[this.#next];
    if (event?.at !== at) {
      if (step?.isSure !== true) return null;
      return `${value} at ${at} makes it ${step.to} from ${this.#state}, and no event says so`;
    }
    if (event.to !== step?.to || event.value !== value || event.setpoint !== rule.setpoint) {
      return `${textOf(event)}, but ${value} makes it ${step?.to ?? "stay"} in ${this.#state}`;
    }
    this.#take(event);
    return null;
  }

  #take(event: AlarmMessage): void {
    this.#state = event.to;
    this.#heldSince = null;
    this.#next++;
  }

  /** ISA-18.2: the on-delay and equality on the way up, the deadband on the way back. */
  #step(rule: AlarmRule, value: number, uptime: number): Step | null {
    const { limit, deadband, onDelayMs, latch } = rule;
    const setpoint = Number(rule.setpoint);
    const isHigh = limit === "high";
    const holds = isHigh ? value >= setpoint : value <= setpoint;
    if (this.#state === "unacknowledged" || this.#state === "acknowledged") {
      const isBack = isHigh ? value <= setpoint - deadband : value >= setpoint + deadband;
      return isBack && !holds ? { to: afterReturn(this.#state, latch), isSure: true } : null;
    }
    if (!holds) {
      this.#heldSince = null;
      return null;
    }
    this.#heldSince ??= uptime;
    const heldMs = uptime - this.#heldSince;
    if (onDelayMs > 0 && heldMs <= onDelayMs - ROUNDING_MS) return null;
    const to = this.#state === "latched-acknowledged" ? "acknowledged" : "unacknowledged";
    return { to, isSure: onDelayMs === 0 || heldMs >= onDelayMs + ROUNDING_MS };
  }
}

function afterReturn(state: "unacknowledged" | "acknowledged", latch: boolean): AlarmStateName {
  if (state === "acknowledged") return latch ? "latched-acknowledged" : "normal";
  return latch ? "latched-unacknowledged" : "returned-unacknowledged";
}

function textOf({ seq, from, to, value, at }: AlarmMessage): string {
  return `event ${seq} says from ${from} to ${to} by ${value} at ${at}`;
}
