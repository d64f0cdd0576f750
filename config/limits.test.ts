import test from "ava";
import { limitsOf, shareAddresses } from "./limits.ts";

test("without a word of anybody the standard's limits hold", (t) => {
  t.deepEqual(limitsOf({}, null), {
    maxRegisters: 125,
    maxBits: 2000,
    maxGap: 0,
    isGapAssumed: true,
    forbidden: [],
    readAlone: false,
    pace: { timeoutMs: null, silenceMs: null, turnaroundMs: null },
  });
});

test("gaps are read over where a profile names the device, or where it is said", (t) => {
  t.is(limitsOf({}, {}).maxGap, 125);
  t.is(limitsOf({}, { maxGap: 4 }).maxGap, 4);
  for (const maxGap of [0, 9]) {
    const limits = limitsOf({ maxGap }, null);
    t.is(limits.maxGap, maxGap);
    t.false("isGapAssumed" in limits);
  }
});

test("the device's own word holds before its profile's", (t) => {
  const profile = { maxRegisters: 32, maxGap: 4, timeout: 2000, readAlone: true };
  t.like(limitsOf({ maxGap: 0, silence: 10 }, profile), {
    maxRegisters: 32,
    maxGap: 0,
    readAlone: true,
    pace: { timeoutMs: 2000, silenceMs: 10, turnaroundMs: null },
  });
  t.false(limitsOf({ readAlone: false }, profile).readAlone);
});

test("what the profile forbids stays forbidden", (t) => {
  const profile = { forbidden: [{ area: "holding", address: 7 }] } as const;
  const own = { forbidden: [{ area: "input", address: 10, last: 19 }] } as const;
  t.deepEqual(
    limitsOf({ forbidden: [...own.forbidden] }, { forbidden: [...profile.forbidden] }).forbidden,
    [
      { area: "holding", address: 7, count: 1 },
      { area: "input", address: 10, count: 10 },
    ],
  );
});

test("ranges share addresses only in one area, and not where they touch", (t) => {
  const range = { area: "holding", address: 10, count: 2 } as const;
  t.true(shareAddresses(range, { area: "holding", address: 11, count: 1 }));
  t.false(shareAddresses(range, { area: "holding", address: 12, count: 1 }));
  t.false(shareAddresses(range, { area: "input", address: 10, count: 2 }));
});
