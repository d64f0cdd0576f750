import type { WallMs } from "./time.ts";

/**
 * What becomes of the number that a device told (decoded, and scaled) until it is a measurement.
 * The steps are taken in the order of the keys; null leaves a step out. Plain data.
 */
export type Measurement = {
  /** The number is a current in mA: 4 to 20 mA stand for a range. */
  readonly loop: CurrentLoop | null;
  readonly curve: Curve | null;
  readonly physics: Physics | null;
  readonly calibration: Calibration | null;
  readonly filter: Filter | null;
  readonly checks: Checks;
  readonly report: Report | null;
  /** How it is to be calibrated; left out where nobody said so. */
  readonly care?: CalibrationCare;
};

/** From the lowest to the highest, both included. */
export type Range = readonly [low: number, high: number];

/** A current loop with the failure signals of NAMUR NE 43. */
export type CurrentLoop = {
  /** What 4 mA stand for. */
  readonly low: number;
  /** What 20 mA stand for. */
  readonly high: number;
  /** How long a current between the measuring range and a failure signal counts as uncertain. */
  readonly holdMs: number;
};

/** How a sensor that is not linear is made so. */
export type Curve =
  /** c0 + c1 x + c2 x² and so on, lowest power first; at least two coefficients. */
  | { readonly kind: "polynomial"; readonly coefficients: readonly number[] }
  /** Straight lines between at least two pairs, x rising; beyond them the value is not known. */
  | { readonly kind: "table"; readonly pairs: readonly Pair[] };

/** What goes in and what comes out. */
export type Pair = readonly [from: number, to: number];

/** A fixed number, or the newest value of another point, by its id. */
export type Operand =
  | { readonly kind: "fixed"; readonly value: number }
  | { readonly kind: "point"; readonly point: string };

/** A law of nature between what a sensor feels and what is to be known. */
export type Physics =
  | {
      /** Strain in µm/m of a vibrating wire; tension is positive. */
      readonly kind: "vibrating-wire";
      /** Frequency in Hz, or digits: f² / 1000. */
      readonly input: "frequency" | "digits";
      /** µm/m for each Hz², or for each digit. */
      readonly factor: number;
      /** The input at no strain: Hz or digits. */
      readonly zero: number;
      readonly thermal: {
        /** In Cel. */
        readonly temperature: Operand;
        /** Temperature at no strain, in Cel. */
        readonly zero: number;
        /** µm/m for each Cel. */
        readonly factor: number;
      } | null;
    }
  | {
      /** Strain in µm/m of a bridge of resistance gauges, of mV/V. */
      readonly kind: "strain-bridge";
      readonly gaugeFactor: number;
      /** Arms that feel the strain: 1, 2, 4, or with Poisson's ratio 1 + nu or 2 (1 + nu). */
      readonly activeArms: number;
      /** mV/V at no strain. */
      readonly zero: number;
      /** Resistance of the leads as a share of the gauge's. */
      readonly leads: number;
    }
  | {
      /** Temperature in Cel of a thermistor, of Ohm (Steinhart and Hart). */
      readonly kind: "thermistor";
      /** Of the powers 0, 1, 3 and 5 of ln(R). */
      readonly a: number;
      readonly b: number;
      readonly c: number;
      readonly d: number;
      /** Resistances beyond it are a short or a broken wire, in Ohm. */
      readonly valid: Range;
    }
  | {
      /** Depth in m of a liquid, of the pressure of what stands above the sensor. */
      readonly kind: "depth";
      readonly pressure: PressureUnit;
      /** In kg/m3; null for water at `temperature`. */
      readonly density: number | null;
      /** Of the water, in Cel. */
      readonly temperature: Operand;
      /** Pressure of the air, for a sensor that measures from vacuum; null for one that does not. */
      readonly atmosphere: Operand | null;
      /** How far the sensor is above the place that the depth is counted from, in m. */
      readonly above: number;
    }
  | {
      /** Level, of the distance from a sensor above it: height - distance. */
      readonly kind: "distance";
      /** From the sensor to the place that the level is counted from, in the unit of the distance. */
      readonly height: number;
    }
  | {
      /** A gas in another unit. */
      readonly kind: "gas";
      readonly from: GasUnit;
      readonly to: GasUnit;
      /** Lower explosive limit in %{vol}; null where none is needed. */
      readonly lel: number | null;
      /** In g/mol; null where none is needed. */
      readonly molarMass: number | null;
      /** Of the gas where mg/m3 are counted, in Cel. */
      readonly temperature: number;
      /** Likewise, in kPa. */
      readonly pressure: number;
    };

/** The law of this kind. */
export type PhysicsOf<Kind extends Physics["kind"]> = Extract<Physics, { readonly kind: Kind }>;

