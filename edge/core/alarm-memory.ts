import {
  type ActedBy,
  type AlarmRule,
  type AlarmState,
  type AlarmStateName,
  isActive,
  isQuiet,
  NEVER_RAISED,
  SEVERITIES,
  type Shelf,
} from "./alarm.ts";
import { after, type ClockState, type Stamp, type WallMs } from "./time.ts";

/** What an alarm's state was judged by. */
export type AlarmBasis = Pick<AlarmRule, "point" | "limit" | "setpoint" | "severity"> & {
  /** What else its condition says, as a text; left out where that is nothing, or not known. */
  readonly besides?: string;
};

type KeptShelf = Omit<Shelf, "until"> & Partial<Pick<Shelf, "until">>;

/** What else there is to remember of an alarm; what is not so is left out. */
export type AlarmMore = {
  /** The condition is present, where the state's name does not tell. */
  readonly isOn?: true;
  /** `until` beside `boot` only. */
  readonly shelf?: KeptShelf;
  readonly isOut?: true;
  readonly isSuppressed?: true;
  readonly isFirst?: true;
  readonly realarms?: number;
  readonly by?: ActedBy;
};

/** What is kept of an alarm over a restart. */
export type AlarmMemory = {
  readonly alarm: string;
  readonly state: AlarmStateName;
  readonly since: WallMs;
  readonly basis: AlarmBasis;
  /** Left out where there is nothing. */
  readonly more?: AlarmMore;
};

/**
 * What becomes of a remembered state under the configuration of today.
 *
 * - `kept`: the rule says what it said
 * - `milder`: another setpoint or severity; the state stands, the next reading judges it anew
 * - `graver`: likewise, but a higher severity or a stricter setpoint, or a condition that says
 *   something else besides: whoever acknowledged or shelved the alarm has not answered this one
 * - `closed`: the rule is gone, or watches another point or in another way: its state means nothing
 */
export type Resumption = "kept" | "milder" | "graver" | "closed";

/** The part of `rule` that its state depends on. */
export function basisOf(rule: AlarmRule): AlarmBasis {
  const { point, limit, setpoint, severity } = rule;
  const more = besidesOf(rule);
  const besides = more === null ? {} : { besides: JSON.stringify(more) };
  return { point, limit, setpoint, severity, ...besides };
}

/** What the condition of `rule` says besides its setpoint; null for nothing. */
function besidesOf(rule: AlarmRule): unknown {
  switch (rule.limit) {
    case "high":
    case "low":
    case "equal":
    case "bad":
      return null;
    case "deviation":
      return rule.from;
    case "rate":
      return [rule.perMs, rule.overMs];
    case "silent":
      return rule.silentMs;
    case "expression":
      return [rule.formula, [...rule.inputs]];
    case "vote":
      return [rule.of, rule.each, rule.unknown];
  }
}

/** What is to be kept of the alarm of `rule` in `state`, which began at wall time `since`. */
export function memoryOf(rule: AlarmRule, state: AlarmState, since: WallMs): AlarmMemory {
  const more = moreOf(state);
  const kept = { alarm: rule.name, state: state.name, since, basis: basisOf(rule) };
  return Object.keys(more).length === 0 ? kept : { ...kept, more };
}

function moreOf(state: AlarmState): AlarmMore {
  const { name, isOn, shelf, isOut, isSuppressed, isFirst, realarms, by } = state;
  return {
    ...(isOn && isQuiet(name) ? { isOn } : {}),
    ...(shelf === null ? {} : { shelf: shelfKept(shelf) }),
    ...(isOut ? { isOut } : {}),
    ...(isSuppressed ? { isSuppressed } : {}),
    ...(isFirst ? { isFirst } : {}),
    ...(realarms > 0 ? { realarms } : {}),
    ...(by !== null && name !== "normal" ? { by } : {}),
  };
}

function shelfKept({ kind, from, clock, forMs, boot, until }: Shelf): KeptShelf {
  return { kind, from, clock, forMs, ...(boot === undefined ? {} : { boot, until }) };
}

