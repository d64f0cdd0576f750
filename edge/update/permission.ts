import type { AlarmStatus } from "../alarm/alarm-status.ts";
import { isActive, isLatched } from "../core/alarm.ts";
import type { InterlockStateName } from "../core/interlock.ts";
import { isWithin, type MaintenanceWindow } from "../core/maintenance.ts";
import type { ClockState, WallMs } from "../core/time.ts";
import type { UPDATE_ERRORS } from "../core/update-errors.ts";
import type { InterlockStatus } from "../interlock/status.ts";

/** What speaks for or against stopping a gateway now. */
export type RestartFacts = {
  readonly alarms: readonly Pick<AlarmStatus, "alarm" | "state">[];
  readonly interlocks: readonly Pick<InterlockStatus, "interlock" | "state">[];
  /** Whether somebody is at work on a calibration. */
  readonly isCalibrating: boolean;
  /** Whether a configuration is checked or on trial. */
  readonly isReconfiguring: boolean;
  /** When it may be stopped; none: at any time. */
  readonly windows: readonly MaintenanceWindow[];
  readonly timeZone: string;
  readonly at: WallMs;
  readonly clock: ClockState;
};

/** Whether a gateway may be restarted for a release now. */
export type Permission = {
  readonly permitted: boolean;
  /** Why not, as a code of the error table; null where it may. */
  readonly code: keyof typeof UPDATE_ERRORS | null;
  /** What is in the way, in English; null where nothing is. */
  readonly reason: string | null;
};

/** The states in which an interlock leaves its output alone and nothing asks for it. */
const AT_REST: ReadonlySet<InterlockStateName> = new Set(["idle", "overridden"]);

/**
 * Whether a gateway may be restarted. An alarm is in the way while its condition is present, be it
 * acknowledged or not, and while it is latched: the gas is there until it is not. One that is over
 * and was not acknowledged is not: it stays over a restart, and a box nobody visits must not go
 * without security fixes for it. What a person shelved or took out of service is not either, but
 * interlocks that act on it are. `isAnyTime`: the windows do not matter, somebody is there.
 */
export function permissionOf(facts: RestartFacts, isAnyTime: boolean): Permission {
  const { alarms, interlocks, windows, timeZone, at, clock } = facts;
  const acting = interlocks.find(({ state }) => !AT_REST.has(state) && state !== "testing");
  if (acting !== undefined) {
    return refused("update.interlock", `interlock ${acting.interlock} is ${acting.state}`);
  }
  const standing = alarms.find(({ state }) => isActive(state) || isLatched(state));
  if (standing !== undefined) {
    return refused("update.alarm", `alarm ${standing.alarm} is ${standing.state}`);
  }
  const work = workOf(facts);
  if (work !== null) return refused("update.busy", work);
  if (isAnyTime || windows.length === 0) return PERMITTED;
  if (clock === "unsynced") return refused("update.clock", "the clock is not synchronised");
  if (isWithin(windows, timeZone, at)) return PERMITTED;
  return refused("update.window", `it is outside update.windows by the clock of ${timeZone}`);
}

const PERMITTED: Permission = { permitted: true, code: null, reason: null };

/** What somebody is doing that must not be cut off. */
function workOf({ interlocks, isCalibrating, isReconfiguring }: RestartFacts): string | null {
  const tested = interlocks.find(({ state }) => state === "testing");
  if (tested !== undefined) return `interlock ${tested.interlock} is tested`;
  if (isCalibrating) return "somebody is at work on a calibration";
  return isReconfiguring ? "a configuration is on trial" : null;
}

function refused(code: NonNullable<Permission["code"]>, reason: string): Permission {
  return { permitted: false, code, reason };
}
