import test from "ava";
import fc from "fast-check";
import type { GasUnit } from "../core/measurement.ts";
import { inGasUnit } from "./gas-units.ts";

/** Methane, with the explosive limit of Chinese practice, at 20 Cel and standard pressure. */
const METHANE = {
  kind: "gas",
  from: "%{vol}",
  to: "%[LEL]",
  lel: 5,
  molarMass: 16.043,
  temperature: 20,
  pressure: 101.325,
} as const;

const CASES: readonly (readonly [number, GasUnit, number, GasUnit])[] = [
  [1.25, "%{vol}", 25, "%[LEL]"],
  [50, "%[LEL]", 2.5, "%{vol}"],
  [0.6, "%{vol}", 12, "%[LEL]"],
  [0.07, "%{vol}", 1.4, "%[LEL]"],
  [1, "%{vol}", 10_000, "[ppm]"],
  [20, "%[LEL]", 10_000, "[ppm]"],
  [35, "[ppm]", 35_000, "[ppb]"],
  [35, "[ppm]", 0.0035, "%{vol}"],
];

for (const [amount, from, converted, to] of CASES) {
  test(`${amount} ${from} of methane are ${converted} ${to}, without binary dust`, (t) => {
    t.is(inGasUnit(amount, { ...METHANE, from, to }), converted);
  });
}

test("a mass in a volume depends on temperature and pressure", (t) => {
  const monoxide = { ...METHANE, molarMass: 28.01, from: "[ppm]", to: "mg/m3" } as const;
  // 24.06 l/mol at 20 Cel, 24.47 at 25 Cel, 22.41 at 0 Cel.
  t.is(inGasUnit(100, monoxide).toFixed(1), "116.4");
  t.is(inGasUnit(100, { ...monoxide, temperature: 25 }).toFixed(1), "114.5");
  t.is(inGasUnit(100, { ...monoxide, temperature: 0 }).toFixed(1), "125.0");
  t.is(inGasUnit(100, { ...monoxide, pressure: 101.325 / 2 }).toFixed(1), "58.2");
});

test("a gas in the unit that it has stays as it is", (t) => {
  t.is(inGasUnit(0.1 + 0.2, { ...METHANE, from: "[ppm]", to: "[ppm]" }), 0.1 + 0.2);
});

test("without the explosive limit or the molar mass nothing is made up", (t) => {
  t.is(inGasUnit(1, { ...METHANE, lel: null }), Number.NaN);
  t.is(inGasUnit(1, { ...METHANE, to: "mg/m3", molarMass: null }), Number.NaN);
});

test("a gas comes back from any unit as it went", (t) => {
  const unit = fc.constantFrom<GasUnit>("%[LEL]", "%{vol}", "[ppm]", "[ppb]", "mg/m3");
  const amount = fc.integer({ min: 0, max: 100_000 }).map((whole) => whole / 1000);
  fc.assert(
    fc.property(unit, unit, amount, (from, to, value) => {
      const there = inGasUnit(value, { ...METHANE, from, to });
      const back = inGasUnit(there, { ...METHANE, from: to, to: from });
      t.true(Math.abs(back - value) <= 1e-11 * value);
    }),
  );
});
