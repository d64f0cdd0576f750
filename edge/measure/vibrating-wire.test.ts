import test from "ava";
import fc from "fast-check";
import { wireStrain } from "./vibrating-wire.ts";

const THERMAL = { temperature: { kind: "fixed", value: 20 }, zero: 20, factor: 12.2 } as const;

const WIRE = {
  kind: "vibrating-wire",
  input: "frequency",
  factor: 0.003,
  zero: 800,
  thermal: THERMAL,
} as const;

const VECTORS = [
  { hz: 800, celsius: 20, strain: 0 },
  { hz: 820, celsius: 20, strain: 97.2 },
  { hz: 780, celsius: 25, strain: -33.8 },
];

for (const { hz, celsius, strain } of VECTORS) {
  test(`a wire at ${hz} Hz and ${celsius} Cel is strained by ${strain} um/m`, (t) => {
    t.is(wireStrain(hz, WIRE, celsius), strain);
  });
}

test("without a thermal factor the temperature does not count", (t) => {
  t.is(wireStrain(820, { ...WIRE, thermal: null }, 99), 97.2);
});

test("digits are taken as they come: a gauge of 4.062 um/m for each", (t) => {
  const digits = { ...WIRE, input: "digits", factor: 4.062, zero: 2500, thermal: null } as const;
  t.is(wireStrain(2600, digits, 0), 406.2);
});

test("a wire that does not swing has no strain that is known", (t) => {
  t.is(wireStrain(0, WIRE, 20), null);
  t.is(wireStrain(-1, WIRE, 20), null);
});

test("Hz and digits of the same wire give the same strain, higher where it is tenser", (t) => {
  const hz = fc.integer({ min: 450, max: 6000 });
  fc.assert(
    fc.property(hz, hz, (zero, swing) => {
      const strain = wireStrain(swing, { ...WIRE, zero }, 20) as number;
      const digits = { ...WIRE, input: "digits", factor: 3, zero: zero ** 2 / 1000 } as const;
      t.true(Math.abs(strain - (wireStrain(swing ** 2 / 1000, digits, 20) as number)) < 1e-6);
      t.is(Math.sign(strain), Math.sign(swing - zero));
    }),
  );
});
