import type { AlarmCondition } from "../edge/core/alarm-condition.ts";
import type { AlarmContext } from "./alarm-condition.ts";
import { checkDelay } from "./alarm-delay.ts";
import { reachOf } from "./alarm-reach.ts";
import type { Findings } from "./findings.ts";
import type { AnyPoint } from "./gateway-config.ts";
import type { PointLookup } from "./point-directory.ts";
import type { Path } from "./problems.ts";
import { formatDuration } from "./quantity.ts";
import type { Draft } from "./salvage.ts";
import type { AlarmInput } from "./schema.ts";

/** The point of that id; `unsure` where nothing sound is known of it, which is noted. */
export function findPoint(
  name: string | undefined,
  find: (id: string) => PointLookup,
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

/** The point that an alarm is shown with: its own, or the first that its condition comes to. */
export function shownPoints(draft: Draft) {
  const alarms = draft.config.alarms ?? {};
  const pointFor = (
    name: string,
    above: ReadonlySet<string>,
  ): string | "unsure" | "circle" | "none" => {
    const input = alarms[name];
    if (input === undefined) return "unsure";
    if (above.has(name)) return "circle";
    if (input.point !== undefined) return input.point;
    if (input.vote !== undefined) return input.vote[0] ?? "unsure";
    if (input.when === undefined) return "unsure";
    const below = new Set([...above, name]);
    const found = Object.values(input.of ?? {}).map((target) =>
      target.includes(".") ? target : pointFor(target, below),
    );
    // A circle is one though there is a point beside it.
    if (found.includes("circle")) return "circle";
    return found[0] ?? "none";
  };
  return (name: string) => pointFor(name, new Set());
}

/** Checks the points that the alarm `name` is judged by; whether all of them are sound. */
export function checkPoints(
  name: string,
  input: AlarmInput,
  condition: AlarmCondition | null,
  context: AlarmContext,
): boolean {
  const { draft, find, findings } = context;
  const path = ["alarms", name];
  if (input.vote !== undefined || input.when !== undefined) {
    if (input.point !== undefined) {
      findings.add("alarm-point-beside", null, [...path, "point"], "key");
    }
    const points = input.vote ?? [];
    const found = points.map((id, i) => checkOne(name, id, [...path, "vote", i], input, context));
    return !found.includes(false);
  }
  if (input.point === undefined) {
    if (draft.mayHave(path, "point")) return false;
    findings.add("missing-key", { expected: { kind: "point-id" } }, [...path, "point"]);
    return false;
  }
  const isSound = checkOne(name, input.point, [...path, "point"], input, context);
  const point = find(input.point);
  if (point.kind !== "found" || condition === null) return isSound;
  checkCondition(condition, point.point, path, context);
  return isSound;
}

/** Checks one point whose values are judged. */
function checkOne(
  name: string,
  id: string,
  path: Path,
  input: AlarmInput,
  { draft, find, findings }: AlarmContext,
): boolean {
  const point = findPoint(id, find, path, findings);
  if (typeof point === "string") return false;
  const isText = point.type === "string";
  const takesText = input.equals !== undefined || input.bad === true || input.silent !== undefined;
  if (isText && !takesText) findings.add("alarm-on-text", { point: point.id }, path);
  checkCoarse(draft, name, point, findings);
  checkDelay(point, find, path, findings);
  return true;
}

function checkCoarse(draft: Draft, alarm: string, point: AnyPoint, findings: Findings): void {
  const { onDelay: onDelayMs = 0 } = draft.config.alarms?.[alarm] ?? {};
  // What a sensor tells is judged as it comes, however seldom it becomes a reading.
  const isTold = "place" in point;
  const isPeriodSure = !isTold && !draft.mayHave(["devices", point.device], "every");
  if (isPeriodSure && onDelayMs > 0 && onDelayMs < point.everyMs) {
    const every = formatDuration(point.everyMs);
    const onDelay = formatDuration(onDelayMs);
    const path = ["alarms", alarm, "onDelay"];
    findings.add("alarm-coarse", { point: point.id, every, onDelay }, path);
  }
}

function checkCondition(
  condition: AlarmCondition,
  point: AnyPoint,
  path: Path,
  { find, findings }: AlarmContext,
): void {
  const every = formatDuration(point.everyMs);
  switch (condition.limit) {
    case "high":
    case "low":
      checkReach(condition, point, path, findings);
      return;
    case "deviation": {
      if (typeof condition.from === "number") return;
      const base = findPoint(condition.from, find, [...path, "from"], findings);
      if (typeof base === "string" || base.type !== "string") return;
      findings.add("needs-number", { point: base.id }, [...path, "from"]);
      return;
    }
    case "rate":
      if (condition.overMs < 2 * point.everyMs) {
        const params = { point: point.id, every, over: formatDuration(condition.overMs) };
        findings.add("window-too-short", params, [...path, "over"]);
      }
      return;
    case "silent":
      if (condition.silentMs < 2 * point.everyMs) {
        const params = { point: point.id, every, over: formatDuration(condition.silentMs) };
        findings.add("silent-short", params, [...path, "silent"]);
      }
      return;
    default:
      return;
  }
}

/** What the point can never be raises no alarm. */
function checkReach(
  {
    limit,
    setpoint,
  }: Extract<AlarmCondition, { limit: "high" | "low" }> & {
    readonly setpoint: number;
  },
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
