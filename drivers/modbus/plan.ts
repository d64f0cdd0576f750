import { isBitArea } from "../../edge/core/point.ts";
import type { AddressRange, DriverDevice, DriverPoint, ReadRequest } from "../driver.ts";
import { MAX_BITS, MAX_REGISTERS } from "./limits.ts";
import { type LineTime, transactionMs } from "./line-time.ts";
import { cheapestSpans, type Span } from "./spans.ts";
import { sizeOf } from "./value.ts";

/** Registers and bits that an area has. */
const AREA_SIZE = 65_536;

/** A gap is counted in registers; bits come in bytes, 16 of them in the time of one register. */
const BITS_PER_REGISTER = 16;

/**
 * The requests that read every one of `points`, all of them `device`'s, in the least time on
 * `line`. Points of one area and period share a request where reading what lies between them takes
 * less time than asking again; never across what is forbidden, what stands alone, or a place in
 * `cuts` at which the device refused to be read. A value is never torn. The order of `points` makes
 * no difference.
 *
 * What the check of the configuration refuses is a programming error here: a point that no request
 * can carry, or that shares registers with one that reading clears.
 */
export function planReads(
  device: DriverDevice,
  points: readonly DriverPoint[],
  line: LineTime,
  cuts: readonly AddressRange[] = [],
): readonly ReadRequest[] {
  const clearing = points.filter(({ readClears }) => readClears === true);
  for (const point of points) refuseImpossible(device, point, clearing);
  const alone = points.filter(standsAlone);
  const barriers = [...(device.forbidden ?? []), ...cuts, ...alone.map(rangeOf)];
  const shared = points.filter((point) => !standsAlone(point));
  const groups = Map.groupBy(shared, ({ area, everyMs }) => `${everyMs} ${area}`);
  const requests = [...groups.values(), ...alone.map((point) => [point])].flatMap((group) =>
    planGroup(device, group, line, barriers),
  );
  return requests.sort(
    (a, b) =>
      a.everyMs - b.everyMs ||
      compare(a.area, b.area) ||
      a.address - b.address ||
      compare(firstId(a), firstId(b)),
  );
}

/** The requests for points of one area and period. */
function planGroup(
  device: DriverDevice,
  group: readonly DriverPoint[],
  line: LineTime,
  barriers: readonly AddressRange[],
): readonly ReadRequest[] {
  const [{ area }] = group as readonly [DriverPoint];
  const { pace, maxGap = MAX_REGISTERS } = device;
  const spans = cheapestSpans(group, {
    limit: limitOf(device, group[0] as DriverPoint),
    maxGap: isBitArea(area) ? BITS_PER_REGISTER * maxGap : maxGap,
    barriers: barriers.filter((barrier) => barrier.area === area),
    costMs: (count) => transactionMs(line, { area, count, ...(pace && { pace }) }),
  });
  return spans.map((span) => requestOf(device, span));
}

function requestOf({ name, unit, pace }: DriverDevice, { address, end, points }: Span) {
  const { area, everyMs } = points[0] as DriverPoint;
  const sorted = points.toSorted(
    (a, b) => a.address - b.address || sizeOf(a) - sizeOf(b) || compare(a.id, b.id),
  );
  return {
    device: name,
    unit,
    area,
    address,
    count: end - address,
    everyMs,
    ...(pace && { pace }),
    points: sorted.map((point) => ({ point, offset: point.address - address })),
  };
}

function standsAlone({ readAlone, readClears }: DriverPoint): boolean {
  return readAlone === true || readClears === true;
}

function rangeOf(point: DriverPoint): AddressRange {
  return { area: point.area, address: point.address, count: sizeOf(point) };
}

function limitOf(device: DriverDevice, { area }: DriverPoint): number {
  const { maxRegisters, maxBits = MAX_BITS } = device;
  return isBitArea(area) ? Math.min(MAX_BITS, maxBits) : Math.min(MAX_REGISTERS, maxRegisters);
}

function refuseImpossible(
  device: DriverDevice,
  point: DriverPoint,
  clearing: readonly DriverPoint[],
): void {
  const { id, address } = point;
  const limit = limitOf(device, point);
  const size = sizeOf(point);
  if (size < 1 || size > limit || address + size > AREA_SIZE) {
    const text = `${id} takes ${size} at ${address}: more than a request of ${limit}`;
    throw new RangeError(`${text} or the area can carry`);
  }
  const own = rangeOf(point);
  const forbidden = device.forbidden?.find((range) => overlap(range, own));
  if (forbidden !== undefined) throw new RangeError(`${id} at ${address} must not be read`);
  const cleared = clearing.find((each) => each !== point && overlap(rangeOf(each), own));
  if (cleared !== undefined) throw new RangeError(`reading ${id} would clear ${cleared.id}`);
}

function overlap(a: AddressRange, b: AddressRange): boolean {
  return a.area === b.area && a.address < b.address + b.count && b.address < a.address + a.count;
}

function firstId({ points }: ReadRequest): string {
  return points[0]?.point.id ?? "";
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
