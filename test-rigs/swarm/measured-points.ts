import type { PointConfig } from "../../config/gateway-config.ts";
import type { DeviceStatus, Filter, Measurement } from "../../edge/core/measurement.ts";
import { aMeasurement } from "../sim/a-measurement.ts";
import type { Random } from "../sim/random.ts";

/** mA of a current loop, of the raw numbers of a swing of ±1000: from 0.5 to 23.5. */
const AS_CURRENT = { scale: 1.15e-8, offset: 12 };

/** A state that changes with every fourth, eighth and sixteenth answer. */
const STATES = new Map<number, DeviceStatus>([
  [2, "maintenance"],
  [3, "out-of-specification"],
  [4, "function-check"],
]);

/**
 * A measured point `<device>.m` for about two devices in three, over the registers of its first
 * point; where the device has a counter that counts its answers, that one tells its state.
 */
export function drawMeasured(
  random: Random,
  points: readonly PointConfig[],
): readonly PointConfig[] {
  const byDevice = Map.groupBy(points, ({ device }) => device);
  return [...byDevice.values()].flatMap((own) => {
    const [first] = own as [PointConfig];
    if (random.chance(0.33)) return [];
    const isLoop = random.chance(0.5);
    const measurement = isLoop ? drawLoop(random) : drawCalibrated(random);
    const counter = random.chance(0.8) ? own.find(({ type }) => type === "uint16") : undefined;
    const status =
      counter === undefined ? null : { point: counter.id, values: new Map(), bits: STATES };
    const checks = { ...measurement.checks, status };
    const number = isLoop ? AS_CURRENT : {};
    const id = `${first.device}.m`;
    return [{ ...first, ...number, id, measurement: { ...measurement, checks } }];
  });
}

function drawLoop(random: Random): Measurement {
  const loop = { low: 0, high: 100, holdMs: 60_000 };
  return aMeasurement({ loop, filter: drawFilter(random) }, { range: [0, 100] });
}

function drawCalibrated(random: Random): Measurement {
  const pairs = [
    [-1000, 0],
    [0, 50],
    [1000, 200],
  ] as const;
  const calibration = { pairs, on: "2026-05-01", by: null, due: null };
  const filter = drawFilter(random);
  const rate = { maxRate: { change: random.pick([10, 30]), inMs: 1000 } };
  return aMeasurement(
    { calibration, filter },
    { range: [10, 150], plausible: [5, 190], ...(filter === null ? rate : {}) },
  );
}

function drawFilter(random: Random): Filter | null {
  const kind = random.pick(["median", "mean", "lag", "none"] as const);
  if (kind === "none") return null;
  if (kind === "lag") return { kind, timeMs: random.pick([2000, 10_000]) };
  return { kind, of: random.integer(2, 9) };
}
