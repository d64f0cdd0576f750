import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { AddressRange } from "../../drivers/driver.ts";
import { isBitArea, widthOf } from "../core/point.ts";

/**
 * Why a range of a unit must not be read by address.
 *
 * - `clears`: the point that would lose its value
 * - `forbidden`: the device that has a range there which must never be read
 */
export type ReadBar =
  | { readonly kind: "clears"; readonly point: string }
  | { readonly kind: "forbidden"; readonly device: string };

/** What bars reading `range` of a unit by address, or null. */
export function readBarOf(
  { devices, points }: Pick<GatewayConfig, "devices" | "points">,
  { bus, unit }: { readonly bus: string; readonly unit: number },
  range: AddressRange,
): ReadBar | null {
  const { area } = range;
  const there = devices.filter((each) => each.bus === bus && each.unit === unit);
  const forbidding = there.find(({ forbidden }) => forbidden.some((each) => isHit(each, range)));
  if (forbidding !== undefined) return { kind: "forbidden", device: forbidding.name };
  const cleared = points.find((point) => {
    const count = isBitArea(area) ? 1 : widthOf(point.type, point.length);
    const isThere = there.some(({ name }) => name === point.device);
    return point.readClears && isThere && isHit({ ...point, count }, range);
  });
  return cleared === undefined ? null : { kind: "clears", point: cleared.id };
}

function isHit(a: AddressRange, b: AddressRange): boolean {
  const isWithin = a.address < b.address + b.count && b.address < a.address + a.count;
  return a.area === b.area && isWithin;
}

/** `bar` for a program's eyes. */
export function readBarText(bar: ReadBar): string {
  return bar.kind === "clears"
    ? `reading this would clear ${bar.point}: read that point by its name`
    : `${bar.device} forbids reading there: the address range is forbidden`;
}
