import type { Formula } from "./formula.ts";
import type { Value } from "./reading.ts";

/** What a truth over points and alarms is worked out from. */
export type AlarmInput =
  | { readonly kind: "point"; readonly point: string }
  /** Whether the condition of that alarm is present, be it shelved or not. */
  | { readonly kind: "alarm"; readonly alarm: string };

/** A truth over points and other alarms; what is not known makes nothing true or false. */
export type AlarmFormula = {
  readonly formula: Formula;
  readonly inputs: ReadonlyMap<string, AlarmInput>;
};

/** What a value must be to trip: equality trips. */
export type Criterion =
  | { readonly limit: "high" | "low"; readonly setpoint: number }
  | { readonly limit: "equal"; readonly setpoint: Value };

/** What a bad input of a vote counts as. */
export const UNKNOWN_VOTES = ["as-tripped", "as-not", "left-out"] as const;

/**
 * What an alarm is raised by, on its own `point`.
 *
 * - `high`, `low`: the value is at or beyond the setpoint
 * - `equal`: the value is the setpoint, a number, a truth or a text
 * - `deviation`: it is at least `setpoint` away from `from`, a number or a point
 * - `rate`: it rises by at least `setpoint` (falls, where that is negative) in `perMs`, by the line
 *   that fits the values of `overMs` best
 * - `bad`: its quality is bad
 * - `silent`: no value has come for `silentMs` or longer
 * - `expression`: the formula is true (not 0)
 * - `vote`: at least `setpoint` of the points `of` meet the criterion `each`
 */
export type AlarmCondition =
  | Criterion
  | { readonly limit: "deviation"; readonly setpoint: number; readonly from: number | string }
  | {
      readonly limit: "rate";
      readonly setpoint: number;
      readonly perMs: number;
      readonly overMs: number;
    }
  | { readonly limit: "bad"; readonly setpoint: null }
  | { readonly limit: "silent"; readonly setpoint: null; readonly silentMs: number }
  | ({ readonly limit: "expression"; readonly setpoint: null } & AlarmFormula)
  | {
      readonly limit: "vote";
      /** How many must be tripped. */
      readonly setpoint: number;
      readonly of: readonly string[];
      readonly each: Criterion;
      readonly unknown: (typeof UNKNOWN_VOTES)[number];
    };

/** When an alarm is in force; at other times it is suppressed by design. */
export type Enabling = {
  /** In force while this is true, or not known. Null: always. */
  readonly when: AlarmFormula | null;
  /** First and last month of the season, 1 to 12, by the site's calendar, over the new year too. */
  readonly months: readonly [first: number, last: number] | null;
};

/** What a condition makes of a value. `between`: neither tripped nor back by the deadband. */
export type Verdict = "tripped" | "between" | "back" | "unknown";

/** Every point that `condition`, or `enabling`, looks at besides the alarm's own. */
export function pointsBeside(
  condition: AlarmCondition,
  enabling: Enabling | undefined,
): readonly string[] {
  const when = enabling?.when ?? null;
  return [...pointsWithin(condition), ...(when === null ? [] : pointsOf(when))];
}

function pointsWithin(condition: AlarmCondition): readonly string[] {
  switch (condition.limit) {
    case "deviation":
      return typeof condition.from === "string" ? [condition.from] : [];
    case "expression":
      return pointsOf(condition);
    case "vote":
      return condition.of;
    default:
      return [];
  }
}

function pointsOf({ inputs }: AlarmFormula): readonly string[] {
  return [...inputs.values()].flatMap((input) => (input.kind === "point" ? input.point : []));
}

/** Every other alarm that `of` looks at. */
export function alarmsWithin({ inputs }: AlarmFormula): readonly string[] {
  return [...inputs.values()].flatMap((input) => (input.kind === "alarm" ? input.alarm : []));
}

/**
 * What `criterion` makes of `value`. Equality trips. The deadband acts on the return only
 * (ISA-18.2): a high alarm at L clears at L - deadband, a low one at L + deadband; it means nothing
 * to `equal`. A text proves nothing to a limit, and a NaN nothing to any.
 */
export function verdictOf(criterion: Criterion, deadband: number, value: Value | null): Verdict {
  if (value === null || Number.isNaN(value)) return "unknown";
  const { limit, setpoint } = criterion;
  if (limit === "equal") return isSame(value, setpoint) ? "tripped" : "back";
  const number = asNumber(value);
  if (number === null) return "unknown";
  // How far it is beyond the setpoint, on the side that trips.
  const beyond = limit === "high" ? number >= setpoint : number <= setpoint;
  if (beyond) return "tripped";
  const isBack = limit === "high" ? number <= setpoint - deadband : number >= setpoint + deadband;
  return isBack ? "back" : "between";
}

/** `value` as a number, a truth as 1 or 0; null for a text and a NaN. */
export function asNumber(value: Value | null): number | null {
  switch (typeof value) {
    case "number":
      return Number.isNaN(value) ? null : value;
    case "boolean":
      return value ? 1 : 0;
    case "bigint":
      return Number(value);
    default:
      return null;
  }
}

/** A switch that is on is 1, and the other way round; a text is only the same text. */
function isSame(value: Value, setpoint: Value): boolean {
  if (typeof value === "string" || typeof setpoint === "string") return value === setpoint;
  return asNumber(value) === asNumber(setpoint);
}

/** What a vote comes to. */
export type Voted = { readonly verdict: Verdict; readonly count: number };

/**
 * The verdict of a vote of which at least `need` must be tripped; `null` stands for an input that
 * is bad. `left-out` degrades: with fewer known ones than `need` all of them must be tripped, and
 * with none nothing is known. `doubtful` of those that do not count may be tripped for all that is
 * known: where they would decide, the vote is neither tripped nor back.
 */
export function votedBy(
  inputs: readonly (boolean | null)[],
  need: number,
  unknown: (typeof UNKNOWN_VOTES)[number],
  doubtful = 0,
): Voted {
  const tripped = inputs.filter((input) => input === true).length;
  const bad = inputs.filter((input) => input === null).length;
  const count = tripped + (unknown === "as-tripped" ? bad : 0);
  const known = inputs.length - bad;
  if (unknown === "left-out" && known === 0) return { verdict: "unknown", count };
  const wanted = unknown === "left-out" ? Math.min(need, known) : need;
  if (count >= wanted) return { verdict: "tripped", count };
  return { verdict: count + doubtful >= wanted ? "between" : "back", count };
}
