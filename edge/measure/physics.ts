import { withoutDust } from "../core/dust.ts";
import type { Operand, Physics, PhysicsOf } from "../core/measurement.ts";
import type { Quality } from "../core/reading.ts";
import { liquidDepth, waterDensity } from "./depth.ts";
import { inGasUnit } from "./gas-units.ts";
import { bad, doubted, type Measured, measured } from "./measured.ts";
import { bridgeStrain } from "./strain-bridge.ts";
import { thermistorTemperature } from "./thermistor.ts";
import { wireStrain } from "./vibrating-wire.ts";

/** The newest value of a point by its id; null where none is known. */
export type Operands = (point: string) => Measured | null;

/** A quantity that goes into a law beside what the sensor feels. */
type Known = { readonly value: number; readonly quality: Quality };

/** What a law takes where it needs nothing. */
const NOTHING: Known = { value: 0, quality: "good" };

/**
 * What is to be known, by `physics`, of `value`, which is finite and of `quality`. It is bad:input
 * where a point that is needed is not known, and uncertain:input where that one is uncertain;
 * bad:out-of-range where the sensor is broken or does not feel anything.
 */
export function felt(
  value: number,
  quality: Quality,
  physics: Physics,
  operands: Operands,
): Measured {
  switch (physics.kind) {
    case "vibrating-wire": {
      const { thermal } = physics;
      const temperature = thermal === null ? NOTHING : known(thermal.temperature, operands);
      if (temperature === null) return bad("input");
      return inRange(wireStrain(value, physics, temperature.value), joined(quality, temperature));
    }
    case "strain-bridge":
      return measured(bridgeStrain(value, physics), quality);
    case "thermistor":
      return inRange(thermistorTemperature(value, physics), quality);
    case "depth":
      return depth(value, quality, physics, operands);
    case "distance": {
      const largest = Math.max(Math.abs(physics.height), Math.abs(value));
      return measured(withoutDust(physics.height - value, largest), quality);
    }
    case "gas":
      return measured(inGasUnit(value, physics), quality);
  }
}

function depth(
  pressure: number,
  quality: Quality,
  physics: PhysicsOf<"depth">,
  operands: Operands,
): Measured {
  const density = densityOf(physics, operands);
  const { atmosphere: from } = physics;
  const atmosphere = from === null ? NOTHING : known(from, operands);
  if (density === null || atmosphere === null) return bad("input");
  const depthM = liquidDepth(pressure, atmosphere.value, density.value, physics);
  return measured(depthM, joined(joined(quality, density), atmosphere));
}

function densityOf({ density, temperature }: PhysicsOf<"depth">, operands: Operands): Known | null {
  if (density !== null) return { value: density, quality: "good" };
  const water = known(temperature, operands);
  const value = water === null ? null : waterDensity(water.value);
  return water === null || value === null ? null : { value, quality: water.quality };
}

/** `operand`, or null where it is not known. */
function known(operand: Operand, operands: Operands): Known | null {
  if (operand.kind === "fixed") return { value: operand.value, quality: "good" };
  const newest = operands(operand.point);
  if (newest === null || newest.value === null) return null;
  return { value: newest.value, quality: newest.quality };
}

/** `quality` of what is worked out with `operand` too. */
function joined(quality: Quality, operand: Known): Quality {
  return operand.quality === "good" ? quality : doubted(quality, "input");
}

function inRange(value: number | null, quality: Quality): Measured {
  return value === null ? bad("out-of-range") : measured(value, quality);
}
