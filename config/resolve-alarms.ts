import type { AlarmRule } from "../edge/core/alarm.ts";
import type { Findings } from "./findings.ts";
import type { PointConfig } from "./gateway-config.ts";
import { nearest } from "./nearest.ts";
import type { PointLookup } from "./point-directory.ts";
import type { Path } from "./problems.ts";
import { formatDuration } from "./quantity.ts";
import type { Draft } from "./salvage.ts";
import type { AlarmInput, InterlockInput } from "./schema.ts";

type Find = (id: string) => PointLookup;

/** Checks every alarm; returns the rules of those that this release can judge. */
export function resolveAlarms(draft: Draft, find: Find, findings: Findings): readonly AlarmRule[] {
  const rules: AlarmRule[] = [];
  for (const [name, input] of Object.entries(draft.config.alarms ?? {})) {
    const path = ["alarms", name];
    const point = findPoint(input.point, find, [...path, "point"], findings);
    if (point === "not-read") {
      findings.add("alarm-not-judged", { point: input.point }, [...path, "point"]);
    }
    checkInterlock(input.interlock, draft.interlocks, [...path, "interlock"], findings);
    const limit = limitOf(input, path, findings);
    if (limit === null || typeof point === "string") continue;
    checkPoint(input, point, path, findings);
    const { deadband, onDelay: onDelayMs, severity, latch } = input;
    rules.push({ name, point: point.id, ...limit, deadband, onDelayMs, severity, latch });
  }
  return rules;
}

/** Checks every interlock. This release does not act on them, which is said loudly. */
export function checkInterlocks(draft: Draft, find: Find, findings: Findings): void {
  if (draft.interlocks.length > 0) {
    findings.add("interlocks-not-acted", null, ["interlocks"], "key");
  }
  for (const [name, input] of Object.entries(draft.config.interlocks ?? {})) {
    const path = ["interlocks", name];
    const point = findPoint(input.write, find, [...path, "write"], findings);
    if (typeof point !== "string") checkWrite(input, point, path, findings);
  }
}

function findPoint(
  name: string,
  find: Find,
  path: Path,
  findings: Findings,
): PointConfig | "not-read" | "unsure" {
  const lookup = find(name);
  switch (lookup.kind) {
    case "found":
      return lookup.point;
    case "unknown":
      findings.add("unknown-point", { name, nearest: lookup.nearest, known: lookup.known }, path);
      return "unsure";
    default:
      return lookup.kind;
  }
}

function limitOf(
  { high, low }: AlarmInput,
  path: Path,
  findings: Findings,
): Pick<AlarmRule, "limit" | "setpoint"> | null {
  if (high !== undefined && low !== undefined) {
    findings.add("alarm-limit", { count: 2 }, [...path, "low"], "key");
    return null;
  }
  if (high !== undefined) return { limit: "high", setpoint: high };
  if (low !== undefined) return { limit: "low", setpoint: low };
  findings.add("alarm-limit", { count: 0 }, path, "key");
  return null;
}

function checkInterlock(
  name: string | undefined,
  known: readonly string[],
  path: Path,
  findings: Findings,
): void {
  if (name === undefined) return;
  if (known.includes(name)) findings.add("interlock-not-acted", { interlock: name }, path);
  else findings.add("unknown-interlock", { name, nearest: nearest(name, known), known }, path);
}

function checkPoint(input: AlarmInput, point: PointConfig, path: Path, findings: Findings): void {
  if (point.type === "string") {
    findings.add("alarm-on-text", { point: point.id }, [...path, "point"]);
  }
  if (input.onDelay > 0 && input.onDelay < point.everyMs) {
    const every = formatDuration(point.everyMs);
    const onDelay = formatDuration(input.onDelay);
    findings.add("alarm-coarse", { point: point.id, every, onDelay }, [...path, "onDelay"]);
  }
}

function checkWrite(
  input: InterlockInput,
  point: PointConfig,
  path: Path,
  findings: Findings,
): void {
  if (!point.write) {
    findings.add("interlock-not-writable", { point: point.id }, [...path, "write"]);
  }
  const fits = typeof input.value === (point.type === "bool" ? "boolean" : "number");
  if (!fits || point.type === "string") {
    const params = { point: point.id, type: point.type };
    findings.add("interlock-value", params, [...path, "value"]);
  }
}
