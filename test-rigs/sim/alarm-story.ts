import { parseFormula } from "../../config/formula.ts";
import { AlarmDesk } from "../../edge/alarm/alarm-desk.ts";
import type { AlarmRule } from "../../edge/core/alarm.ts";
import type { AlarmCondition, AlarmFormula, AlarmInput } from "../../edge/core/alarm-condition.ts";
import type { AlarmMemory } from "../../edge/core/alarm-memory.ts";
import type { AlarmEvent } from "../../edge/core/event.ts";
import type { Quality, Reading, Value } from "../../edge/core/reading.ts";
import type { UptimeMs, WallMs } from "../../edge/core/time.ts";
import { SimClock } from "./clock.ts";

/** An alarm `a` on point `p`, with `condition` and `more` of its own. */
export function ruleOf(condition: AlarmCondition, more: Partial<AlarmRule> = {}): AlarmRule {
  const common = { deadband: 0, onDelayMs: 0, severity: "red", latch: false } as const;
  return { name: "a", point: "p", ...common, ...condition, ...more } as AlarmRule;
}

/** A truth over `inputs`, written as in a configuration. */
export function formulaOf(
  text: string,
  inputs: Readonly<Record<string, AlarmInput>>,
): AlarmFormula {
  const parsed = parseFormula(text, Object.keys(inputs));
  if (!("formula" in parsed)) throw new Error(text);
  return { formula: parsed.formula, inputs: new Map(Object.entries(inputs)) };
}

/** An input that is a point. */
export const point = (id: string) => ({ kind: "point", point: id }) as const;
/** An input that is another alarm. */
export const alarm = (name: string) => ({ kind: "alarm", alarm: name }) as const;

/** Time goes by from second to second, and each second brings readings of some points. */
export async function story(
  rules: readonly AlarmRule[],
  seconds: readonly Readonly<Record<string, Value | Quality>>[],
  { staleS = 3600, wall = 0, memories = [] as readonly AlarmMemory[] } = {},
) {
  const clock = new SimClock();
  if (wall !== 0) clock.stepWall(wall - clock.now());
  const events: AlarmEvent[] = [];
  const desk = new AlarmDesk({
    clock,
    rules,
    memories,
    unitOf: () => "m",
    staleAfterMs: () => staleS * 1000,
    onEvent: (event) => events.push(event),
  });
  desk.resume();
  const told: string[] = [];
  for (const [second, values] of seconds.entries()) {
    const stamp = { at: clock.now() as WallMs, uptime: clock.uptime() as UptimeMs };
    const readings = Object.entries(values).map(([id, value]): Reading => {
      const isBad = typeof value === "string" && value.startsWith("bad:");
      const quality = isBad ? (value as Quality) : "good";
      return { point: id, value: isBad ? null : value, quality, ...stamp };
    });
    desk.judge(readings);
    desk.pass();
    for (const event of events.splice(0)) {
      told.push(`${event.alarm} ${event.to} by ${event.cause} ${event.value} @${second}`);
    }
    await clock.advance(1000);
  }
  return { told, desk };
}

/** A second in which nothing is read. */
export const NOTHING = {};

/** An alarm that stood when the gateway ended. */
export function standing({ point: id, limit, setpoint, severity }: AlarmRule): AlarmMemory {
  const basis = { point: id, limit, setpoint, severity };
  return { alarm: "a", state: "unacknowledged", since: 0 as WallMs, basis };
}
