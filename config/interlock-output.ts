import { isOutput } from "../edge/core/board.ts";
import type { InterlockRule } from "../edge/core/interlock.ts";
import { isBitArea, type PointType, widthOf } from "../edge/core/point.ts";
import type { Findings } from "./findings.ts";
import type { AnyPoint, BoardPointConfig, PointConfig } from "./gateway-config.ts";
import type { Path } from "./problems.ts";

/** The least and the greatest raw value of each type that is not a float. */
const RAW: Readonly<Partial<Record<PointType, readonly [least: number, most: number]>>> = {
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
  bcd16: [0, 9_999],
  bcd32: [0, 99_999_999],
};

/** A raw value that misses a whole number by less than this, in its own size, is one. */
const DUST = 1e-9;

/** A point that an interlock can write: a place on a Modbus bus, a pin or a line. */
export type OutputPoint = PointConfig | BoardPointConfig;

/** `point` where it is of a kind that can be an output, or null. */
export function asOutput(point: AnyPoint): OutputPoint | null {
  if ("area" in point) return point;
  return "input" in point && isOutput(point.input) ? point : null;
}

/** Checks that `point` can hold exactly `value`; a float holds the nearest there is. */
export function checkOutput(
  value: boolean | number,
  point: OutputPoint,
  path: Path,
  findings: Findings,
): void {
  const { id, type, scale, offset } = point;
  const fits = typeof value === (type === "bool" ? "boolean" : "number");
  if (!fits || type === "string") {
    findings.add("interlock-value", { point: id, type }, path);
    return;
  }
  const range = RAW[type];
  if (range === undefined || typeof value !== "number") return;
  const [least, most] = range;
  const raw = (value - offset) / scale;
  const isWhole = Math.abs(raw - Math.round(raw)) <= DUST * Math.max(1, Math.abs(raw));
  if (isWhole && raw > least - 0.5 && raw < most + 0.5) return;
  const ends = [least * scale + offset, most * scale + offset];
  const params = { point: id, least: Math.min(...ends), most: Math.max(...ends) };
  findings.add("interlock-range", { ...params, step: Math.abs(scale) }, path);
}

/** On one output any trip wins: its interlocks must agree on what it is then, and afterwards. */
export function checkOutputs(
  rules: readonly InterlockRule[],
  outputs: ReadonlyMap<string, OutputPoint>,
  findings: Findings,
): void {
  rules.forEach((rule, at) => {
    const rival = rules.slice(0, at).find((other) => {
      const [one, two] = [outputs.get(rule.name), outputs.get(other.name)];
      if (one === undefined || two === undefined || !isOverlapping(one, two)) return false;
      const isSame = rule.write === other.write && rule.value === other.value;
      return !isSame || rule.release !== other.release;
    });
    if (rival === undefined) return;
    findings.add("interlock-fight", { interlock: rival.name }, ["interlocks", rule.name], "key");
  });
}

function isOverlapping(one: OutputPoint, two: OutputPoint): boolean {
  // A pin that is driven is one point.
  if (!("area" in one && "area" in two)) return one.id === two.id;
  if (one.device !== two.device || one.area !== two.area) return false;
  const end = (point: PointConfig) =>
    point.address + (isBitArea(point.area) ? 1 : widthOf(point.type, point.length));
  return one.address < end(two) && two.address < end(one);
}
