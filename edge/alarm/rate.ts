import type { AlarmRule } from "../core/alarm.ts";
import { asNumber, verdictOf } from "../core/alarm-condition.ts";
import { withoutDust } from "../core/dust.ts";
import { isBad } from "../core/reading.ts";
import { slopeOf, Window } from "../measure/window.ts";
import { type Judge, movedByReadings, UNKNOWN } from "./finding.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * The judge of a rate of change: the slope of the line that fits the values of its window best. It
 * goes on across a value that is lost, and says nothing until they span half of the window, lest
 * the noise of a few raise an alarm.
 */
export function rateJudge(
  rule: Extract<AlarmRule, { limit: "rate" }>,
  around: Surroundings,
): Judge {
  const { point, setpoint, perMs, overMs, deadband } = rule;
  const window = new Window(overMs);
  const criterion = { limit: setpoint > 0 ? "high" : "low", setpoint } as const;
  return movedByReadings(
    ({ value: told, quality, uptime }) => {
      const value = isBad(quality) ? null : asNumber(told);
      if (value === null) {
        window.interrupt();
        return UNKNOWN;
      }
      window.add(value, uptime, quality !== "good");
      if (window.spanMs < overMs / 2) return UNKNOWN;
      const slope = slopeOf(window.stretches) * perMs;
      const rate = withoutDust(slope, Math.abs(slope));
      return { verdict: verdictOf(criterion, deadband, rate), value: rate };
    },
    (uptime, last) => around.isFresh(point, last, uptime),
  );
}
