import fc from "fast-check";
import type { Batch, Series } from "../../edge/core/batch.ts";
import type { Quality, Value } from "../../edge/core/reading.ts";
import type { ClockState, WallMs } from "../../edge/core/time.ts";

const reason = fc.constantFrom("timeout", "crc", "exception:2", "malformed", "link-closed");
const quality: fc.Arbitrary<Quality> = fc.oneof(
  fc.constant("good" as const),
  reason.map((text) => `bad:${text}` as Quality),
  reason.map((text) => `uncertain:${text}` as Quality),
);
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
);
const value: fc.Arbitrary<Value | null> = fc.oneof(
  fc.double(),
  fc.float(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.integer({ min: -20000, max: 20000 }).map((whole) => whole / 10),
  fc.integer().map((whole) => whole / 1e6),
  fc.constantFrom(-0, 0, Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53, 0.1 + 0.2),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  fc.boolean(),
  anyText,
  fc.constant(null),
);
const time = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }),
  fc.maxSafeNat(),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
);

function seriesOf(v: readonly (Value | null)[]): fc.Arbitrary<Series> {
  const length = { minLength: v.length, maxLength: v.length };
  return fc.record({
    point: anyText,
    unit: fc.option(anyText),
    t: fc.oneof(fc.array(fc.nat(), length), fc.array(time, length)),
    v: fc.constant(v),
    q: fc.option(fc.array(quality, length)),
  });
}

const numbers = fc.oneof(
  fc.array(fc.integer({ min: -5000, max: 5000 }).map((whole) => whole / 100)),
  fc.array(fc.float()),
  fc.array(fc.double()),
);
/** A batch of anything that can be stored, times and numbers of every kind included. */
export const anyBatch: fc.Arbitrary<Batch> = fc.record({
  at: fc.oneof(fc.nat(), fc.double({ noNaN: true })).map((at) => at as WallMs),
  clock: fc.constantFrom<ClockState>("synced", "corrected", "unsynced"),
  series: fc.array(fc.oneof(fc.array(value), numbers, fc.array(fc.boolean())).chain(seriesOf)),
});
