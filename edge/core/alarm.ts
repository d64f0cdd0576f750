import type { AlarmCondition, Enabling } from "./alarm-condition.ts";
import type { ClockState, UptimeMs, WallMs } from "./time.ts";

/** The four warning levels of the emergency-response law, mildest first. */
export const SEVERITIES = ["blue", "yellow", "orange", "red"] as const;

/** One of the four warning levels. */
export type Severity = (typeof SEVERITIES)[number];

/**
 * Where an alarm stands in its life cycle (ISA-18.2 / IEC 62682, states A to I).
 *
 * - `normal`: no condition, nothing to acknowledge
 * - `unacknowledged`: the condition is present and nobody has answered
 * - `acknowledged`: the condition is present and somebody has answered, or nobody needs to
 * - `returned-unacknowledged`: the condition went away before anybody answered
 * - `latched-unacknowledged`, `latched-acknowledged`: the condition of a latching alarm went
 *   away; a reset is required
 * - `shelved`: somebody wants it silent for a time
 * - `suppressed`: by design, as it is not in force or a graver alarm of its group stands
 * - `out-of-service`: somebody took it out until it is put back
 *
 * In the last three the condition goes on being judged and told of; only nobody is called.
 */
export const ALARM_STATES = [
  "normal",
  "unacknowledged",
  "acknowledged",
  "returned-unacknowledged",
  "latched-unacknowledged",
  "latched-acknowledged",
  "shelved",
  "suppressed",
  "out-of-service",
] as const;

export type AlarmStateName = (typeof ALARM_STATES)[number];

/** How often an alarm that stands though it was answered calls again. */
export type Realarm = { readonly everyMs: number; readonly most: number };

/** A shelf may last so long where the configuration says nothing else: one shift. */
export const SHELVE_MAX_MS = 8 * 3_600_000;

/** A condition and what becomes of it. */
export type AlarmRule = AlarmCondition & {
  readonly name: string;
  /** The point it is judged by; of several the one that it is shown with. */
  readonly point: string;
  /**
   * How far the value must come back from the setpoint to clear; in its unit, >= 0. Of a vote that
   * of each point; without meaning where there is no limit.
   */
  readonly deadband: number;
  /** How long the condition must hold before the alarm is raised, in milliseconds. */
  readonly onDelayMs: number;
  /** How long it must be gone before the alarm clears, in milliseconds; left out: 0. */
  readonly offDelayMs?: number;
  readonly severity: Severity;
  /** Whether the alarm stays, after its condition went away, until it is reset. */
  readonly latch: boolean;
  /** Whether somebody must acknowledge it; left out: yes. */
  readonly ack?: boolean;
  /** While a graver alarm of the group stands, this one is suppressed; left out: no group. */
  readonly group?: string;
  /** Left out: it calls once. */
  readonly realarm?: Realarm;
  /** How long it may be shelved, in milliseconds; 0: never. Left out: `SHELVE_MAX_MS`. */
  readonly shelveMaxMs?: number;
  /** Left out: it is always in force. */
  readonly enabling?: Enabling;
};

/** How long an alarm is to be silent. A `one-shot` one also ends when the condition goes away. */
export type Shelf = {
  readonly kind: "timed" | "one-shot";
  /** When it was put there, and how far the clock was believed then. */
  readonly from: WallMs;
  readonly clock: ClockState;
  /** How long it lasts at the most, in milliseconds. */
  readonly forMs: number;
  /** When it ends, by the clock that never steps. */
  readonly until: UptimeMs;
  /** In which boot of the machine that is; left out: not known. */
  readonly boot?: string;
};

/** Who acted last, and why, where they had to say so. */
export type ActedBy = { readonly who: string; readonly reason?: string };

/** The state of one alarm. */
export type AlarmState = {
  readonly name: AlarmStateName;
  /** Wall time of the last transition, or null when there never was one. */
  readonly since: WallMs | null;
  /** Whether the condition is present, with its deadband and its delays. */
  readonly isOn: boolean;
  /** Since when the condition has been other than that without its delay being over; or null. */
  readonly pendingSince: UptimeMs | null;
  /** While it is out of service: when it comes back by itself; null for not before somebody says so. */
  readonly shelf: Shelf | null;
  readonly isOut: boolean;
  readonly isSuppressed: boolean;
  /** It was the first of its group to be raised. */
  readonly isFirst: boolean;
  /** How often it has called again since it was raised. */
  readonly realarms: number;
  /** Since when it has been acknowledged, in this run; null when it is not. */
  readonly answeredAt: UptimeMs | null;
  readonly by: ActedBy | null;
};

/** The state of an alarm that was never raised. */
export const NEVER_RAISED: AlarmState = {
  name: "normal",
  since: null,
  isOn: false,
  pendingSince: null,
  shelf: null,
  isOut: false,
  isSuppressed: false,
  isFirst: false,
  realarms: 0,
  answeredAt: null,
  by: null,
};

/**
 * Whether the condition is present in this state, and calls somebody. In `shelved`, `suppressed`
 * and `out-of-service` the name does not tell: what acts on the condition looks at `isOn`.
 */
export function isActive(name: AlarmStateName): boolean {
  return name === "unacknowledged" || name === "acknowledged";
}

/** Whether nobody is called whatever the condition is (OPC UA Part 9, SuppressedOrShelved). */
export function isQuiet(name: AlarmStateName): boolean {
  return name === "shelved" || name === "suppressed" || name === "out-of-service";
}

/** Whether the condition of a latching alarm went away and a reset is awaited. */
export function isLatched(name: AlarmStateName): boolean {
  return name === "latched-unacknowledged" || name === "latched-acknowledged";
}
