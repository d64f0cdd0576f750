import type { ForbiddenRange, GatewayConfig } from "../../config/gateway-config.ts";
import { shareAddresses } from "../../config/limits.ts";
import type { AddressRange } from "../../drivers/driver.ts";
import { isBitArea, widthOf } from "../core/point.ts";

/** The point that loses its value when `range` of a unit is read; null where none does. */
export function clearedBy(
  { devices, points }: Pick<GatewayConfig, "devices" | "points">,
  { bus, unit }: { readonly bus: string; readonly unit: number },
  { area, address, count }: AddressRange,
): string | null {
  const there = devices.filter((each) => each.bus === bus && each.unit === unit);
  const cleared = points.find((point) => {
    const width = isBitArea(area) ? 1 : widthOf(point.type, point.length);
    const isWithin = point.address < address + count && address < point.address + width;
    const isThere = point.area === area && there.some(({ name }) => name === point.device);
    return point.readClears && isThere && isWithin;
  });
  return cleared?.id ?? null;
}

/** What must never be read of a unit and yet lies in `range`; null where nothing does. */
export function forbiddenIn(
  { devices }: Pick<GatewayConfig, "devices">,
  { bus, unit }: { readonly bus: string; readonly unit: number },
  range: AddressRange,
): ForbiddenRange | null {
  const there = devices.filter((each) => each.bus === bus && each.unit === unit);
  const forbidden = there.flatMap((device) => device.forbidden);
  return forbidden.find((each) => shareAddresses(each, range)) ?? null;
}
