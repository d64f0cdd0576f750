import type {
  Calibration,
  CalibrationCare,
  Checks,
  DeviceStatus,
  Measurement,
  Operand,
  Physics,
} from "../edge/core/measurement.ts";
import { NO_CHECKS } from "../edge/core/measurement.ts";
import type { WallMs } from "../edge/core/time.ts";
import type { PointNote } from "./complete-point.ts";
import { MEASURE_SHAPE } from "./measure-schema.ts";
import { warnOfMeasure } from "./measure-warnings.ts";
import type { PointInput } from "./point-schema.ts";
import { isKnownUnit } from "./units.ts";

type PhysicsInput = NonNullable<PointInput["physics"]>;

/** The keys that make another number of what a device told. */
const CHANGING_KEYS = ["loop", "curve", "physics", "calibration", "filter"] as const;

/** Every key of a point that is about its measurement. */
export const MEASURE_KEYS = [
  ...(Object.keys(MEASURE_SHAPE) as (keyof typeof MEASURE_SHAPE)[]),
  "calibration",
] as const;

/**
 * How the number of `point` becomes a measurement, or null where it is one as it comes; what is
 * wrong is noted. Other points are referred to as they are written: see `onDevice`.
 */
export function measurementOf(
  point: PointInput,
  isNumber: boolean,
  note: PointNote,
): Measurement | null {
  const keys = MEASURE_KEYS.filter((key) => point[key] !== undefined);
  if (!isNumber) {
    for (const key of keys) note("measure-without-number", { key }, key);
    return null;
  }
  for (const key of CHANGING_KEYS) {
    if (point.write === true && changes(point, key)) note("measure-written", { key }, key);
  }
  warnOfMeasure(point, note);
  if (keys.every((key) => key === "sentinels")) return null;
  const { loop, curve, physics, calibration, filter, report } = point;
  const care = careOf(calibration);
  if (loop !== undefined && loop.low === loop.high) note("loop-without-span", null, "loop");
  if (physics !== undefined) checkUnit(point.unit, physics, note);
  return {
    loop: loop === undefined ? null : { low: loop.low, high: loop.high, holdMs: loop.hold },
    curve: curve ?? null,
    physics: physics === undefined ? null : physicsOf(physics, note),
    calibration: calibration === undefined ? null : calibrationOf(calibration, note),
    filter: filter?.kind === "lag" ? { kind: "lag", timeMs: filter.time } : (filter ?? null),
    checks: checksOf(point, note),
    report:
      report === undefined ? null : { deadband: report.deadband, maxSilenceMs: report.maxSilence },
    ...(care === null ? {} : { care }),
  };
}

/** A calibration that only says how often changes nothing. */
function changes(point: PointInput, key: (typeof CHANGING_KEYS)[number]): boolean {
  return key === "calibration" ? point.calibration?.pairs !== undefined : point[key] !== undefined;
}

/** The unit of what a law gives; null where it is that of what it takes. */
function unitAfter(physics: PhysicsInput): string | null {
  switch (physics.kind) {
    case "vibrating-wire":
    case "strain-bridge":
      return "um/m";
    case "thermistor":
      return "Cel";
    case "depth":
      return "m";
    case "gas":
      return physics.to;
    case "distance":
      return null;
  }
}

/** A unit in words of its own, in braces, says what it likes. */
function checkUnit(unit: string | undefined, physics: PhysicsInput, note: PointNote): void {
  const law = unitAfter(physics);
  if (unit === undefined || law === null || unit === law || !isCode(unit)) return;
  note("physics-unit", { unit, law }, "unit");
}

function isCode(unit: string): boolean {
  return isKnownUnit(unit) && !unit.startsWith("{");
}

