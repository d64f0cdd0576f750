import type { Given } from "./correction.ts";

/** A step as the crew took it: a steady window under a reference. */
export type StepTaken = Given & { readonly scatter: number; readonly samples: number };

/** What somebody wants of the calibration of a point. */
export type CalibrationOrder = { readonly point: string } & (
  | { readonly action: "show" }
  /** Takes its alarms out of service, at most for `forMs` milliseconds. */
  | { readonly action: "begin"; readonly who: string; readonly forMs: number }
  /** What the instrument tells now. */
  | { readonly action: "sample" }
  /** Puts the steps on record; with `adjust` the point is calibrated by them from now on. */
  | {
      readonly action: "adopt";
      readonly who: string;
      readonly steps: readonly StepTaken[];
      readonly adjust: boolean;
      /** In the point's unit; null for what its configuration says. */
      readonly tolerance: number | null;
      readonly note: string | null;
    }
  /** What was measured afterwards at each step of record `n`; null where nothing was. */
  | {
      readonly action: "left";
      readonly who: string;
      readonly n: number;
      readonly left: readonly (number | null)[];
    }
  /** Puts the alarms back. */
  | { readonly action: "end"; readonly who: string }
  /** Takes again what was in force before. */
  | { readonly action: "revert"; readonly who: string }
);

/** The longest that alarms may be out of service for one calibration, and the shortest. */
export const WORK_MAX_MS = 4 * 3_600_000;
export const WORK_MIN_MS = 10_000;

const NOTE_MAX = 200;
const STEPS_MAX = 8;

/** The order in the parameters of a call that changes nothing. Throws where there is none. */
export function calibrationLookOf(params: unknown): CalibrationOrder {
  const { action, point } = (params ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof point !== "string") throw new Error("calibration needs a point");
  if (action === "show" || action === "sample") return { action, point };
  throw new Error("calibration takes show or sample");
}

/** The order in the parameters of a call that somebody acts by. Throws where there is none, saying why. */
export function calibrationOrderOf(params: unknown): CalibrationOrder {
  const given = (params ?? {}) as Readonly<Record<string, unknown>>;
  const { action, point, who } = given;
  if (typeof point !== "string") throw new Error("calibrate needs a point");
  if (typeof who !== "string" || who === "") throw new Error("calibrate needs who acts");
  switch (action) {
    case "begin": {
      const { forMs } = given;
      if (!isNumber(forMs) || forMs < WORK_MIN_MS || forMs > WORK_MAX_MS) {
        throw new Error(`begin needs forMs, ${WORK_MIN_MS} to ${WORK_MAX_MS} milliseconds`);
      }
      return { action, point, who, forMs };
    }
    case "adopt":
      return { action, point, who, ...adoptionIn(given) };
    case "left": {
      const { n, left } = given;
      if (!isNumber(n) || !Array.isArray(left) || left.length > STEPS_MAX) {
        throw new Error("left needs the number of a record, and a value for each step");
      }
      if (!left.every((each) => each === null || isNumber(each))) {
        throw new Error("left takes numbers and null");
      }
      return { action, point, who, n, left };
    }
    case "end":
    case "revert":
      return { action, point, who };
    default:
      throw new Error("calibrate takes begin, adopt, left, end or revert");
  }
}

function adoptionIn(given: Readonly<Record<string, unknown>>) {
  const { steps, adjust, tolerance = null, note = null } = given;
  if (!Array.isArray(steps) || steps.length === 0 || steps.length > STEPS_MAX) {
    throw new Error(`adopt needs 1 to ${STEPS_MAX} steps`);
  }
  if (typeof adjust !== "boolean") throw new Error("adopt needs adjust, true or false");
  if (tolerance !== null && !(isNumber(tolerance) && tolerance > 0)) {
    throw new Error("tolerance is a number above 0");
  }
  if (note !== null && (typeof note !== "string" || note.length > NOTE_MAX)) {
    throw new Error(`note is a text of at most ${NOTE_MAX} characters`);
  }
  return { steps: steps.map(stepIn), adjust, tolerance, note };
}

function stepIn(step: unknown): StepTaken {
  const given = (step ?? {}) as Readonly<Record<keyof StepTaken, unknown>>;
  const { reference, indicated, scatter, samples } = given;
  const isWhole = isNumber(reference) && isNumber(indicated) && isNumber(scatter);
  if (!isWhole || !isNumber(samples)) {
    throw new Error("a step needs reference, indicated, scatter and samples, all numbers");
  }
  return { reference, indicated, scatter, samples };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
