import type { ReadOutcome, ReadRequest } from "../../drivers/driver.ts";
import type { Reading } from "../core/reading.ts";

/** A reading for every point of `request`, whatever came of it. */
export function readingsOf(request: ReadRequest, outcome: ReadOutcome): readonly Reading[] {
  const { at, uptime } = outcome;
  if (outcome.kind === "values") {
    return outcome.readings.map(({ point, value, quality }) => ({
      point,
      value,
      quality,
      at,
      uptime,
    }));
  }
  const quality = `bad:${outcome.reason}` as const;
  return request.points.map(({ point }) => ({
    point: point.id,
    value: null,
    quality,
    at,
    uptime,
  }));
}