function physicsOf(input: PhysicsInput, note: PointNote): Physics | null {
  switch (input.kind) {
    case "vibrating-wire": {
      const { kind, input: of, factor, zero, temperature, zeroTemperature, thermalFactor } = input;
      const wire = { kind, input: of, factor, zero };
      if (
        temperature === undefined &&
        zeroTemperature === undefined &&
        thermalFactor === undefined
      ) {
        return { ...wire, thermal: null };
      }
      if (
        temperature === undefined ||
        zeroTemperature === undefined ||
        thermalFactor === undefined
      ) {
        note("thermal-incomplete", null, "physics");
        return null;
      }
      const thermal = {
        temperature: operandOf(temperature),
        zero: zeroTemperature,
        factor: thermalFactor,
      };
      return { ...wire, thermal };
    }
    case "depth": {
      const { atmosphere, density = null, temperature, ...rest } = input;
      return {
        ...rest,
        density,
        temperature: operandOf(temperature),
        atmosphere: atmosphere === undefined ? null : operandOf(atmosphere),
      };
    }
    case "gas": {
      const { lel = null, molarMass = null, ...rest } = input;
      const units: readonly string[] = [rest.from, rest.to];
      if (units.includes("%[LEL]") && lel === null) note("gas-needs", { key: "lel" }, "physics");
      if (units.includes("mg/m3") && molarMass === null) {
        note("gas-needs", { key: "molarMass" }, "physics");
      }
      return { ...rest, lel, molarMass };
    }
    case "strain-bridge":
    case "thermistor":
    case "distance":
      return input;
  }
}

function operandOf(written: number | string): Operand {
  return typeof written === "number"
    ? { kind: "fixed", value: written }
    : { kind: "point", point: written };
}

/** What was found, null where the section only says how often to look. */
function calibrationOf(
  { pairs, on, by, due, every }: NonNullable<PointInput["calibration"]>,
  note: PointNote,
): Calibration | null {
  if (on === undefined) {
    if ((pairs ?? due) !== undefined) note("calibration-undated", null, "calibration");
    return null;
  }
  if (due !== undefined && due < on) note("due-before-made", { on, due }, "calibration");
  const found = pairs ?? [];
  const rises = found.every(([, actual], i) => i === 0 || actual > (found[i - 1]?.[1] ?? actual));
  if (!rises) note("calibration-falls", null, "calibration");
  const lastMs = due === undefined ? lastMomentOf(on) + (every ?? Number.NaN) : lastMomentOf(due);
  const until = Number.isNaN(lastMs) ? null : (lastMs as WallMs);
  return { pairs: found, on, by: by ?? null, due: until };
}

function careOf(calibration: PointInput["calibration"]): CalibrationCare | null {
  const { every: everyMs = null, tolerance = null } = calibration ?? {};
  return everyMs === null && tolerance === null ? null : { everyMs, tolerance };
}

/** The end of `day`, which there is, where it ends last on Earth (UTC-12). */
function lastMomentOf(day: string): WallMs {
  // biome-ignore lint/style/noRestrictedGlobals: the calendar, not the time of day.
  const startMs = Date.parse(`${day}T00:00:00Z`);
  return (startMs + DAY_MS + LATEST_ZONE_MS) as WallMs;
}

const DAY_MS = 86_400_000;
const LATEST_ZONE_MS = 12 * 3_600_000;

function checksOf(point: PointInput, note: PointNote): Checks {
  const { range, plausible, maxRate, stuck, warmUp, status } = point;
  if (status !== undefined) {
    const meanings = Object.keys(status.values).length + Object.keys(status.bits).length;
    if (meanings === 0) note("status-means-nothing", null, "status");
  }
  return {
    range: range ?? NO_CHECKS.range,
    plausible: plausible ?? NO_CHECKS.plausible,
    maxRate: maxRate === undefined ? null : { change: maxRate.change, inMs: maxRate.in },
    stuck: stuck === undefined ? null : { forMs: stuck.for, resolution: stuck.resolution },
    warmUpMs: warmUp ?? NO_CHECKS.warmUpMs,
    status:
      status === undefined
        ? null
        : { point: status.point, values: byNumber(status.values), bits: byNumber(status.bits) },
  };
}

function byNumber(meanings: Readonly<Record<string, DeviceStatus>>): Map<number, DeviceStatus> {
  return new Map(Object.entries(meanings).map(([number, status]) => [Number(number), status]));
}