export type PressureUnit = "Pa" | "hPa" | "kPa" | "MPa" | "mbar" | "bar" | "m[H2O]";

export type GasUnit = "%[LEL]" | "%{vol}" | "[ppm]" | "[ppb]" | "mg/m3";

/** What an instrument indicated, and what was true, at one or more places of its range. */
export type Calibration = {
  /**
   * One pair moves the zero, two give zero and span, more a line between each two; without any it
   * was found to be right.
   */
  readonly pairs: readonly Pair[];
  /** The day it was made, `2026-05-01`. */
  readonly on: string;
  readonly by: string | null;
  /** Until when it holds; null where nobody said so. */
  readonly due: WallMs | null;
};

/** How often an instrument is to be calibrated, and what it must keep to. */
export type CalibrationCare = {
  /** In milliseconds; null: nobody said how often. */
  readonly everyMs: number | null;
  /** How far it may be off where it is found, in its unit; null: a share of its range. */
  readonly tolerance: number | null;
};

/** What calms a value. */
export type Filter =
  /** Of so many good values, the newest among them. */
  | { readonly kind: "median" | "mean"; readonly of: number }
  /** First order, with this time constant. */
  | { readonly kind: "lag"; readonly timeMs: number };

/** When a value is not believed, or not entirely. */
export type Checks = {
  /** What the instrument measures: beyond it a value is uncertain. */
  readonly range: Range | null;
  /** What can be at all: beyond it a value is bad. */
  readonly plausible: Range | null;
  /** No real change is faster: a jump is uncertain until the next value agrees with it. */
  readonly maxRate: { readonly change: number; readonly inMs: number } | null;
  /** A value that moves by no more than the resolution for so long is uncertain. */
  readonly stuck: { readonly forMs: number; readonly resolution: number } | null;
  /** After the device has begun to answer, its value is bad for so long. */
  readonly warmUpMs: number;
  readonly status: StatusSource | null;
};

/**
 * What a device says of itself: NAMUR NE 107's four, and two kinds of function check that have
 * reasons of their own.
 */
export type DeviceStatus =
  | "failure"
  | "function-check"
  | "warm-up"
  | "calibration"
  | "out-of-specification"
  | "maintenance";

/** The point whose value tells whether another one's can be believed. */
export type StatusSource = {
  readonly point: string;
  /** By its value. */
  readonly values: ReadonlyMap<number, DeviceStatus>;
  /** By its bits, counted from the lowest, 0. The gravest that is set counts. */
  readonly bits: ReadonlyMap<number, DeviceStatus>;
};

/** When a value is worth storing and sending. Alarms are judged by every one all the same. */
export type Report = {
  /** Only when it has moved by at least this, or its quality has changed. */
  readonly deadband: number;
  /** And at least this often. */
  readonly maxSilenceMs: number;
};

/** Nothing is checked. */
export const NO_CHECKS: Checks = {
  range: null,
  plausible: null,
  maxRate: null,
  stuck: null,
  warmUpMs: 0,
  status: null,
};

/** `measurement` of a point of `device`, with every other point by its whole id. */
export function onDevice(measurement: Measurement, device: string): Measurement {
  const whole = (point: string) => (point.includes(".") ? point : `${device}.${point}`);
  const operand = (each: Operand): Operand =>
    each.kind === "point" ? { kind: "point", point: whole(each.point) } : each;
  const { physics, checks } = measurement;
  const { status } = checks;
  return {
    ...measurement,
    physics: physics === null ? null : mapOperands(physics, operand),
    checks: {
      ...checks,
      status: status === null ? null : { ...status, point: whole(status.point) },
    },
  };
}

function mapOperands(physics: Physics, map: (operand: Operand) => Operand): Physics {
  if (physics.kind === "vibrating-wire" && physics.thermal !== null) {
    const { thermal } = physics;
    return { ...physics, thermal: { ...thermal, temperature: map(thermal.temperature) } };
  }
  if (physics.kind !== "depth") return physics;
  const { temperature, atmosphere } = physics;
  return {
    ...physics,
    temperature: map(temperature),
    atmosphere: atmosphere === null ? null : map(atmosphere),
  };
}

/** The points that `measurement` needs, each with the key that names it. */
export function pointsNeeded(
  measurement: Measurement,
): readonly { readonly key: "physics" | "status"; readonly point: string }[] {
  const { physics, checks } = measurement;
  const operands: Operand[] = [];
  if (physics !== null) {
    mapOperands(physics, (operand) => {
      operands.push(operand);
      return operand;
    });
  }
  return [
    ...operands.flatMap((operand) =>
      operand.kind === "point" ? [{ key: "physics" as const, point: operand.point }] : [],
    ),
    ...(checks.status === null ? [] : [{ key: "status" as const, point: checks.status.point }]),
  ];
}
