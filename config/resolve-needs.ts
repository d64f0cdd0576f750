import type { StatusSource } from "../edge/core/measurement.ts";
import { pointsNeeded } from "../edge/core/measurement.ts";
import type { Findings } from "./findings.ts";
import type { AnyPoint } from "./gateway-config.ts";
import type { PointLookup } from "./point-directory.ts";
import type { Path } from "./problems.ts";
import { bitsOf } from "./type-width.ts";

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
      } else if (lookup.kind === "found" && !isNumber(lookup.point, key)) {
        findings.add("needs-number", { point }, path);
      } else if (lookup.kind === "found" && key === "status") {
        checkBits(measurement.checks.status, lookup.point, path, findings);
      }
    }
  }
}

/** A law needs a number; what a device says of itself may be a single bit. */
function isNumber({ type }: AnyPoint, key: "physics" | "status"): boolean {
  return type !== "string" && (type !== "bool" || key === "status");
}

/** No bit beyond those that the status point has can ever be set. */
function checkBits(
  status: StatusSource | null,
  point: AnyPoint,
  path: Path,
  findings: Findings,
): void {
  const type = "place" in point && point.place.kind === "frame" ? point.place.type : point.type;
  const bits = bitsOf(type) ?? BITS_MAX;
  for (const bit of status?.bits.keys() ?? []) {
    if (bit < bits) continue;
    findings.add("status-bit-beyond-type", { point: point.id, type, bit }, path);
  }
}

/** Of the widest number that a device tells. */
const BITS_MAX = 64;
