import { type AlarmRule, type AlarmState, type AlarmStateName, SEVERITIES } from "./alarm.ts";
import type { WallMs } from "./time.ts";

/** What an alarm's state was judged by. */
export type AlarmBasis = Pick<AlarmRule, "point" | "limit" | "setpoint" | "severity">;

/** What is kept of an alarm over a restart. */
export type AlarmMemory = {
  readonly alarm: string;
  readonly state: AlarmStateName;
  readonly since: WallMs;
  readonly basis: AlarmBasis;
};

/**
 * What becomes of a remembered state under the configuration of today.
 *
 * - `kept`: the rule says what it said
 * - `milder`: another setpoint or severity; the state stands, the next reading judges it anew
 * - `graver`: likewise, but a higher severity or a stricter setpoint: whoever acknowledged the
 *   alarm has not answered this one
 * - `closed`: the rule is gone, or watches another point or another side: its state means nothing
 */
export type Resumption = "kept" | "milder" | "graver" | "closed";

/** The part of `rule` that its state depends on. */
export function basisOf({ point, limit, setpoint, severity }: AlarmRule): AlarmBasis {
  return { point, limit, setpoint, severity };
}

/** What becomes of `memory` under `rule`, which is undefined where the alarm was removed. */
export function resumptionOf(memory: AlarmMemory, rule: AlarmRule | undefined): Resumption {
  const { basis } = memory;
  if (rule?.point !== basis.point || rule.limit !== basis.limit) return "closed";
  const rise = SEVERITIES.indexOf(rule.severity) - SEVERITIES.indexOf(basis.severity);
  const shift = rule.setpoint - basis.setpoint;
  const isStricter = rule.limit === "high" ? shift < 0 : shift > 0;
  if (rise > 0 || isStricter) return "graver";
  return rise === 0 && shift === 0 ? "kept" : "milder";
}

/** `memory` as it is to be kept from wall time `at` on, under `rule` of today. */
export function resumed(memory: AlarmMemory, rule: AlarmRule | undefined, at: WallMs): AlarmMemory {
  const resumption = resumptionOf(memory, rule);
  if (rule === undefined || resumption === "closed") {
    return { ...memory, state: "normal", since: at };
  }
  const anew = resumption === "graver" ? UNANSWERED[memory.state] : undefined;
  const turn = anew === undefined ? {} : { state: anew, since: at };
  return { ...memory, ...turn, basis: basisOf(rule) };
}

/** The states that an acknowledgement led to, and those before it. */
const UNANSWERED: Partial<Record<AlarmStateName, AlarmStateName>> = {
  acknowledged: "unacknowledged",
  "latched-acknowledged": "latched-unacknowledged",
};

/** The state to go on from. An on-delay that was running starts anew. */
export function resumedState({ state, since }: AlarmMemory): AlarmState {
  return { name: state, since, pendingSince: null };
}
