import type { Sl651Destination } from "../../../config/centre-config.ts";
import type { WallMs } from "../../core/time.ts";
import { CHINA_MIN } from "../civil-time.ts";
import type { Period } from "../periods/fold.ts";
import type { Part } from "./body.ts";
import { elementPart, observation, uniformParts } from "./reports.ts";
import type { Settings } from "./settings.ts";

const HOUR_MS = 3_600_000;

/** One report: its function and what it says. */
export type Report = { readonly functionCode: number; readonly parts: readonly Part[] };

/** Values of each element at equal steps through an hour, by their tags. */
export type Steps = ReadonlyMap<string, readonly (number | null)[]>;

/**
 * What is told when the hour `period` is over: timed (32), hourly (34), and at equal steps (31)
 * where there are `steps`. Times are those of the end, but that of equal steps is of the first.
 */
export function hourReports(
  destination: Sl651Destination,
  { timedH }: Settings,
  period: Period,
  steps: Steps | null,
): readonly Report[] {
  const observed = observation(destination, period.to as WallMs);
  const parts = [...observed, ...elementsAt(destination, period)];
  const isTimed = timedH !== null && hourOf(period.to) % timedH === 0;
  const { isHourly, uniformMs } = destination;
  const uniform = uniformMs === null || steps === null ? [] : Array.from(steps);
  return [
    ...(isTimed ? [{ functionCode: 0x32, parts }] : []),
    ...(isHourly ? [{ functionCode: 0x34, parts }] : []),
    ...uniform.map(([tag, values]) => {
      const stepMs = uniformMs as number;
      const from = (period.from + stepMs) as WallMs;
      const told = uniformParts(destination, tag, { from, stepMs }, values);
      return { functionCode: 0x31, parts: told };
    }),
  ];
}

/** What each element was at the end of `period`, as far as that is known. */
function elementsAt(destination: Sl651Destination, period: Period): readonly Part[] {
  return destination.elements.map((element) => {
    return elementPart(destination, element.code, valueAtEnd(element, period));
  });
}

/** What an element was when `period` ended: its last value, if that still held. */
export function valueAtEnd(
  { code, scale, holdMs }: Sl651Destination["elements"][number],
  { of, to }: Period,
): number | null {
  const last = of.get(code)?.last ?? null;
  if (last === null || last.value === null || last.at + holdMs < to) return null;
  return last.value * scale;
}

/** The hour of the day in China. */
function hourOf(at: number): number {
  return Math.round((at + CHINA_MIN * 60_000) / HOUR_MS) % 24;
}
