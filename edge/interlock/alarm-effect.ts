import { type AlarmStateName, isActive } from "../core/alarm.ts";

/**
 * What an alarm in this state means for its interlocks.
 *
 * - `on`: it asks for them
 * - `off`: it does not
 * - `out`: it does not, nor does a bad point of it
 */
export function effectOf(state: AlarmStateName): "on" | "off" | "out" {
  return isActive(state) ? "on" : "off";
}
