import test from "ava";
import fc from "fast-check";
import { bridgeStrain } from "./strain-bridge.ts";

const QUARTER = {
  kind: "strain-bridge",
  gaugeFactor: 2,
  activeArms: 1,
  zero: 0,
  leads: 0,
} as const;

test("a quarter bridge with gauge factor 2 has 2000 um/m for each mV/V", (t) => {
  t.is(bridgeStrain(0.5, QUARTER), 1000);
  t.is(bridgeStrain(-0.5, QUARTER), -1000);
});

test("more active arms put out more for the same strain", (t) => {
  t.is(bridgeStrain(1, { ...QUARTER, activeArms: 2 }), 1000);
  t.is(bridgeStrain(2, { ...QUARTER, activeArms: 4 }), 1000);
  t.is(bridgeStrain(1.3, { ...QUARTER, activeArms: 2.6 }), 1000);
});

test("the output at no strain is taken off, without binary dust", (t) => {
  t.is(bridgeStrain(0.3, { ...QUARTER, zero: 0.1 }), 400);
  t.is(bridgeStrain(0.1, { ...QUARTER, zero: 0.1 }), 0);
});

test("leads that weaken the output are made up for", (t) => {
  t.is(bridgeStrain(0.5, { ...QUARTER, leads: 0.01 }), 1010);
});

test("the strain is that which puts out so much", (t) => {
  const strain = fc.integer({ min: -10_000, max: 10_000 });
  const gaugeFactor = fc.integer({ min: 180, max: 220 }).map((hundredths) => hundredths / 100);
  fc.assert(
    fc.property(strain, gaugeFactor, fc.constantFrom(1, 1.3, 2, 2.6, 4), (ue, factor, arms) => {
      const output = (ue * factor * arms) / 4000;
      const found = bridgeStrain(output, { ...QUARTER, gaugeFactor: factor, activeArms: arms });
      t.true(Math.abs(found - ue) < 1e-6);
    }),
  );
});