/** What becomes of `memory` under `rule`, which is undefined where the alarm was removed. */
export function resumptionOf(memory: AlarmMemory, rule: AlarmRule | undefined): Resumption {
  const { basis } = memory;
  if (rule?.point !== basis.point || rule.limit !== basis.limit) return "closed";
  const rise = SEVERITIES.indexOf(rule.severity) - SEVERITIES.indexOf(basis.severity);
  const shift = shiftOf(rule, basis.setpoint);
  if (shift === null) return "closed";
  const { besides } = basisOf(rule);
  const isOther = basis.besides !== undefined && basis.besides !== besides;
  if (rise > 0 || shift > 0 || isOther) return "graver";
  return rise === 0 && shift === 0 ? "kept" : "milder";
}

/** Above 0 where the setpoint of `rule` is stricter than `before`; null: of another meaning. */
function shiftOf({ limit, setpoint }: AlarmRule, before: AlarmBasis["setpoint"]): number | null {
  if (typeof setpoint !== "number" || typeof before !== "number" || limit === "equal") {
    return setpoint === before ? 0 : null;
  }
  if (limit === "low") return setpoint - before;
  if (limit !== "rate") return before - setpoint;
  return setpoint > 0 === before > 0 ? Math.abs(before) - Math.abs(setpoint) : null;
}

/** `memory` as it is to be kept from wall time `at` on, under `rule` of today. */
export function resumed(memory: AlarmMemory, rule: AlarmRule | undefined, at: WallMs): AlarmMemory {
  const resumption = resumptionOf(memory, rule);
  const { more: _, ...bare } = memory;
  if (rule === undefined || resumption === "closed") {
    return { ...bare, state: "normal", since: at };
  }
  const basis = basisOf(rule);
  if (resumption !== "graver") return { ...memory, basis };
  if (memory.state === "shelved") {
    const state = memory.more?.isOn === true ? "unacknowledged" : "normal";
    return { ...bare, state, since: at, basis };
  }
  const anew = UNANSWERED[memory.state];
  const turn = anew === undefined || rule.ack === false ? {} : { state: anew, since: at };
  return { ...memory, ...turn, basis };
}

/** The states that an acknowledgement led to, and those before it. */
const UNANSWERED: Partial<Record<AlarmStateName, AlarmStateName>> = {
  acknowledged: "unacknowledged",
  "latched-acknowledged": "latched-unacknowledged",
};

type Now = Stamp & { readonly clock: ClockState; readonly boot?: string };

/**
 * The state to go on from at `now`. A delay that was running starts anew, and so does the time to
 * the next call of an acknowledged alarm; a shelf goes on for what is left of it.
 */
export function resumedState({ state: name, since, more = {} }: AlarmMemory, now: Now): AlarmState {
  const { shelf, isOn = false, ...rest } = more;
  return {
    ...NEVER_RAISED,
    ...rest,
    name,
    since,
    isOn: isActive(name) || isOn,
    shelf: shelf === undefined ? null : resumedShelf(shelf, now),
    answeredAt: name === "acknowledged" ? now.uptime : null,
  };
}

/** Elapsed time goes on within a boot of the machine, however the clock is set. */
function resumedShelf({ boot, until, ...shelf }: KeptShelf, now: Now): Shelf {
  const isOfThisBoot = boot !== undefined && boot === now.boot;
  const end = isOfThisBoot ? until : undefined;
  return {
    ...shelf,
    until: end ?? after(now.uptime, leftMs(shelf, now)),
    ...(now.boot === undefined ? {} : { boot: now.boot }),
  };
}

/**
 * How much of `shelf` is left. Only two times that can be believed tell: where one cannot, or the
 * clock went back, nobody knows how long the gateway was down, and the shelf is over.
 */
function leftMs({ from, clock, forMs }: KeptShelf, now: Pick<Now, "at" | "clock">): number {
  if (clock === "unsynced" || now.clock === "unsynced" || now.at < from) return 0;
  return Math.max(0, forMs - (now.at - from));
}
