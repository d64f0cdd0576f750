import type { Area } from "../../edge/core/point.ts";
import type { DriverDevice, DriverPoint, ReadRequest } from "../driver.ts";
import { MAX_BITS, MAX_REGISTERS } from "./limits.ts";
import { sizeOf } from "./value.ts";

/** Registers and bits that an area has. */
const AREA_SIZE = 65_536;

/**
 * The fewest requests that read every one of `points`, all of them `device`'s: points of one area
 * and period whose registers touch or overlap share a request, a hole is never read over, a value
 * is never torn. The order of `points` makes no difference. A point that no request can carry is
 * a programming error: the check of the configuration refuses it.
 */
export function planReads(
  device: DriverDevice,
  points: readonly DriverPoint[],
): readonly ReadRequest[] {
  const requests: ReadRequest[] = [];
  const byGroup = Map.groupBy(points, ({ area, everyMs }) => `${everyMs} ${area}`);
  for (const group of byGroup.values()) requests.push(...planGroup(device, group));
  return requests.sort(
    (a, b) => a.everyMs - b.everyMs || compare(a.area, b.area) || a.address - b.address,
  );
}

/** A request in the making: the registers from `address` up to, not including, `end`. */
type Span = { readonly address: number; end: number; readonly points: DriverPoint[] };

/**
 * From the lowest address on, each request takes every point that fits: what starts at the lowest
 * point left cannot start higher, so taking more never costs a request later.
 */
function planGroup(device: DriverDevice, group: readonly DriverPoint[]): ReadRequest[] {
  const requests: ReadRequest[] = [];
  let left = group.toSorted(
    (a, b) => a.address - b.address || sizeOf(a) - sizeOf(b) || compare(a.id, b.id),
  );
  for (let first = left[0]; first !== undefined; first = left[0]) {
    const limit = limitOf(device, first.area);
    refuseImpossible(first, limit);
    const span: Span = { address: first.address, end: first.address, points: [] };
    left = left.filter((point) => !take(span, point, limit));
    requests.push(requestOf(device, span, first));
  }
  return requests;
}

/** Puts `point` into `span` if it touches it and fits; says whether it did. */
function take(span: Span, point: DriverPoint, limit: number): boolean {
  const end = point.address + sizeOf(point);
  if (point.address > span.end || end - span.address > limit) return false;
  span.points.push(point);
  span.end = Math.max(span.end, end);
  return true;
}

function requestOf({ name, unit }: DriverDevice, span: Span, first: DriverPoint): ReadRequest {
  const { address, end, points } = span;
  return {
    device: name,
    unit,
    area: first.area,
    address,
    count: end - address,
    everyMs: first.everyMs,
    points: points.map((point) => ({ point, offset: point.address - address })),
  };
}

function limitOf({ maxRegisters }: DriverDevice, area: Area): number {
  return area === "coil" || area === "discrete" ? MAX_BITS : Math.min(MAX_REGISTERS, maxRegisters);
}

function refuseImpossible(point: DriverPoint, limit: number): void {
  const size = sizeOf(point);
  if (size >= 1 && size <= limit && point.address + size <= AREA_SIZE) return;
  const text = `${point.id} takes ${size} at ${point.address}: more than a request of ${limit}`;
  throw new RangeError(`${text} or the area can carry`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
