import { sourcesOf } from "../edge/core/derivation.ts";
import type { Findings } from "./findings.ts";
import type { AnyPoint } from "./gateway-config.ts";
import type { PointLookup } from "./point-directory.ts";
import type { Path } from "./problems.ts";
import { formatDuration } from "./quantity.ts";

/** A filter may hold an alarm back for so long without a word. */
const FILTER_MAX_MS = 30_000;
/** And a device that was away, while it warms up. */
const WARM_UP_MAX_MS = 600_000;

/** Warns of what holds an alarm on `point` back: on itself, and on those that it is derived from. */
export function checkDelay(
  point: AnyPoint,
  find: (id: string) => PointLookup,
  path: Path,
  findings: Findings,
): void {
  for (const each of behind(point, find)) {
    const delayMs = filterDelayMs(each);
    if (delayMs > FILTER_MAX_MS) {
      findings.add("alarm-filtered", { point: each.id, delay: formatDuration(delayMs) }, path);
    }
    const warmUpMs = each.measurement?.checks.warmUpMs ?? 0;
    if (warmUpMs > WARM_UP_MAX_MS) {
      findings.add("alarm-warming-up", { point: each.id, delay: formatDuration(warmUpMs) }, path);
    }
  }
}

/** `point`, and all that it is derived from, each once. */
function behind(point: AnyPoint, find: (id: string) => PointLookup): ReadonlySet<AnyPoint> {
  const all = new Set([point]);
  // A set gives what is added to it on the way as well.
  for (const each of all) {
    if (!("derivation" in each)) continue;
    for (const source of sourcesOf(each.derivation)) {
      const lookup = find(source);
      if (lookup.kind === "found") all.add(lookup.point);
    }
  }
  return all;
}

/** About how long a step takes to have come half of its way out of the filter, or 63 % of a lag. */
function filterDelayMs(point: AnyPoint): number {
  const filter = point.measurement?.filter ?? null;
  if (filter === null) return 0;
  if (filter.kind === "lag") return filter.timeMs;
  // What a sensor tells by itself is filtered as it comes, however seldom it becomes a reading.
  return "place" in point ? 0 : (filter.of * point.everyMs) / 2;
}
