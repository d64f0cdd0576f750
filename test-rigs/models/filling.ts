import type { Profile } from "../../config/profile.ts";
import type { PointType } from "../../edge/core/point.ts";
import { load, type Memory, meet, type Raw, type Spot, spotsOf, store } from "./registers.ts";

/** A device's memory, and what the raw value of each point in it is. */
export type Filling = { readonly memory: Memory; readonly raws: ReadonlyMap<string, Raw> };

/**
 * A memory in which no two points of `profile` hold the same: signed ones negative, unsigned ones
 * beyond what a signed one holds, both bytes of a register unlike. Bits tell their number pass by
 * pass. Points that share registers hold what the widest of them leaves.
 */
export function fill(profile: Profile, pass: number): Filling {
  const memory: Memory = new Map();
  const spots = spotsOf(profile).toSorted((a, b) => b.width - a.width);
  const owners: Spot[] = [];
  for (const [index, spot] of spots.entries()) {
    if (owners.some((owner) => meet(owner, spot))) continue;
    owners.push(spot);
    const { sentinels = [], length = 0 } = profile.points[spot.name] ?? {};
    let n = 1 + index + pass * spots.length;
    while (sentinels.includes(Number(rawOf(spot.type, n, length)))) n += spots.length * 16;
    const raw =
      spot.type === "bool" ? ((index + 1) >> pass) % 2 === 1 : rawOf(spot.type, n, length);
    store(memory, spot, raw);
  }
  return { memory, raws: new Map(spots.map((spot) => [spot.name, load(memory, spot)])) };
}

/** A memory in which every register and bit of `profile` is 0. */
export function atRest(profile: Profile): Memory {
  const cells = spotsOf(profile).flatMap(({ area, address, width }) =>
    Array.from({ length: width }, (_, i) => [`${area} ${address + i}`, 0] as const),
  );
  return new Map(cells);
}

/** So many passes tell every bit of `profile` from every other. */
export function passesFor(profile: Profile): number {
  return Math.max(1, Math.ceil(Math.log2(spotsOf(profile).length + 1)));
}

/** The `n`-th value of `type`. */
function rawOf(type: Exclude<PointType, "bool">, n: number, length: number): number | string;
function rawOf(type: PointType, n: number, length: number): Raw;
function rawOf(type: PointType, n: number, length: number): Raw {
  switch (type) {
    case "bool":
      return true;
    case "int16":
      return -(300 + 13 * n);
    case "uint16":
      return 0x8100 + 13 * n;
    case "int32":
      return -(0x1a00_0300 + 0x1_0007 * n);
    case "uint32":
      return 0x9a00_0300 + 0x1_0007 * n;
    case "int64":
      return -(2 ** 50 + 0x1_0001_0007 * n);
    case "uint64":
      return 2 ** 50 + 0x1_0001_0007 * n;
    case "float32":
      return 1000.125 + n;
    case "float64":
      return 1000.1 + n;
    case "bcd16":
      return 1000 + 7 * n;
    case "bcd32":
      return 12_340_000 + 10_007 * n;
    case "string":
      return `${n}abcdefghijklmnopqrstuvwxyz`.slice(0, 2 * length);
  }
}
