import type { Findings } from "./findings.ts";
import type { AnyPoint } from "./gateway-config.ts";
import { pointsNeeded } from "./measurement.ts";
import type { PointLookup } from "./point-directory.ts";

/** Checks every point that another one's measurement needs. */
export function checkNeeds(
  points: readonly AnyPoint[],
  find: (id: string) => PointLookup,
  findings: Findings,
): void {
  for (const { id, device, measurement } of points) {
    if (measurement === null) continue;
    for (const { key, point } of pointsNeeded(measurement)) {
      const path = ["devices", device, "points", id.slice(device.length + 1), key];
      const lookup = find(point);
      if (point === id) findings.add("needs-itself", null, path);
      else if (lookup.kind === "unknown") {
        const { nearest, known } = lookup;
        findings.add("unknown-point", { name: point, nearest, known }, path);
      } else if (lookup.kind === "not-read") findings.add("needs-unread", { point }, path);
      else if (lookup.kind === "found" && !isNumber(lookup.point, key)) {
        findings.add("needs-number", { point }, path);
      }
    }
  }
}

/** A law needs a number; what a device says of itself may be a single bit. */
function isNumber({ type }: AnyPoint, key: "physics" | "status"): boolean {
  return type !== "string" && (type !== "bool" || key === "status");
}
