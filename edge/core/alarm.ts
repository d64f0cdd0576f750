import type { AlarmEvent } from "./event.ts";
import type { Reading, Value } from "./reading.ts";
import { isBad } from "./reading.ts";
import type { UptimeMs, WallMs } from "./time.ts";

/** The four warning levels of the emergency-response law, mildest first. */
export const SEVERITIES = ["blue", "yellow", "orange", "red"] as const;

/** One of the four warning levels. */
export type Severity = (typeof SEVERITIES)[number];

/**
 * Where an alarm stands in its life cycle (ISA-18.2 / IEC 62682, states A to F).
 *
 * - `normal`: no condition, nothing to acknowledge
 * - `unacknowledged`: the condition is present and nobody has answered
 * - `acknowledged`: the condition is present and somebody has answered
 * - `returned-unacknowledged`: the condition went away before anybody answered
 * - `latched-unacknowledged`, `latched-acknowledged`: the condition of a latching alarm went
 *   away; a reset is required
 */
export type AlarmStateName =
  | "normal"
  | "unacknowledged"
  | "acknowledged"
  | "returned-unacknowledged"
  | "latched-unacknowledged"
  | "latched-acknowledged";

/** A limit on one point. A high alarm trips at or above its setpoint, a low one at or below. */
export type AlarmRule = {
  readonly name: string;
  readonly point: string;
  readonly limit: "high" | "low";
  /** In the point's unit. */
  readonly setpoint: number;
  /** How far the value must come back from the setpoint to clear; in the point's unit, >= 0. */
  readonly deadband: number;
  /** How long the condition must hold before the alarm is raised, in milliseconds. */
  readonly onDelayMs: number;
  readonly severity: Severity;
  /** Whether the alarm stays, after its condition went away, until it is reset. */
  readonly latch: boolean;
};

/** The state of one alarm. */
export type AlarmState = {
  readonly name: AlarmStateName;
  /** Wall time of the last transition, or null when there never was one. */
  readonly since: WallMs | null;
  /** Since when the condition has held without the on-delay being over; null when it has not. */
  readonly pendingSince: UptimeMs | null;
};

/** What can move an alarm from one state to another. */
export type AlarmStimulus =
  | { readonly kind: "reading"; readonly reading: Reading }
  | { readonly kind: "acknowledge" | "reset"; readonly who: string };

/** A transition, without the time and the rule's own data, which the caller has. */
export type AlarmTransition = {
  readonly from: AlarmStateName;
  readonly to: AlarmStateName;
  readonly cause: AlarmEvent["cause"];
  readonly value: Value | null;
  readonly who?: string;
};

/** The state after a stimulus, and the transition if there was one. */
export type AlarmStep = {
  readonly state: AlarmState;
  readonly transition: AlarmTransition | null;
};

/** The state of an alarm that was never raised. */
export const NEVER_RAISED: AlarmState = { name: "normal", since: null, pendingSince: null };

/** Whether the condition is present in this state. */
export function isActive(name: AlarmStateName): boolean {
  return name === "unacknowledged" || name === "acknowledged";
}

/**
 * What `rule` makes of `stimulus`, arriving at wall time `at`, in `state`. A bad reading neither
 * raises nor clears (an unknown value proves nothing), nor does a text or a NaN.
 */
export function stepAlarm(
  rule: AlarmRule,
  state: AlarmState,
  stimulus: AlarmStimulus,
  at: WallMs,
): AlarmStep {
  switch (stimulus.kind) {
    case "reading":
      return stepReading(rule, state, stimulus.reading, at);
    case "acknowledge": {
      const to = AFTER_ACKNOWLEDGE[state.name];
      if (to === undefined) return { state, transition: null };
      return move(state, to, at, { cause: "acknowledged", value: null, who: stimulus.who });
    }
    case "reset":
      if (state.name !== "latched-acknowledged") return { state, transition: null };
      return move(state, "normal", at, { cause: "reset", value: null, who: stimulus.who });
  }
}

/** ISA-18.2 transitions on an acknowledgement; states left out ignore it. */
const AFTER_ACKNOWLEDGE: Partial<Record<AlarmStateName, AlarmStateName>> = {
  unacknowledged: "acknowledged",
  "returned-unacknowledged": "normal",
  "latched-unacknowledged": "latched-acknowledged",
};

function stepReading(rule: AlarmRule, state: AlarmState, reading: Reading, at: WallMs): AlarmStep {
  const value = asNumber(reading.value);
  if (isBad(reading.quality) || value === null) return { state, transition: null };
  if (isActive(state.name)) {
    if (!isBack(rule, value)) return { state, transition: null };
    return move(state, afterReturn(rule, state.name), at, {
      cause: "returned",
      value: reading.value,
    });
  }
  if (!trips(rule, value)) {
    return { state: { ...state, pendingSince: null }, transition: null };
  }
  const pendingSince = state.pendingSince ?? reading.uptime;
  if (reading.uptime - pendingSince < rule.onDelayMs) {
    return { state: { ...state, pendingSince }, transition: null };
  }
  const to = state.name === "latched-acknowledged" ? "acknowledged" : "unacknowledged";
  return move(state, to, at, { cause: rule.limit, value: reading.value });
}

function afterReturn(rule: AlarmRule, from: AlarmStateName): AlarmStateName {
  if (from === "acknowledged") return rule.latch ? "latched-acknowledged" : "normal";
  return rule.latch ? "latched-unacknowledged" : "returned-unacknowledged";
}

function move(
  { name: from }: AlarmState,
  to: AlarmStateName,
  at: WallMs,
  transition: Omit<AlarmTransition, "from" | "to">,
): AlarmStep {
  return {
    state: { name: to, since: at, pendingSince: null },
    transition: { from, to, ...transition },
  };
}

/** Equality trips: a value exactly at the setpoint raises the alarm. */
function trips({ limit, setpoint }: AlarmRule, value: number): boolean {
  return limit === "high" ? value >= setpoint : value <= setpoint;
}

/** The deadband acts on the return only (ISA-18.2): a high alarm at L clears at L - deadband. */
function isBack(rule: AlarmRule, value: number): boolean {
  const { limit, setpoint, deadband } = rule;
  if (trips(rule, value)) return false;
  return limit === "high" ? value <= setpoint - deadband : value >= setpoint + deadband;
}

function asNumber(value: Value | null): number | null {
  switch (typeof value) {
    case "number":
      return Number.isNaN(value) ? null : value;
    case "boolean":
      return value ? 1 : 0;
    case "bigint":
      return Number(value);
    default:
      return null;
  }
}
