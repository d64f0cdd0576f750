import type { PointReading } from "../../drivers/driver.ts";
import type { DeviceStatus, StatusSource } from "../../edge/core/measurement.ts";
import type { Reading, Value } from "../../edge/core/reading.ts";
import type { UptimeMs, WallMs } from "../../edge/core/time.ts";
import { conditioned, FRESH } from "../../edge/measure/chain.ts";
import { DerivedPoints } from "../../edge/measure/derived.ts";
import type { Model } from "./model.ts";

/** NAMUR NE 107 and the kinds of function check, the gravest first. */
const GRAVITY: readonly DeviceStatus[] = [
  "failure",
  "function-check",
  "warm-up",
  "calibration",
  "out-of-specification",
  "maintenance",
];

/** What `readings` of a device `d` become, and all that `model` works out from them, by names. */
export function withDerived(
  { config }: Pick<Model, "config">,
  readings: Iterable<Pick<PointReading, "point" | "value" | "quality">>,
): ReadonlyMap<string, Pick<Reading, "value" | "quality">> {
  const derived = new DerivedPoints(config.derived, () => 1000);
  const known = new Map<string, Reading>();
  const now = { at: 0 as WallMs, uptime: 0 as UptimeMs };
  const tell = (reading: Reading) => {
    known.set(reading.point.replace(/^d\./, ""), reading);
    for (const result of derived.after(reading)) tell(result);
  };
  const measurements = new Map(config.points.map(({ id, measurement }) => [id, measurement]));
  for (const reading of readings) {
    const measurement = measurements.get(reading.point) ?? null;
    if (measurement === null) tell({ ...reading, ...now });
    else {
      const { value, quality } = conditioned(reading, measurement, () => null, now.uptime, FRESH);
      tell({ point: reading.point, value, quality, ...now });
    }
  }
  return known;
}

/** What a device says of itself when its status point has `value`; null where all is well. */
export function stateBy({ values, bits }: StatusSource, value: Value): DeviceStatus | null {
  const code = Number(value);
  const said = [...bits].filter(([bit]) => Math.floor(code / 2 ** bit) % 2 === 1);
  const all = [values.get(code), ...said.map(([, status]) => status)];
  return GRAVITY.find((status) => all.includes(status)) ?? null;
}
