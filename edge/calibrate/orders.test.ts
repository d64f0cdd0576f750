import test from "ava";
import { calibrationLookOf, calibrationOrderOf } from "./orders.ts";

const STEP = { reference: 50, indicated: 46, scatter: 0.1, samples: 30 };
const ADOPT = { action: "adopt", point: "a.b", who: "li", steps: [STEP], adjust: true };

test("orders come through with what was left out filled in", (t) => {
  t.deepEqual(calibrationOrderOf(ADOPT), { ...ADOPT, tolerance: null, note: null } as never);
  const begin = { action: "begin", point: "a.b", who: "li", forMs: 60_000 } as const;
  t.deepEqual(calibrationOrderOf(begin), begin);
  t.deepEqual(calibrationLookOf({ action: "show", point: "a.b" }), {
    action: "show",
    point: "a.b",
  });
});

test("what is no order is refused, saying what is missing", (t) => {
  const bad: readonly (readonly [unknown, RegExp])[] = [
    [null, /needs a point/],
    [{ action: "end", point: "a.b" }, /needs who/],
    [{ action: "fly", point: "a.b", who: "li" }, /takes begin/],
    [{ action: "begin", point: "a.b", who: "li", forMs: 86_400_000 }, /forMs/],
    [{ action: "begin", point: "a.b", who: "li" }, /forMs/],
    [{ ...ADOPT, steps: [] }, /1 to 8 steps/],
    [{ ...ADOPT, steps: [{ reference: 1 }] }, /all numbers/],
    [{ ...ADOPT, steps: [{ ...STEP, indicated: null }] }, /all numbers/],
    [{ ...ADOPT, adjust: "yes" }, /true or false/],
    [{ ...ADOPT, tolerance: -1 }, /above 0/],
    [{ ...ADOPT, note: "x".repeat(201) }, /at most 200/],
    [{ action: "left", point: "a.b", who: "li", n: 1, left: ["x"] }, /numbers and null/],
  ];
  for (const [params, message] of bad) t.throws(() => calibrationOrderOf(params), { message });
  t.throws(() => calibrationLookOf({ action: "end", point: "a.b" }), { message: /show or sample/ });
});
