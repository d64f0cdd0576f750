import type { ActedBy, AlarmRule, AlarmState } from "../core/alarm.ts";
import type { Value } from "../core/reading.ts";
import type { Stamp, WallMs } from "../core/time.ts";

/** One alarm for `status` and `alarms`. */
export type AlarmStatus = {
  readonly alarm: string;
  readonly point: string;
  readonly state: AlarmState["name"];
  /** Whether the condition is present, be the alarm shelved or not. */
  readonly active: boolean;
  readonly severity: AlarmRule["severity"];
  readonly setpoint: AlarmRule["setpoint"];
  readonly limit: AlarmRule["limit"];
  readonly since: WallMs | null;
  /** What it was judged by last; null before, and where its condition has no value. */
  readonly value: Value | null;
  /** UCUM code of `value` and `setpoint`, or null. */
  readonly unit: string | null;
  /** Until when it is shelved, or out of service, at the latest; null for no such time. */
  readonly until: WallMs | null;
  readonly group: string | null;
  readonly first: boolean;
  /** Who acted last, or null. */
  readonly by: ActedBy | null;
};

/** What is to be told of the alarm of `rule` at `now`. */
export function alarmStatus(
  rule: AlarmRule,
  state: AlarmState,
  now: Stamp,
  judged: { readonly value: Value | null; readonly unit: string | null },
): AlarmStatus {
  const { name: alarm, point, severity, setpoint, limit, group = null } = rule;
  const { name, since, isOn, isFirst, shelf } = state;
  const leftMs = shelf === null ? 0 : Math.max(0, Math.round(shelf.until - now.uptime));
  const until = shelf === null ? null : ((now.at + leftMs) as WallMs);
  return {
    ...{ alarm, point, state: name, active: isOn, severity, setpoint, limit, since },
    ...judged,
    ...{ until, group, first: isFirst, by: name === "normal" ? null : state.by },
  };
}

/** The unit of what `rule` compares, where that of its point is `unit`. */
export function unitOfRule(rule: AlarmRule, unit: string | null): string | null {
  switch (rule.limit) {
    case "high":
    case "low":
    case "deviation":
    case "equal":
      return unit;
    case "rate": {
      const per = UCUM_TIMES[rule.perMs];
      return unit === null || per === undefined ? null : `${unit}/${per}`;
    }
    default:
      return null;
  }
}

const UCUM_TIMES: Readonly<Record<number, string>> = {
  1000: "s",
  60000: "min",
  3600000: "h",
  86400000: "d",
};
