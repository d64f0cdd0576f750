import type { AlarmCondition, Criterion } from "../edge/core/alarm-condition.ts";
import { formulaOver } from "./alarm-formula.ts";
import { CONDITION_KEYS } from "./alarm-schema.ts";
import type { Findings } from "./findings.ts";
import type { PointLookup } from "./point-directory.ts";
import type { Path } from "./problems.ts";
import type { Draft } from "./salvage.ts";
import type { AlarmInput } from "./schema.ts";

/** Where alarms and points are looked up, and what is wrong is noted. */
export type AlarmContext = {
  readonly draft: Draft;
  readonly find: (id: string) => PointLookup;
  readonly findings: Findings;
};

/** Keys that say something only beside another one. */
const BESIDE = {
  from: "deviation",
  per: "rate",
  over: "rate",
  of: "when",
  need: "vote",
  unknown: "vote",
  realarmMax: "realarm",
} as const satisfies Partial<Record<keyof AlarmInput, keyof AlarmInput>>;

/** Keys without which another one says nothing. */
const NEEDED = [
  ["deviation", "from"],
  ["rate", "over"],
  ["vote", "need"],
] as const;

const PER_DEFAULT_MS = 60_000;

type Key = (typeof CONDITION_KEYS)[number];

/** The condition of the alarm at `path`; null where it has none that is sound, which is noted. */
export function conditionOf(
  input: AlarmInput,
  path: Path,
  context: AlarmContext,
): AlarmCondition | null {
  const { draft, findings } = context;
  checkCompany(input, path, context);
  const [key, second] = CONDITION_KEYS.filter((each) => isWritten(input, each));
  if (second !== undefined) {
    findings.add("alarm-limit", { count: 2 }, [...path, second], "key");
    return null;
  }
  if (key === undefined) {
    if (CONDITION_KEYS.some((each) => draft.mayHave(path, each))) return null;
    findings.add("alarm-limit", { count: 0 }, path, "key");
    return null;
  }
  if (NEEDED.some(([has, needs]) => has in input && !(needs in input))) return null;
  return input.vote === undefined
    ? conditionBy(key, input, path, context)
    : voteOf(key, input, input.vote, path, context);
}

function isWritten(input: AlarmInput, key: Key): boolean {
  return key === "bad" ? input.bad === true : input[key] !== undefined;
}

/** Notes keys that say nothing by themselves, and those that are missing beside others. */
function checkCompany(input: AlarmInput, path: Path, { draft, findings }: AlarmContext): void {
  for (const [name, here] of Object.entries(BESIDE) as [keyof AlarmInput, keyof AlarmInput][]) {
    if (input[name] === undefined || input[here] !== undefined) continue;
    if (!draft.mayHave(path, here))
      findings.add("alarm-key", { name, here }, [...path, name], "key");
  }
  for (const [here, name] of NEEDED) {
    if (input[here] === undefined || input[name] !== undefined) continue;
    if (draft.mayHave(path, name)) continue;
    findings.add("alarm-key-missing", { name, here }, [...path, here], "key");
  }
}

function conditionBy(
  key: Key,
  input: AlarmInput,
  path: Path,
  context: AlarmContext,
): AlarmCondition | null {
  switch (key) {
    case "high":
    case "low":
    case "equals":
      return criterionOf(key, input);
    case "deviation":
      return { limit: "deviation", setpoint: input.deviation ?? 0, from: input.from ?? 0 };
    case "rate": {
      const { rate = 0, per = PER_DEFAULT_MS, over = PER_DEFAULT_MS } = input;
      if (rate === 0) context.findings.add("rate-zero", null, [...path, "rate"]);
      return { limit: "rate", setpoint: rate, perMs: per, overMs: over };
    }
    case "bad":
      return { limit: "bad", setpoint: null };
    case "silent":
      return { limit: "silent", setpoint: null, silentMs: input.silent ?? 0 };
    case "when": {
      // What stands wrong in `of` was told; that the formula lacks it must not be told besides.
      if (context.draft.mayHave(path, "of") && input.of === undefined) return null;
      const formula = formulaOver(input.when ?? "", input.of ?? {}, path, context);
      return formula === null ? null : { limit: "expression", setpoint: null, ...formula };
    }
  }
}

function criterionOf(key: Key, { high = 0, low = 0, equals = true }: AlarmInput): Criterion | null {
  switch (key) {
    case "high":
      return { limit: "high", setpoint: high };
    case "low":
      return { limit: "low", setpoint: low };
    case "equals":
      return { limit: "equal", setpoint: equals };
    default:
      return null;
  }
}

function voteOf(
  key: Key,
  input: AlarmInput,
  of: readonly string[],
  path: Path,
  { findings }: AlarmContext,
): AlarmCondition | null {
  const { need = 1, unknown = "as-tripped" } = input;
  const each = criterionOf(key, input);
  if (each === null) findings.add("alarm-vote-of", null, [...path, key], "key");
  if (need > of.length) {
    findings.add("more-than-sources", { key: "need", count: of.length }, [...path, "need"]);
  }
  for (const point of new Set(of.filter((source, i) => of.indexOf(source) !== i))) {
    findings.add("same-source", { point }, [...path, "vote"]);
  }
  return each === null ? null : { limit: "vote", setpoint: need, of, each, unknown };
}
