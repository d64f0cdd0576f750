import test from "ava";
import type { Physics, PhysicsOf } from "../core/measurement.ts";
import type { Measured } from "./measured.ts";
import { felt, type Operands } from "./physics.ts";

const NONE: Operands = () => null;

const BRIDGE: Physics = {
  kind: "strain-bridge",
  gaugeFactor: 2,
  activeArms: 1,
  zero: 0,
  leads: 0,
};
const THERMISTOR: Physics = {
  kind: "thermistor",
  a: 0.0014051,
  b: 0.0002369,
  c: 1.019e-7,
  d: 0,
  valid: [150, 110_000],
};
const WIRE: PhysicsOf<"vibrating-wire"> = {
  kind: "vibrating-wire",
  input: "frequency",
  factor: 0.003,
  zero: 800,
  thermal: { temperature: { kind: "point", point: "strain-1.temp" }, zero: 20, factor: 12.2 },
};
const DEPTH: PhysicsOf<"depth"> = {
  kind: "depth",
  pressure: "m[H2O]",
  density: 1000,
  temperature: { kind: "point", point: "level-1.temp" },
  atmosphere: null,
  above: 0,
};
const GAS: Physics = {
  kind: "gas",
  from: "%{vol}",
  to: "%[LEL]",
  lel: 5,
  molarMass: null,
  temperature: 20,
  pressure: 101.325,
};

/** Each of `points` as the newest value of its point, and no other. */
function operandsOf(points: Readonly<Record<string, Measured>>): Operands {
  return (point) => points[point] ?? null;
}

const good = (value: number): Measured => ({ value, quality: "good" });
const INPUT_UNKNOWN: Measured = { value: null, quality: "bad:input" };
const OUT_OF_RANGE: Measured = { value: null, quality: "bad:out-of-range" };

test("every law gives what it is for", (t) => {
  t.deepEqual(felt(0.5, "good", BRIDGE, NONE), good(1000));
  t.is(felt(3000, "good", THERMISTOR, NONE).value?.toFixed(3), "24.992");
  t.deepEqual(felt(820, "good", { ...WIRE, thermal: null }, NONE), good(97.2));
  t.deepEqual(felt(3.2, "good", DEPTH, NONE), good(3.2));
  t.deepEqual(felt(1.2, "good", { kind: "distance", height: 4.1 }, NONE), good(2.9));
  t.deepEqual(felt(0.6, "good", GAS, NONE), good(12));
});

test("what is uncertain stays so through a law", (t) => {
  t.is(felt(0.5, "uncertain:rate", BRIDGE, NONE).quality, "uncertain:rate");
  t.is(felt(3000, "uncertain:rate", THERMISTOR, NONE).quality, "uncertain:rate");
  t.is(felt(3.2, "uncertain:rate", DEPTH, NONE).quality, "uncertain:rate");
});

test("a point that is needed counts with its newest value", (t) => {
  const warm = operandsOf({ "strain-1.temp": good(25) });
  t.deepEqual(felt(780, "good", WIRE, warm), good(-33.8));
});

test("a broken wire or a gauge that does not swing has no value", (t) => {
  t.deepEqual(felt(120_000, "good", THERMISTOR, NONE), OUT_OF_RANGE);
  t.deepEqual(felt(0, "good", { ...WIRE, thermal: null }, NONE), OUT_OF_RANGE);
});

test("a water temperature is asked for only where the density is not given", (t) => {
  t.deepEqual(felt(3.2, "good", DEPTH, NONE), good(3.2));
  t.deepEqual(felt(3.2, "good", { ...DEPTH, density: null }, NONE), INPUT_UNKNOWN);
});

test("a water temperature at which there is no water is not believed", (t) => {
  const hot = operandsOf({ "level-1.temp": good(850) });
  t.deepEqual(felt(3.2, "good", { ...DEPTH, density: null }, hot), INPUT_UNKNOWN);
});

test("the pressure of the air is taken off, and a level is not known without it", (t) => {
  const depth = { ...DEPTH, atmosphere: { kind: "point", point: "air-1.pressure" } } as const;
  const air = operandsOf({ "air-1.pressure": good(10.33) });
  t.deepEqual(felt(12.33, "good", depth, air), good(2));
  t.deepEqual(felt(12.33, "good", depth, NONE), INPUT_UNKNOWN);
});

test("one doubtful point of several makes a level doubtful, for its input", (t) => {
  const depth: Physics = {
    ...DEPTH,
    density: null,
    atmosphere: { kind: "point", point: "air-1.pressure" },
  };
  const doubtful = (value: number): Measured => ({ value, quality: "uncertain:stuck" });
  const air = { "air-1.pressure": doubtful(10.33), "level-1.temp": good(4) };
  t.is(felt(12.33, "good", depth, operandsOf(air)).quality, "uncertain:input");
  const water = { "air-1.pressure": good(10.33), "level-1.temp": doubtful(4) };
  t.is(felt(12.33, "good", depth, operandsOf(water)).quality, "uncertain:input");
});

test("a gas without what its units need is no number", (t) => {
  const quality = "bad:not-a-number";
  t.deepEqual(felt(1, "good", { ...GAS, lel: null } as Physics, NONE), { value: null, quality });
});
