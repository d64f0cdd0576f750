import type { AlarmRule } from "../edge/core/alarm.ts";
import { alarmsWithin, pointsBeside } from "../edge/core/alarm-condition.ts";
import type { InterlockAlarm } from "../edge/core/interlock.ts";

/** The points that `alarm`, one of `rules`, is judged by, through the alarms that it looks at. */
export function sightOf(alarm: string, rules: readonly AlarmRule[]): InterlockAlarm {
  const points = new Set<string>();
  const votes: { readonly points: readonly string[]; readonly spare: number }[] = [];
  const names = new Set([alarm]);
  // A set gives what is added to it on the way as well.
  for (const name of names) {
    const rule = rules.find((each) => each.name === name);
    if (rule?.limit === "vote") {
      const { of, setpoint, unknown } = rule;
      votes.push({ points: of, spare: of.length - (unknown === "left-out" ? 1 : setpoint) });
      continue;
    }
    if (rule === undefined) continue;
    const own = rule.limit === "expression" ? [] : [rule.point];
    for (const point of [...own, ...pointsBeside(rule, undefined)]) points.add(point);
    if (rule.limit === "expression") for (const inner of alarmsWithin(rule)) names.add(inner);
  }
  return { alarm, points: [...points], ...(votes.length > 0 && { votes }) };
}
