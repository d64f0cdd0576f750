import { isDeepStrictEqual } from "node:util";
import type { AlarmRule, AlarmStateName } from "../../edge/core/alarm.ts";
import type { AlarmMessage, Got } from "../sim/received.ts";
import { lifeAt, uptimeOf } from "./due-times.ts";
import type { Evidence } from "./invariants.ts";

/** Times are told in whole milliseconds: a delay may be off by so many. */
const ROUNDING_MS = 1;

/** What a reading may make of an alarm; `isSure` is false where whole milliseconds cannot tell. */
type Step = { readonly to: readonly AlarmStateName[]; readonly isSure: boolean };

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
  for (const { name, point, limit } of new Map(rules.map((rule) => [rule.name, rule])).values()) {
    if (!REPLAYED.has(limit)) continue;
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
      const isOld = ({ at }: AlarmMessage) => uptimeOf(at) < from - ROUNDING_MS;
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
  return RAISING.has(cause ?? "") || cause === "returned";
}

/** The conditions that are replayed here. */
const REPLAYED: ReadonlySet<string> = new Set(["high", "low", "deviation"]);

/** The causes by which a condition comes. */
export const RAISING: ReadonlySet<string> = new Set([
  ...REPLAYED,
  ...["equal", "rate", "bad", "silent", "expression", "vote"],
]);

/** One alarm, reading by reading. */
class Replay {
  readonly #evidence: Evidence;
  readonly #rules: readonly (AlarmRule | undefined)[];
  readonly #events: readonly AlarmMessage[];
  #next = 0;
  #state: AlarmStateName = "normal";
  /** Whether the condition is present, its delays over. */
  #isOn = false;
  /** Uptime since which the condition has been other than that in this life; null when it is not. */
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
      const uptime = uptimeOf(reading.at);
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
      const own = lifeAt(this.#evidence, uptimeOf(event.at));
      const isLost = own < life && this.#evidence.lives[own]?.isKilled === true;
      if (isCausedByReading(event) && !isLost) return `${textOf(event)}, which no reading says`;
      this.#take(event);
    }
    return null;
  }

  #judge(reading: Got, uptime: number, life: number): string | null {
    const rule = this.#rules[life];
    const { value, quality, at } = reading;
    if (rule === undefined) return null;
    if (quality.startsWith("bad") || typeof value !== "number") {
      // An alarm that stands must not end by what is not known.
      if (this.#isOn) this.#heldSince = null;
      return null;
    }
    const told = rule.limit === "deviation" ? value - Number(rule.from) : value;
    // What somebody did, or a graver alarm, in the same millisecond is told beside it.
    while (this.#events[this.#next]?.at === at && !this.#isNextCaused()) {
      this.#take(this.#events[this.#next] as AlarmMessage);
    }
    const step = this.#step(rule, told, uptime);
    const event = this.#events[this.#next];
    if (event?.at !== at) {
      if (step?.isSure !== true) return null;
      return `${value} at ${at} makes it ${step.to} from ${this.#state}, and no event says so`;
    }
    const isRight = step?.to.includes(event.to) === true && isNear(event.value, told);
    if (!isRight || event.setpoint !== rule.setpoint) {
      return `${textOf(event)}, but ${value} makes it ${step?.to ?? "stay"} in ${this.#state}`;
    }
    this.#take(event);
    return null;
  }

  #isNextCaused(): boolean {
    const event = this.#events[this.#next];
    return event !== undefined && isCausedByReading(event);
  }

  #take(event: AlarmMessage): void {
    const isOn = isOnAfter(event);
    if (isOn !== this.#isOn) this.#heldSince = null;
    this.#state = event.to;
    this.#isOn = isOn;
    this.#next++;
  }

  /** ISA-18.2: the delays, equality on the way up, the deadband on the way back. */
  #step(rule: AlarmRule, value: number, uptime: number): Step | null {
    const { onDelayMs, offDelayMs = 0 } = rule;
    const { holds, isBack } = sidesOf(rule, value);
    if (this.#isOn ? !isBack : !holds) {
      this.#heldSince = null;
      return null;
    }
    this.#heldSince ??= uptime;
    const heldMs = uptime - this.#heldSince;
    const delayMs = this.#isOn ? offDelayMs : onDelayMs;
    if (delayMs > 0 && heldMs <= delayMs - ROUNDING_MS) return null;
    const to = this.#isOn ? afterReturn(this.#state, rule) : afterTrip(this.#state, rule);
    return { to, isSure: delayMs === 0 || heldMs >= delayMs + ROUNDING_MS };
  }
}

function sidesOf(rule: AlarmRule, value: number) {
  const { limit, deadband } = rule;
  const setpoint = Number(rule.setpoint);
  const judged = limit === "deviation" ? Math.abs(value) : value;
  const isHigh = limit !== "low";
  const holds = isHigh ? judged >= setpoint : judged <= setpoint;
  const isBack = isHigh ? judged <= setpoint - deadband : judged >= setpoint + deadband;
  return { holds, isBack: isBack && !holds };
}

/** A difference is told without its binary dust. */
function isNear(told: AlarmMessage["value"], value: number): boolean {
  return typeof told === "number" && Math.abs(told - value) < 1e-9;
}

const QUIET: ReadonlySet<string> = new Set(["shelved", "suppressed", "out-of-service"]);

/** Whether the condition is present after `event`. */
export function isOnAfter({ to, active }: AlarmMessage): boolean {
  return QUIET.has(to) ? active === true : to === "unacknowledged" || to === "acknowledged";
}

function afterTrip(state: AlarmStateName, { ack }: AlarmRule): readonly AlarmStateName[] {
  if (QUIET.has(state)) return [state];
  return [state === "latched-acknowledged" || ack === false ? "acknowledged" : "unacknowledged"];
}

function afterReturn(state: AlarmStateName, { latch }: AlarmRule): readonly AlarmStateName[] {
  // A shelf for one activation ends with it.
  if (state === "shelved") return ["shelved", "normal"];
  if (QUIET.has(state)) return [state];
  if (state === "acknowledged") return [latch ? "latched-acknowledged" : "normal"];
  return [latch ? "latched-unacknowledged" : "returned-unacknowledged"];
}

function textOf({ seq, from, to, value, at }: AlarmMessage): string {
  return `event ${seq} says from ${from} to ${to} by ${value} at ${at}`;
}
