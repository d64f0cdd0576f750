import { parseFormula } from "../../config/formula.ts";
import type { PointConfig } from "../../config/gateway-config.ts";
import type { AlarmRule } from "../../edge/core/alarm.ts";
import type { AlarmCondition, AlarmFormula, AlarmInput } from "../../edge/core/alarm-condition.ts";
import type { Random } from "../sim/random.ts";

/** True, false, or null where that is not known. */
export type Trit = boolean | null;

/** An expression as it is configured, and the same in the words of the replay (Kleene's logic). */
export type Expression = {
  readonly text: string;
  readonly truth: (over: Trit, near: Trit, other: Trit) => Trit;
};

/** Of two points `x` and `y`, and another alarm `a`. */
export const EXPRESSIONS: readonly Expression[] = [
  { text: "x > 300 && y > -300", truth: (over, near) => both(over, near) },
  { text: "x > 300 || a", truth: (over, _, other) => not(both(not(over), not(other))) },
  { text: "!a && y > -300", truth: (_, near, other) => both(not(other), near) },
];

/** What `x` is compared with, and `y`. */
export const OVER = 300;
export const NEAR = -300;

function both(one: Trit, two: Trit): Trit {
  if (one === false || two === false) return false;
  return one === null || two === null ? null : true;
}

function not(one: Trit): Trit {
  return one === null ? null : !one;
}

/**
 * Alarms of the kinds that are judged by more than one value against a limit. Few of each kind, so
 * that a run is not slowed down by them; `alarms` are those that an expression may look at.
 */
export function drawConditionAlarms(
  random: Random,
  points: readonly PointConfig[],
  alarms: readonly AlarmRule[],
): readonly AlarmRule[] {
  const swinging = points.filter(({ scale }) => scale !== 1);
  const coils = points.filter(({ type }) => type === "bool");
  const states = coils.length > 0 ? coils : points.filter(({ type }) => type === "uint16");
  const one = () => random.pick(swinging);
  const rate = random.pick([30, -30]);
  const drawn = [
    ruleOf(random, "rate", one(), { ...RATE, setpoint: rate }),
    ruleOf(random, "bad", one(), { limit: "bad", setpoint: null }),
    // Most silences are short, and of most units there is none.
    ...swinging.slice(0, SILENT_MOST).map((point, i) => {
      const silentMs = random.pick([3_000, 6_000, 12_000]);
      return ruleOf(random, `silent-${i}`, point, { limit: "silent", setpoint: null, silentMs });
    }),
    ...(states.length === 0 ? [] : [drawEqual(random, random.pick(states))]),
  ];
  const judged = alarms.filter(({ limit }) => limit === "high" || limit === "deviation");
  if (judged.length === 0) return drawn;
  const which = random.integer(0, EXPRESSIONS.length - 1);
  const [x, y] = [one(), one()];
  const inputs = {
    x: { kind: "point", point: x.id },
    y: { kind: "point", point: y.id },
    a: { kind: "alarm", alarm: random.pick(judged).name },
  } as const;
  const formula = formulaOf(EXPRESSIONS[which]?.text ?? "", inputs);
  const condition = { limit: "expression", setpoint: null, ...formula } as const;
  return [...drawn, ruleOf(random, `expression-${which}`, x, condition)];
}

const SILENT_MOST = 4;

/** No multiple of a period, so that no value is on the edge of its window. */
const RATE = { limit: "rate", perMs: 1_000, overMs: 8_300 } as const;

/** A coil is off until somebody writes to it; a counter of answers is each number once. */
function drawEqual(random: Random, point: PointConfig): AlarmRule {
  const setpoint = point.type === "bool" ? random.chance(0.7) : random.integer(2, 30);
  return ruleOf(random, "equal", point, { limit: "equal", setpoint });
}

function ruleOf(
  random: Random,
  name: string,
  { id }: PointConfig,
  condition: AlarmCondition,
): AlarmRule {
  const offDelayMs = random.pick([0, 0, 2_000]);
  return {
    ...{ name: `of-${name}`, point: id, ...condition },
    deadband: condition.limit === "rate" ? random.pick([0, 10]) : 0,
    onDelayMs: random.pick([0, 0, 1_500, 4_000]),
    ...(offDelayMs === 0 ? {} : { offDelayMs }),
    ...(random.chance(0.3) ? { ack: false } : {}),
    severity: "yellow",
    latch: random.chance(0.2),
  } as AlarmRule;
}

/** Only those of `inputs` that it has; one that is not there is no part of it. */
function formulaOf(text: string, inputs: Readonly<Record<string, AlarmInput>>): AlarmFormula {
  const own = Object.entries(inputs).filter(([name]) => text.includes(name));
  const parsed = parseFormula(
    text,
    own.map(([name]) => name),
  );
  if (!("formula" in parsed)) throw new Error(`no formula: ${text}`);
  return { formula: parsed.formula, inputs: new Map(own) };
}
