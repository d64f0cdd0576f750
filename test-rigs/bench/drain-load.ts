import type { Reading } from "../../edge/core/reading.ts";
import type { UptimeMs, WallMs } from "../../edge/core/time.ts";

/** Points that are read once a second: half of them with one decimal, half as 32-bit floats. */
export const POINTS: readonly string[] = Array.from(
  { length: 1000 },
  (_, n) => `d${Math.floor(n / 100)}.p${n % 100}`,
);

/** The unit of every point, as a UCUM code. */
export const UNIT = "kPa";

/** Where the drained readings begin: in the past, so that history is told from live. */
export const HISTORY_AT = Date.UTC(2026, 0, 1);

/** What each point showed in second `second`; a device's points are read 7 ms after the last's. */
export function readingsOf(second: number, at: number): Reading[] {
  return POINTS.map((point, n) => ({
    point,
    value: shownBy(n, second),
    quality: "good",
    at: (at + 7 * Math.floor(n / 100)) as WallMs,
    uptime: 0 as UptimeMs,
  }));
}

function shownBy(point: number, second: number): number {
  const wave = Math.sin(second / 300 + point);
  const noise = ((second * 7919 + point * 104_729) % 97) / 97;
  return point % 2 === 0
    ? Math.round(200 + 500 * wave + 4 * noise) / 10
    : Math.fround(3.3 * wave + noise / 100);
}
