import test from "ava";
import fc from "fast-check";
import type { PressureUnit } from "../core/measurement.ts";
import { liquidDepth, waterDensity } from "./depth.ts";

const DEPTH = {
  kind: "depth",
  pressure: "bar",
  density: null,
  temperature: { kind: "fixed", value: 4 },
  atmosphere: null,
  above: 0,
} as const;

const VECTORS = [
  { bar: 0.1, celsius: 4, depthM: 1.01975 },
  { bar: 0.5, celsius: 20, depthM: 5.10777 },
  { bar: 1, celsius: 4, depthM: 10.19747 },
  { bar: 1, celsius: 25, depthM: 10.22742 },
];

for (const { bar, celsius, depthM } of VECTORS) {
  test(`${bar} bar are ${depthM} m of water at ${celsius} Cel`, (t) => {
    const density = waterDensity(celsius) as number;
    t.is(Number(liquidDepth(bar, 0, density, DEPTH).toFixed(5)), depthM);
  });
}

/** kg/m3 of water free of air by Kell, J. Chem. Eng. Data 20 (1975) 97. */
function kell(t: number): number {
  const powers = [999.83952, 16.945176, -7.9870401e-3, -4.6170461e-5, 1.0556302e-7, -2.8054253e-10];
  const sum = powers.reduce((part, factor, power) => part + factor * t ** power, 0);
  return sum / (1 + 0.01687985 * t);
}

test("the density of water is that of another source, as closely as is said", (t) => {
  for (let celsius = 0; celsius <= 100; celsius++) {
    const off = Math.abs((waterDensity(celsius) as number) / kell(celsius) - 1);
    t.true(off < (celsius <= 45 ? 0.0001 : 0.007), `${celsius} Cel: ${off}`);
  }
});

test("where there is no water it has no density", (t) => {
  t.not(waterDensity(-5), null);
  t.is(waterDensity(-5.1), null);
  t.not(waterDensity(100), null);
  t.is(waterDensity(100.1), null);
});

const ONE_BAR: Readonly<Record<PressureUnit, number>> = {
  Pa: 100_000,
  hPa: 1000,
  kPa: 100,
  MPa: 0.1,
  mbar: 1000,
  bar: 1,
  "m[H2O]": 10.19716213,
};

for (const [unit, amount] of Object.entries(ONE_BAR) as [PressureUnit, number][]) {
  test(`a pressure in ${unit} is understood`, (t) => {
    const depth = liquidDepth(amount, 0, 1000, { ...DEPTH, pressure: unit });
    t.is(depth.toFixed(6), "10.197162");
  });
}

test("a metre of water is a metre of water", (t) => {
  t.is(liquidDepth(3.2, 0, 1000, { ...DEPTH, pressure: "m[H2O]" }), 3.2);
});

test("the air's pressure is taken off, and where the sensor hangs is added", (t) => {
  const depth = { ...DEPTH, pressure: "m[H2O]", above: 0.25 } as const;
  t.is(liquidDepth(12.33, 10.33, 1000, depth), 2.25);
  t.is(liquidDepth(10.08, 10.33, 1000, depth), 0);
});

test("the depth comes back as the pressure that it makes", (t) => {
  const metres = fc.double({ min: 0, max: 200, noNaN: true });
  const density = fc.double({ min: 600, max: 1400, noNaN: true });
  fc.assert(
    fc.property(metres, density, (depthM, kgPerM3) => {
      const bar = (depthM * kgPerM3 * 9.80665) / 100_000;
      t.true(Math.abs(liquidDepth(bar, 0, kgPerM3, DEPTH) - depthM) < 1e-9);
    }),
  );
});
