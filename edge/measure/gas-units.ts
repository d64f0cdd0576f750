import { withoutDust } from "../core/dust.ts";
import type { GasUnit, PhysicsOf } from "../core/measurement.ts";
import { CELSIUS_ZERO_K } from "./thermistor.ts";

/** Molar gas constant in J/(mol K) (SI, 2019; rounded). */
const GAS_CONSTANT = 8.314462618;

/**
 * `amount` of a gas from one unit in the other, as an ideal gas: c = M p / (R T). NaN where the
 * units need an explosive limit or a molar mass that `gas` lacks, which a checked configuration
 * does not let happen.
 */
export function inGasUnit(amount: number, gas: PhysicsOf<"gas">): number {
  if (gas.from === gas.to) return amount;
  const converted = (amount * inPercent(gas.to, gas)) / inPercent(gas.from, gas);
  return withoutDust(converted, Math.abs(converted));
}

/** How many of `unit` one percent of the volume is. */
function inPercent(unit: GasUnit, { lel, molarMass, temperature, pressure }: PhysicsOf<"gas">) {
  switch (unit) {
    case "%{vol}":
      return 1;
    case "%[LEL]":
      return 100 / (lel ?? Number.NaN);
    case "[ppm]":
      return 1e4;
    case "[ppb]":
      return 1e7;
    case "mg/m3": {
      // In mol/m3; kPa and g are 1000 times Pa and mg, and it is a hundredth of the volume.
      const molesPerVolume = (pressure * 1000) / (GAS_CONSTANT * (temperature + CELSIUS_ZERO_K));
      return (molesPerVolume * (molarMass ?? Number.NaN) * 1000) / 100;
    }
  }
}
