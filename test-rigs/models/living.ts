import { type ByteOrder, isBitArea } from "../../edge/core/point.ts";
import type { Random } from "../sim/random.ts";
import type { Model } from "./model.ts";
import { type Memory, type ModelPoint, meet, type Spot, spotsOf, store } from "./registers.ts";

/** What a quantity of a unit usually is in the field, and how much it moves in some minutes. */
const USUAL: Readonly<Record<string, { readonly at: number; readonly moves: number }>> = {
  Cel: { at: 21.4, moves: 0.6 },
  mA: { at: 11.7, moves: 0.4 },
  "%": { at: 47, moves: 1.5 },
  mm: { at: 1834, moves: 12 },
  cm: { at: 183, moves: 2 },
  m: { at: 2.347, moves: 0.02 },
  deg: { at: 137, moves: 9 },
  Hz: { at: 1240, moves: 6 },
  V: { at: 23.8, moves: 0.2 },
  "m/s": { at: 3.2, moves: 0.9 },
  "mm/s": { at: 640, moves: 30 },
  "[ppm]": { at: 412, moves: 9 },
  "%[LEL]": { at: 3.4, moves: 0.5 },
  hPa: { at: 1013.2, moves: 0.1 },
  kPa: { at: 312, moves: 4 },
  Pa: { at: 101_325, moves: 12 },
  bar: { at: 3.12, moves: 0.04 },
  mbar: { at: 1013, moves: 0.2 },
  MPa: { at: 0.312, moves: 0.004 },
  "ug/m3": { at: 34, moves: 3 },
  lx: { at: 8_340, moves: 160 },
  "uS/cm": { at: 612, moves: 3 },
  m3: { at: 184_301, moves: 0 },
  "m3/s": { at: 0.42, moves: 0.02 },
  "m3/h": { at: 41, moves: 1.3 },
};

/** Where a quantity without a unit of these is. */
const OTHERS = { at: 163, moves: 4 };

/** Point names of what stands still in a device. */
const STILL =
  /serial|number|version|address|baud|model|firmware|id$|type|status|state|alarm|fault/i;

/** A place of a device, and whether what it holds moves. */
export type LivingSpot = Spot & { readonly isMoving: boolean };

/**
 * A device of `model` that measures: `rounds` memories, one after the other, and what stands in
 * them. Quantities wander about where their unit has them and tremble as sensors do; what is no
 * quantity stands still. Points that share registers are left to the widest of them. With `turn` all
 * wide numbers stand in that order, as a device of another maker would have them.
 */
export function living(model: Model, rounds: number, random: Random, turn?: ByteOrder) {
  const spots: LivingSpot[] = [];
  const courses = new Map<string, (round: number) => number | string | boolean>();
  for (const spot of spotsOf(model.profile).toSorted((a, b) => b.width - a.width)) {
    if (isBitArea(spot.area) || spots.some((other) => meet(other, spot))) continue;
    const point = model.profile.points[spot.name] as ModelPoint;
    const course = courseOf(spot, point, random);
    const isTurned = turn !== undefined && spot.width > 1 && spot.type !== "string";
    spots.push({ ...spot, ...(isTurned ? { order: turn } : {}), isMoving: course !== null });
    courses.set(spot.name, course ?? stillOf(spot, random));
  }
  const memories = Array.from({ length: rounds }, (_, round): Memory => {
    const memory: Memory = new Map();
    for (const spot of spots) store(memory, spot, courses.get(spot.name)?.(round) ?? 0);
    return memory;
  });
  return { spots, memories };
}

function courseOf(
  spot: Spot,
  point: ModelPoint,
  random: Random,
): ((round: number) => number) | null {
  const isNumber = spot.type !== "string" && spot.type !== "bool";
  if (!isNumber || point.values !== undefined || point.bits !== undefined) return null;
  if (STILL.test(spot.name) || (point.unit === undefined && spot.type.startsWith("uint")))
    return null;
  const { scale = 1, offset = 0, unit = "" } = point;
  const { at, moves } = USUAL[unit] ?? OTHERS;
  const where = at * (0.7 + 0.6 * random.next());
  const phase = random.next() * 6;
  const rises = unit === "m3";
  return (round) => {
    const tremble = (random.next() - 0.5) * 0.3 * moves;
    const physical = rises
      ? where + round * 0.137
      : where + moves * Math.sin(phase + round / 20) + tremble;
    return rawOf((physical - offset) / scale, spot);
  };
}

/** What a register of this type makes of a number: rounded, and kept within what it can hold. */
function rawOf(raw: number, { type }: Spot): number {
  if (type === "float32") return Math.fround(raw);
  if (type === "float64") return raw;
  const [low, high] = LIMITS[type] ?? [0, 2 ** 31];
  return Math.min(high, Math.max(low, Math.round(raw)));
}

const LIMITS: Readonly<Record<string, readonly [number, number]>> = {
  int16: [-32_768, 32_767],
  uint16: [0, 65_535],
  bcd16: [0, 9999],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  bcd32: [0, 99_999_999],
};

function stillOf({ type, width }: Spot, random: Random) {
  if (type === "string") return () => "MODEL-7A REV.2 S/N 004711".slice(0, 2 * width);
  const value = width === 1 ? Math.floor(random.next() * 4) : Math.floor(random.next() * 4e6);
  return () => value;
}
