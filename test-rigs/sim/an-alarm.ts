import type { AlarmStatus } from "../../edge/alarm/alarm-status.ts";

/** A high alarm at rest, with `some` of it different. */
export function anAlarm(some: Partial<AlarmStatus> = {}): AlarmStatus {
  return {
    alarm: "gas-high",
    point: "gas-1.gas",
    state: "normal",
    active: false,
    severity: "red",
    setpoint: 50,
    limit: "high",
    since: null,
    value: null,
    unit: null,
    until: null,
    group: null,
    first: false,
    by: null,
    ...some,
  };
}
