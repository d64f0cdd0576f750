import { type Checks, type Measurement, NO_CHECKS } from "../../edge/core/measurement.ts";

/** A measurement that takes only the steps in `some`, and checks only what is in `checks`. */
export function aMeasurement(
  some: Partial<Omit<Measurement, "checks">> = {},
  checks: Partial<Checks> = {},
): Measurement {
  return {
    loop: null,
    curve: null,
    physics: null,
    calibration: null,
    filter: null,
    report: null,
    ...some,
    checks: { ...NO_CHECKS, ...checks },
  };
}
