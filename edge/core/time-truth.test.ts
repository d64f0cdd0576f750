import test from "ava";
import fc from "fast-check";
import type { UptimeMs } from "./time.ts";
import { type Basis, boundedBy, KNOWN_WITHIN_MS, toldBy } from "./time-truth.ts";

const DAY_MS = 86_400_000;
/** True time goes by elapsed time at this pace. */
const pace = fc.double({ min: 1 - 49e-6, max: 1 + 49e-6, noNaN: true });
const moment = fc.integer({ min: 0, max: 10 * DAY_MS });

test("a time told by what was learnt within the same boot is true, or its bounds are", (t) => {
  fc.assert(
    fc.property(
      fc.record({ pace, learntAt: moment, at: moment, spanMs: fc.nat(60_000) }),
      fc.integer({ min: -400, max: 400 }),
      ({ pace, learntAt, at, spanMs }, offMs) => {
        const truth = (uptime: number) => 1_767_225_600_000 + uptime * pace;
        const offsetMs = truth(learntAt) - learntAt + offMs;
        const anchor = { offsetMs, uptime: learntAt as UptimeMs, errorMs: Math.abs(offMs) };
        const told = toldBy({ kind: "known", ...anchor, notBefore: null }, at as UptimeMs, spanMs);
        if (told.between === null) {
          return told.clock === "corrected" && Math.abs(told.at - truth(at)) <= KNOWN_WITHIN_MS + 1;
        }
        const [from, to] = told.between;
        return told.clock === "unsynced" && from <= truth(at) && truth(at + spanMs) <= to;
      },
    ),
  );
  t.pass();
});

test("of one correction the order is kept, and what is off by little comes behind what was known", (t) => {
  fc.assert(
    fc.property(moment, moment, moment, fc.integer(), (one, other, learntAt, notBefore) => {
      const anchor = { offsetMs: 12.25, uptime: learntAt as UptimeMs, errorMs: 5 };
      const basis: Basis = { kind: "known", ...anchor, notBefore };
      const [first, second] = one < other ? [one, other] : [other, one];
      const [a, b] = [first, second].map((at) => toldBy(basis, at as UptimeMs, 0).at);
      return a! <= b! || Math.abs(a! - notBefore) <= 1000;
    }),
  );
  t.pass();
});

test("boots that never knew the time lie in their order between what was known", (t) => {
  const boots = fc.array(
    fc.record({
      gapMs: fc.nat(DAY_MS),
      last: fc.integer({ min: 1, max: DAY_MS }),
      offsetMs: fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.constant(0)),
    }),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(boots, fc.nat(DAY_MS), (drawn, restMs) => {
      const known = 1_700_000_000_000;
      const lengths = drawn.reduce((sum, { gapMs, last }) => sum + gapMs + last, 0);
      const before = known + lengths + restMs;
      const lost = drawn.map(({ last, offsetMs }, i) => ({
        boot: i,
        last,
        offsetMs,
        after: known,
      }));
      const bases = boundedBy(lost, before);
      let end = known;
      for (const { boot, last } of lost) {
        const basis = bases.get(boot)!;
        const first = toldBy(basis, 0 as UptimeMs, 0).at;
        const final = toldBy(basis, last as UptimeMs, 0).at;
        if (first < end - 1 || final > before + 1 || final - first < last - 1) return false;
        end = final;
      }
      return true;
    }),
  );
  t.pass();
});

test("a boot whose own clock lies within what was known is left where it is", (t) => {
  const lost = [{ boot: 1, last: 60_000, offsetMs: 1_000_000, after: 900_000 }];
  const basis = boundedBy(lost, 2_000_000).get(1)!;
  const told = toldBy(basis, 30_000 as UptimeMs, 0);
  t.deepEqual(told, { at: 1_030_000, clock: "unsynced", between: [900_000, 2_000_000] } as never);
});
