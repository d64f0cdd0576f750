import type { AlarmRule } from "../edge/core/alarm.ts";
import { checkDelay } from "./alarm-delay.ts";
import { reachOf } from "./alarm-reach.ts";
import type { Findings } from "./findings.ts";
import type { AnyPoint } from "./gateway-config.ts";
import { nearest } from "./nearest.ts";
import type { PointLookup } from "./point-directory.ts";
import type { Path } from "./problems.ts";
import { formatDuration } from "./quantity.ts";
import type { Draft } from "./salvage.ts";

type Find = (id: string) => PointLookup;

/** Checks every alarm; returns the rules of those that this release can judge. */
export function resolveAlarms(draft: Draft, find: Find, findings: Findings): readonly AlarmRule[] {
  const rules: AlarmRule[] = [];
  for (const [name, input] of Object.entries(draft.config.alarms ?? {})) {
    const path = ["alarms", name];
    const point = findPoint(input.point, find, [...path, "point"], findings);
    checkInterlock(input.interlock, draft.interlocks, [...path, "interlock"], findings);
    const limit = limitOf(draft, name, findings);
    if (typeof point === "string") continue;
    checkPoint(draft, name, point, findings);
    checkDelay(point, find, [...path, "point"], findings);
    if (limit !== null) checkReach(limit, point, path, findings);
    const { deadband, onDelay: onDelayMs, severity, latch } = input;
    if (limit === null || severity === undefined) continue;
    rules.push({ name, point: point.id, ...limit, deadband, onDelayMs, severity, latch });
  }
  return rules;
}

function findPoint(
  name: string | undefined,
  find: Find,
  path: Path,
  findings: Findings,
): AnyPoint | "unsure" {
  if (name === undefined) return "unsure";
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
  draft: Draft,
  alarm: string,
  findings: Findings,
): Pick<AlarmRule, "limit" | "setpoint"> | null {
  const path = ["alarms", alarm];
  const { high, low } = draft.config.alarms?.[alarm] ?? {};
  if (high !== undefined && low !== undefined) {
    findings.add("alarm-limit", { count: 2 }, [...path, "low"], "key");
    return null;
  }
  if (high !== undefined) return { limit: "high", setpoint: high };
  if (low !== undefined) return { limit: "low", setpoint: low };
  if (draft.mayHave(path, "high") || draft.mayHave(path, "low")) return null;
  findings.add("alarm-limit", { count: 0 }, path, "key");
  return null;
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

function checkPoint(draft: Draft, alarm: string, point: AnyPoint, findings: Findings): void {
  const path = ["alarms", alarm];
  const { onDelay: onDelayMs = 0 } = draft.config.alarms?.[alarm] ?? {};
  if (point.type === "string") {
    findings.add("alarm-on-text", { point: point.id }, [...path, "point"]);
  }
  // What a sensor tells is judged as it comes, however seldom it becomes a reading.
  const isTold = "place" in point;
  const isPeriodSure = !isTold && !draft.mayHave(["devices", point.device], "every");
  if (isPeriodSure && onDelayMs > 0 && onDelayMs < point.everyMs) {
    const every = formatDuration(point.everyMs);
    const onDelay = formatDuration(onDelayMs);
    findings.add("alarm-coarse", { point: point.id, every, onDelay }, [...path, "onDelay"]);
  }
}

/** What the point can never be raises no alarm. */
function checkReach(
  { limit, setpoint }: Pick<AlarmRule, "limit" | "setpoint">,
  point: AnyPoint,
  path: Path,
  findings: Findings,
): void {
  const reach = reachOf(point);
  if (reach === null) return;
  const [low, high] = reach;
  if (limit === "high" ? setpoint <= high : setpoint >= low) return;
  const params = { point: point.id, setpoint, low, high };
  findings.add("alarm-out-of-reach", params, [...path, limit]);
}
