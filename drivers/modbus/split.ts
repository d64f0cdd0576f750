import type { Reason } from "../../edge/core/reading.ts";
import type { AddressRange, ReadOutcome, ReadRequest, RequestedPoint } from "../driver.ts";
import { sizeOf } from "./value.ts";

/**
 * Illegal data address, and illegal data value: what a device says that counts the length of a read
 * among its data (Modbus Application Protocol V1.1b3, 6.3 and 7).
 */
const REFUSING: readonly Reason[] = ["exception:2", "exception:3"];

/** Server device failure: some say so of registers that they do not have. */
const FAILURE: Reason = "exception:4";

/** What takes the place of a request that the device refused. */
export type Split = {
  /**
   * Where the request was cut: what no point needs between the two parts, or the mere place between
   * them. To be remembered for `planReads`, so that the device is not asked across it again.
   */
  readonly cut: AddressRange;
  /** What to ask instead, at once: both parts are due for the same time as the request was. */
  readonly parts: readonly [ReadRequest, ReadRequest];
};

/**
 * How to go on where `outcome` says, or may say, that the device does not have what `request` reads:
 * null where that is not so, or where nothing in the request can be asked apart. A refused part is
 * split again, so that in the end only a point that the device does not have is refused. What lies
 * between points is suspected first, the middle of it before the rest.
 */
export function splitRefused(request: ReadRequest, outcome: ReadOutcome): Split | null {
  if (outcome.kind !== "failure") return null;
  const places = placesBetween(request);
  const gaps = places.filter(({ count }) => count > 0);
  const isRefused = REFUSING.includes(outcome.reason);
  // A device that fails may do so of any read: only what no point needs is then a cause to look for.
  if (!isRefused && (outcome.reason !== FAILURE || gaps.length === 0)) return null;
  const cut = middleOf(gaps) ?? middleOf(places);
  if (cut === null) return null;
  const isBefore = ({ point }: RequestedPoint) => point.address < cut.address;
  return {
    cut,
    parts: [
      partOf(request, request.points.filter(isBefore)),
      partOf(
        request,
        request.points.filter((each) => !isBefore(each)),
      ),
    ],
  };
}

/** Every place in `request` with points on both sides and none across, by address. */
function placesBetween({ area, points }: ReadRequest): readonly AddressRange[] {
  const places: AddressRange[] = [];
  let end = points[0]?.point.address ?? 0;
  for (const [index, { point }] of points.entries()) {
    const isApart = index > 0 && point.address >= end;
    if (isApart) places.push({ area, address: end, count: point.address - end });
    end = Math.max(end, point.address + sizeOf(point));
  }
  return places;
}

function middleOf(places: readonly AddressRange[]): AddressRange | null {
  return places[Math.floor(places.length / 2)] ?? null;
}

/** `request` for some of its points only. */
function partOf(request: ReadRequest, some: readonly RequestedPoint[]): ReadRequest {
  const address = Math.min(...some.map(({ point }) => point.address));
  const end = Math.max(...some.map(({ point }) => point.address + sizeOf(point)));
  const points = some.map(({ point }) => ({ point, offset: point.address - address }));
  return { ...request, address, count: end - address, points };
}
