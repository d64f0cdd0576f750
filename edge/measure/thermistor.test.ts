import test from "ava";
import fc from "fast-check";
import { thermistorTemperature } from "./thermistor.ts";

/** 3 kOhm at 25 Cel, as in vibrating-wire gauges. */
const BEAD = {
  kind: "thermistor",
  a: 0.0014051,
  b: 0.0002369,
  c: 1.019e-7,
  d: 0,
  valid: [150, 110_000],
} as const;

const VECTORS = [
  [1000, 52.0389],
  [1500, 41.5669],
  [2000, 34.4948],
  [2252, 31.659],
  [3000, 24.992],
  [5000, 13.7296],
  [9796, -0.0177],
  [10_000, -0.4212],
  [16_600, -10.033],
  [30_000, -20.5565],
] as const;

for (const [ohm, celsius] of VECTORS) {
  test(`a thermistor of 3 kOhm has ${celsius} Cel at ${ohm} Ohm`, (t) => {
    t.is(Number(thermistorTemperature(ohm, BEAD)?.toFixed(4)), celsius);
  });
}

test("a bead for high temperatures has a fifth power", (t) => {
  const bead = { ...BEAD, a: 1.12767e-3, b: 2.344442e-4, c: 8.476921e-8, d: 1.175122e-11 };
  const log = Math.log(5000);
  const kelvin = 1 / (bead.a + bead.b * log + bead.c * log ** 3 + bead.d * log ** 5);
  t.is(thermistorTemperature(5000, bead)?.toFixed(6), (kelvin - 273.15).toFixed(6));
  t.not(thermistorTemperature(5000, bead), thermistorTemperature(5000, { ...bead, d: 0 }));
});

test("a resistance of a short or a broken wire is no temperature", (t) => {
  t.not(thermistorTemperature(150, BEAD), null);
  t.is(thermistorTemperature(149.9, BEAD), null);
  t.not(thermistorTemperature(110_000, BEAD), null);
  t.is(thermistorTemperature(110_001, BEAD), null);
  t.is(thermistorTemperature(0, { ...BEAD, b: -1, c: 0, valid: [-1, 1] }), null);
});

test("coefficients that allow no temperature give none", (t) => {
  t.is(thermistorTemperature(1000, { ...BEAD, a: -1 }), null);
  t.is(thermistorTemperature(1000, { ...BEAD, a: 0, b: 0, c: 0 }), null);
});

test("the temperature falls while the resistance rises", (t) => {
  const ohm = fc.double({ min: 150, max: 110_000, noNaN: true });
  fc.assert(
    fc.property(ohm, ohm, (one, other) => {
      const change =
        (thermistorTemperature(other, BEAD) as number) -
        (thermistorTemperature(one, BEAD) as number);
      t.true(change * (other - one) <= 0);
    }),
  );
});
