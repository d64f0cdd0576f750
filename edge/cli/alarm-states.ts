import type { AlarmStateName } from "../core/alarm.ts";
import type { AlarmsTextKey } from "./alarms-text.ts";

/** What is told of a state, short enough for a table. */
export const SHORT_STATES = {
  normal: "normal",
  unacknowledged: "activeUnacked",
  acknowledged: "activeAcked",
  "returned-unacknowledged": "returnedUnacked",
  "latched-unacknowledged": "latchedUnacked",
  "latched-acknowledged": "latchedAcked",
  shelved: "isShelved",
  suppressed: "isSuppressed",
  "out-of-service": "isOut",
} as const satisfies Readonly<Record<AlarmStateName, AlarmsTextKey>>;
