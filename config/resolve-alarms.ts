import { type AlarmRule, SHELVE_MAX_MS } from "../edge/core/alarm.ts";
import type { AlarmCondition, Enabling } from "../edge/core/alarm-condition.ts";
import { conditionOf } from "./alarm-condition.ts";
import { enablingOf } from "./alarm-formula.ts";
import { checkPoints, shownPoints } from "./alarm-points.ts";
import type { Findings } from "./findings.ts";
import { nearest } from "./nearest.ts";
import type { PointLookup } from "./point-directory.ts";
import type { Path } from "./problems.ts";
import type { Draft } from "./salvage.ts";
import type { AlarmInput } from "./schema.ts";

type Find = (id: string) => PointLookup;

/** How often an alarm calls again where the file does not say. */
const REALARM_MAX = 5;

/** Checks every alarm; returns the rules of those that are sound. */
export function resolveAlarms(draft: Draft, find: Find, findings: Findings): readonly AlarmRule[] {
  const context = { draft, find, findings };
  const rules: AlarmRule[] = [];
  const pointFor = shownPoints(draft);
  for (const [name, input] of Object.entries(draft.config.alarms ?? {})) {
    const path = ["alarms", name];
    checkInterlock(input.interlock, draft.interlocks, [...path, "interlock"], findings);
    const condition = conditionOf(input, path, context);
    const enabling = enablingOf(input, path, context);
    const isSound = checkPoints(name, input, condition, context);
    const point = pointFor(name);
    if (point === "circle" || point === "none") {
      if (condition !== null) findings.add(POINTLESS[point], null, path, "key");
      continue;
    }
    const { severity } = input;
    if (!isSound || condition === null || severity === undefined || point === "unsure") continue;
    rules.push(ruleOf(name, point, condition, enabling, { ...input, severity }));
  }
  checkGroups(draft, findings);
  return rules;
}

const POINTLESS = { circle: "alarm-circle", none: "alarm-no-point" } as const;

function ruleOf(
  name: string,
  point: string,
  condition: AlarmCondition,
  enabling: Enabling | undefined,
  input: AlarmInput & { readonly severity: AlarmRule["severity"] },
): AlarmRule {
  const { deadband, onDelay, offDelay, severity, latch, ack, group, realarm } = input;
  const { realarmMax = REALARM_MAX, shelveMax } = input;
  return {
    ...{ name, point, ...condition, deadband, onDelayMs: onDelay, severity, latch },
    // What is as it is without a word is left out.
    ...(offDelay === 0 ? {} : { offDelayMs: offDelay }),
    ...(ack ? {} : { ack }),
    ...(group === undefined ? {} : { group }),
    ...(realarm === undefined ? {} : { realarm: { everyMs: realarm, most: realarmMax } }),
    ...(shelveMax === SHELVE_MAX_MS ? {} : { shelveMaxMs: shelveMax }),
    ...(enabling === undefined ? {} : { enabling }),
  };
}

/** A group says something only where it has several alarms. */
function checkGroups(draft: Draft, findings: Findings): void {
  const alarms = Object.entries(draft.config.alarms ?? {});
  const groups = Map.groupBy(alarms, ([, { group }]) => group);
  for (const [group, members] of groups) {
    const [only, second] = members;
    if (group === undefined || only === undefined || second !== undefined) continue;
    if (draft.alarms.length > alarms.length) continue;
    findings.add("group-of-one", { name: group }, ["alarms", only[0], "group"]);
  }
}

function checkInterlock(
  name: string | undefined,
  known: readonly string[],
  path: Path,
  findings: Findings,
): void {
  if (name === undefined || known.includes(name)) return;
  findings.add("unknown-interlock", { name, nearest: nearest(name, known), known }, path);
}
