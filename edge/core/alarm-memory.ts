import type { AlarmRule, AlarmState, AlarmStateName } from "./alarm.ts";
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
 * - `changed`: another setpoint or severity; the state stands, the next reading judges it anew
 * - `closed`: the rule is gone, or watches another point or another side: its state means nothing
 */
export type Resumption = "kept" | "changed" | "closed";

/** The part of `rule` that its state depends on. */
export function basisOf({ point, limit, setpoint, severity }: AlarmRule): AlarmBasis {
  return { point, limit, setpoint, severity };
}

/** What becomes of `memory` under `rule`, which is undefined where the alarm was removed. */
export function resumptionOf(memory: AlarmMemory, rule: AlarmRule | undefined): Resumption {
  const { basis } = memory;
  if (rule?.point !== basis.point || rule.limit !== basis.limit) return "closed";
  const isSame = rule.setpoint === basis.setpoint && rule.severity === basis.severity;
  return isSame ? "kept" : "changed";
}

/** The state to go on from. An on-delay that was running starts anew. */
export function resumedState({ state, since }: AlarmMemory): AlarmState {
  return { name: state, since, pendingSince: null };
}
