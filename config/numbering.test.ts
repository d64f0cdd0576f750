import test from "ava";
import fc from "fast-check";
import { numberOfPlace, placeOfNumber } from "./numbering.ts";

test("the first digit names the area, the rest counts from 1", (t) => {
  t.deepEqual(placeOfNumber("00001"), { area: "coil", address: 0 });
  t.deepEqual(placeOfNumber(10_017), { area: "discrete", address: 16 });
  t.deepEqual(placeOfNumber(30_011), { area: "input", address: 10 });
  t.deepEqual(placeOfNumber(40_005), { area: "holding", address: 4 });
});

test("six digits reach every address", (t) => {
  t.deepEqual(placeOfNumber("000001"), { area: "coil", address: 0 });
  t.deepEqual(placeOfNumber(400_001), { area: "holding", address: 0 });
  t.deepEqual(placeOfNumber(465_536), { area: "holding", address: 65_535 });
});

test("every place has a number, and the number leads back to it", (t) => {
  const area = fc.constantFrom("coil", "discrete", "input", "holding");
  t.notThrows(() =>
    fc.assert(
      fc.property(area, fc.integer({ min: 0, max: 65_535 }), (area, address) => {
        const back = placeOfNumber(numberOfPlace({ area, address }));
        return back?.area === area && back.address === address;
      }),
    ),
  );
});

for (const number of [
  0,
  1,
  4005,
  40_000,
  20_001,
  50_001,
  465_537,
  4_000_001,
  -40_001,
  40_001.5,
  "4x001",
  "",
]) {
  test(`${JSON.stringify(number)} is no documented number`, (t) => {
    t.is(placeOfNumber(number), null);
  });
}
