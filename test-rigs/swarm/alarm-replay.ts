import { isDeepStrictEqual } from "node:util";
import type { AlarmRule, AlarmStateName } from "../../edge/core/alarm.ts";
import type { AlarmMessage, Got } from "../sim/received.ts";
import { keptUntil, lifeAt, uptimeOf } from "./due-times.ts";
import type { Evidence } from "./invariants.ts";

/** Times are told in whole milliseconds: a delay may be off by so many. */
const ROUNDING_MS = 1;
/** Time passes over the alarms once a second. */
const PASS_MS = 1_100;
/** A value lasts for three periods of its point. */
const STALE_PERIODS = 3;

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
  /** Since when at the latest, where whole seconds cannot tell whether it began anew. */
  #heldSinceLatest = 0;
  /** The newest reading of this life, and what was judged of it; null where that is bad. */
  #last: { readonly uptime: number; readonly told: number | null } | null = null;
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
      const wrong = this.#takeUntil(reading.at, life) ?? this.#findUnraised(life, uptime);
      if (wrong !== null) return wrong;
      if (life !== this.#life) {
        this.#heldSince = null;
        this.#last = null;
      }
      this.#life = life;
      this.#breakOff(uptime);
      const other = this.#judge(reading, uptime, life);
      if (other !== null) return other;
    }
    return this.#takeUntil(Infinity, Infinity) ?? this.#findUnraised(Infinity, Infinity);
  }

  /** Takes the events before wall time `at`, in `life`, which no reading that came has caused. */
  #takeUntil(at: number, life: number): string | null {
    for (let event = this.#events[this.#next]; event; event = this.#events[this.#next]) {
      const own = lifeAt(this.#evidence, uptimeOf(event.at));
      const isBefore = event.at < at || (event.at === at && this.#isByTime(event, own));
      if (!isBefore) return null;
      const isLost = own < life && this.#evidence.lives[own]?.isKilled === true;
      if (isCausedByReading(event) && !isLost && !this.#isByTime(event, own)) {
        return `${textOf(event)}, which no reading says`;
      }
      this.#take(event);
    }
    return null;
  }

  /** How long a reading tells something of now. */
  #staleMs({ point }: AlarmRule): number {
    const config = this.#evidence.lives[this.#life]?.config;
    return STALE_PERIODS * (config?.points.find(({ id }) => id === point)?.everyMs ?? 0);
  }

  /** Whether the delay of what the last reading said had run out at `event`, in its `life`. */
  #isByTime(event: AlarmMessage, life: number): boolean {
    const rule = this.#rules[life];
    const [last, since] = [this.#last, this.#heldSince];
    if (rule === undefined || life !== this.#life || since === null || !last) return false;
    const uptime = uptimeOf(event.at);
    const delayMs = this.#isOn ? (rule.offDelayMs ?? 0) : rule.onDelayMs;
    const to = this.#isOn ? afterReturn(this.#state, rule) : afterTrip(this.#state, rule);
    return (
      isCausedByReading(event) &&
      last.told !== null &&
      isNear(event.value, last.told) &&
      event.setpoint === rule.setpoint &&
      to.includes(event.to) &&
      uptime - since >= delayMs - ROUNDING_MS &&
      uptime - last.uptime <= this.#staleMs(rule) + ROUNDING_MS
    );
  }

  /** A delay that ran out before `to`, while the last reading still lasted, and moved nothing. */
  #findUnraised(life: number, to: number): string | null {
    const rule = this.#rules[this.#life];
    const own = this.#evidence.lives[this.#life];
    const last = this.#last;
    if (!rule || !own || !last || last.told === null || this.#heldSince === null) return null;
    const kept = life === this.#life ? to : Math.min(to, keptUntil(this.#evidence, own));
    const delayMs = this.#isOn ? (rule.offDelayMs ?? 0) : rule.onDelayMs;
    const due = this.#heldSinceLatest + delayMs + PASS_MS;
    const lasts = last.uptime + this.#staleMs(rule) - ROUNDING_MS;
    if (due > kept || due > lasts) return null;
    return `${last.told} at ${last.uptime} ms lasted until ${due} ms, and no event says so`;
  }

  /** A value that was stale before the next one, at `uptime`, breaks the off-delay. */
  #breakOff(uptime: number): void {
    const rule = this.#rules[this.#life];
    if (!this.#isOn || this.#last === null || rule === undefined) return;
    const staleForMs = uptime - this.#last.uptime - this.#staleMs(rule);
    if (staleForMs > PASS_MS) this.#heldSince = null;
    else if (staleForMs > 0) this.#heldSinceLatest = uptime;
  }

  #judge(reading: Got, uptime: number, life: number): string | null {
    const rule = this.#rules[life];
    const { value, quality, at } = reading;
    if (rule === undefined) return null;
    this.#last = { uptime, told: null };
    if (quality.startsWith("bad") || typeof value !== "number") {
      // An alarm that stands must not end by what is not known.
      if (this.#isOn) this.#heldSince = null;
      return null;
    }
    const told = rule.limit === "deviation" ? value - Number(rule.from) : value;
    this.#last = { uptime, told };
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
    if (this.#heldSince === null) this.#heldSinceLatest = uptime;
    this.#heldSince ??= uptime;
    const delayMs = this.#isOn ? offDelayMs : onDelayMs;
    if (delayMs > 0 && uptime - this.#heldSince <= delayMs - ROUNDING_MS) return null;
    const to = this.#isOn ? afterReturn(this.#state, rule) : afterTrip(this.#state, rule);
    const isOver = uptime - this.#heldSinceLatest >= delayMs + ROUNDING_MS;
    return { to, isSure: delayMs === 0 || isOver };
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
