import type { AlarmRule } from "../edge/core/alarm.ts";
import { isLevel } from "../edge/core/board.ts";
import type { Condition, DeadMan, InterlockRule } from "../edge/core/interlock.ts";
import type { Findings } from "./findings.ts";
import type { AnyPoint } from "./gateway-config.ts";
import { asOutput, checkOutput, checkOutputs, type OutputPoint } from "./interlock-output.ts";
import { sightOf } from "./interlock-sight.ts";
import type { PointLookup } from "./point-directory.ts";
import type { Path } from "./problems.ts";
import type { Draft } from "./salvage.ts";
import type { InterlockInput } from "./schema.ts";

/** What an interlock is resolved with. */
type Context = {
  readonly draft: Draft;
  readonly find: (id: string) => PointLookup;
  readonly findings: Findings;
};

/** Checks every interlock; returns the rules of those that can act on `alarms`. */
export function resolveInterlocks(
  context: Context,
  alarms: readonly AlarmRule[],
): readonly InterlockRule[] {
  const { draft, findings } = context;
  const outputs = new Map<string, OutputPoint>();
  const rules = Object.entries(draft.config.interlocks ?? {}).flatMap(([name, input]) => {
    const path = ["interlocks", name];
    const point = outputOf(context, input, path);
    const permissive = (input.permissive ?? []).flatMap(
      (each, at) => conditionOf(context, each, [...path, "permissive", at]) ?? [],
    );
    const deadMan = deadManOf(context, input, point, [...path, "deadMan"]);
    checkTimes(input, path, findings);
    const named = Object.entries(draft.config.alarms ?? {})
      .filter(([, alarm]) => alarm.interlock === name)
      .map(([alarm]) => alarm);
    if (named.length === 0) findings.add("interlock-unused", null, path, "key");
    if (point === null || input.write === undefined || input.value === undefined) return [];
    outputs.set(name, point);
    const { write, value, release = null, onFault, minOn, maxOn = null, retries } = input;
    const rule: InterlockRule = {
      name,
      write,
      value,
      release,
      alarms: named.map((alarm) => sightOf(alarm, alarms)),
      onFault,
      faultAfterMs: input.faultAfter,
      minOnMs: minOn,
      maxOnMs: maxOn,
      verify: input.verify ?? !clears(point),
      retries,
      retryEveryMs: input.retryEvery,
      expiryMs: input.expiry,
      testMs: input.test,
      permissive,
      deadMan,
    };
    return [rule];
  });
  checkOutputs(rules, outputs, findings);
  return rules;
}

/** GPIO lines have such names: one who writes them wants to be told that they are no outputs here. */
const GPIO = /^gpio/i;

function outputOf({ find, findings }: Context, input: InterlockInput, at: Path) {
  const { write } = input;
  if (write === undefined) return null;
  const path = [...at, "write"];
  const lookup = find(write);
  if (lookup.kind === "unsure") return null;
  if (lookup.kind === "unknown") {
    const { nearest, known } = lookup;
    if (GPIO.test(write)) findings.add("interlock-no-gpio", { name: write }, path);
    else findings.add("unknown-point", { name: write, nearest, known }, path);
    return null;
  }
  const point = asOutput(lookup.point);
  if (point === null) {
    const { id } = lookup.point;
    const isPin = "input" in lookup.point && isLevel(lookup.point.input);
    findings.add(isPin ? "interlock-not-writable" : "interlock-no-output", { point: id }, path);
    return null;
  }
  if (!point.write) {
    findings.add("interlock-not-writable", { point: point.id }, path);
    return null;
  }
  if (input.verify === true && clears(point)) {
    findings.add("interlock-verify", { point: point.id }, [...at, "verify"]);
  }
  for (const key of ["value", "release"] as const) {
    const value = input[key];
    if (value !== undefined) checkOutput(value, point, [...at, key], findings);
  }
  return point;
}

/** Whether reading `point` clears it, so that it cannot be read back. */
function clears(point: OutputPoint): boolean {
  return "readClears" in point && point.readClears;
}

function conditionOf(
  context: Context,
  input: NonNullable<InterlockInput["permissive"]>[number],
  path: Path,
): Condition | null {
  const { findings } = context;
  const said = (["is", "above", "below"] as const).filter((key) => input[key] !== undefined);
  const [test] = said;
  if (test === undefined || said.length > 1) {
    findings.add("interlock-condition", { count: said.length }, path);
    return null;
  }
  const point = pointOf(context, input.point, [...path, "point"]);
  const { type } = point ?? {};
  const fits = type === "bool" ? test === "is" : type !== "string" && test !== "is";
  if (point !== null && type !== undefined && !fits) {
    findings.add("interlock-condition-type", { point: point.id, type }, [...path, test]);
    return null;
  }
  return { point: input.point, test, than: input[test] ?? false };
}

function pointOf({ find, findings }: Context, name: string, path: Path): AnyPoint | null {
  const lookup = find(name);
  if (lookup.kind === "found") return lookup.point;
  if (lookup.kind === "unknown") {
    const { nearest, known } = lookup;
    findings.add("unknown-point", { name, nearest, known }, path);
  }
  return null;
}

/** How many of a unit are a millisecond. */
const PER_MS: Readonly<Record<string, number>> = { s: 0.001, ms: 1 };

function deadManOf(
  context: Context,
  { deadMan }: InterlockInput,
  output: OutputPoint | null,
  path: Path,
): DeadMan | null {
  if (deadMan === undefined) return null;
  const { findings } = context;
  if (output !== null && !("area" in output)) {
    findings.add("dead-man-none", { point: output.id, what: output.input.kind }, path);
    return null;
  }
  const point = pointOf(context, deadMan.point, [...path, "point"]);
  if (point === null) return null;
  const { id, unit, type, device } = point;
  if (output !== null && device !== output.device) {
    findings.add("dead-man-place", { device: output.device }, [...path, "point"]);
  }
  const perMs = PER_MS[unit ?? ""];
  if (perMs === undefined || type === "bool" || type === "string") {
    findings.add("dead-man-unit", { point: id }, [...path, "point"]);
    return null;
  }
  return { point: id, expected: deadMan.timeout * perMs };
}

function checkTimes({ minOn, maxOn, release }: InterlockInput, at: Path, findings: Findings): void {
  if (maxOn === undefined) return;
  const path = [...at, "maxOn"];
  if (release === undefined) findings.add("interlock-max-on", { why: "release" }, path);
  else if (maxOn < minOn) findings.add("interlock-max-on", { why: "minOn" }, path);
}
