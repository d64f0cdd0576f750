import test from "ava";
import fc from "fast-check";
import { type Bounds, HOUR_MS, type Message, MINUTE_MS, planDrop, planThinning } from "./ladder.ts";

const SECOND = 1000;
const AROUND = 10 * MINUTE_MS;

/** One message a second from `from` on, each of `count` readings. */
function seconds(many: number, from = 0, count = 10): readonly Message[] {
  return Array.from({ length: many }, (_, i) => ({ seq: i + 1, at: from + i * SECOND, count }));
}

function bounds(over: Partial<Bounds> = {}): Bounds {
  return {
    aroundMs: AROUND,
    alarms: [],
    moments: new Map(),
    newestAt: 1e9,
    youngMs: AROUND,
    futile: new Set(),
    ...over,
  };
}

const seqs = (messages: readonly Message[]) => messages.map(({ seq }) => seq);

test("the oldest quarter of an hour is thinned first, as one", (t) => {
  const { bulk, passed } = planThinning(seconds(1024), MINUTE_MS, bounds(), true);
  t.deepEqual([bulk[0]?.seq, bulk.at(-1)?.seq, passed], [1, 900, 900]);
});

test("the surroundings of an alarm are passed over", (t) => {
  const messages = seconds(1024);
  const alarms = [100 * SECOND];
  const { bulk } = planThinning(messages, MINUTE_MS, bounds({ alarms, aroundMs: 60_000 }), true);
  t.deepEqual([bulk[0]?.seq, bulk.at(-1)?.seq], [1, 40]);
  const behind = planThinning(
    messages.slice(40),
    MINUTE_MS,
    bounds({ alarms, aroundMs: 60_000 }),
    true,
  );
  t.deepEqual([behind.bulk[0]?.seq, behind.bulk.at(-1)?.seq], [162, 900]);
});

test("what could not be thinned is passed over", (t) => {
  const futile = new Set([1, 2, 50]);
  const { bulk, passed } = planThinning(seconds(100), MINUTE_MS, bounds({ futile }), false);
  t.deepEqual([bulk[0]?.seq, bulk.at(-1)?.seq, passed], [3, 49, 49]);
});

test("what may yet come to be near an alarm is not thinned, nor a window that goes on", (t) => {
  const newestAt = 900 * SECOND;
  const { bulk } = planThinning(seconds(900), MINUTE_MS, bounds({ newestAt }), false);
  t.is(bulk.at(-1)?.at, 299 * SECOND);
  t.deepEqual(planThinning(seconds(900), HOUR_MS, bounds({ newestAt }), false).bulk, []);
});

test("so many readings as one commit can decode are thinned at once, in whole windows", (t) => {
  const { bulk } = planThinning(seconds(900, 0, 1000), MINUTE_MS, bounds(), true);
  t.is(bulk.length, 60);
  const large = planThinning(seconds(900, 0, 10_000), MINUTE_MS, bounds(), true);
  t.is(large.bulk.length, 6, "not even one window fits");
});

test("a few of the oldest are dropped at a time, and none that must stay", (t) => {
  const { bulk } = planDrop(seconds(1024), bounds({ alarms: [0], aroundMs: 5 * SECOND }));
  t.deepEqual([bulk[0]?.seq, bulk.length], [7, 32]);
  t.deepEqual(planDrop(seconds(100), bounds({ newestAt: 99 * SECOND })).bulk, []);
});

const anyMessages = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 30_000 })), {
    minLength: 1,
    maxLength: 300,
  })
  .map((steps) => {
    let [seq, at] = [0, 0];
    return steps.map(([step, count]): Message => {
      seq += 1 + (step % 3);
      at += step * SECOND;
      return { seq, at, count };
    });
  });
const anyBounds = fc
  .record({
    aroundMs: fc.constantFrom(0, 5 * SECOND, AROUND),
    youngMs: fc.constantFrom(0, AROUND),
    alarms: fc.array(fc.integer({ min: 0, max: 4 * HOUR_MS }), { maxLength: 5 }),
    newestAt: fc.integer({ min: 0, max: 4 * HOUR_MS }),
  })
  .map((all) => ({
    ...all,
    alarms: all.alarms.toSorted((a, b) => a - b),
    moments: new Map(),
    futile: new Set<number>(),
  }));

test("whatever is stored: never surroundings, oldest first, nothing twice, and it ends", (t) => {
  fc.assert(
    fc.property(anyMessages, anyBounds, (messages, within) => {
      let passed = 0;
      const taken: Message[] = [];
      for (let step = 0; step <= messages.length; step++) {
        const left = messages.filter((each) => each.seq > passed && !taken.includes(each));
        const plan = planThinning(left, MINUTE_MS, within, false);
        passed = Math.max(passed, plan.passed);
        if (plan.bulk.length === 0) break;
        taken.push(...plan.bulk);
      }
      const isNear = ({ at }: Message) =>
        within.alarms.some((alarm) => Math.abs(alarm - at) <= within.aroundMs);
      const isYoung = ({ at }: Message) =>
        at <= within.newestAt && at > within.newestAt - within.youngMs;
      t.false(taken.some(isNear));
      t.false(taken.some(isYoung));
      t.deepEqual(
        seqs(taken),
        seqs(taken).toSorted((a, b) => a - b),
      );
      t.is(new Set(taken).size, taken.length);
      const over = (each: Message) =>
        each.at > within.newestAt ||
        Math.floor(each.at / MINUTE_MS) * MINUTE_MS + MINUTE_MS <= within.newestAt - within.youngMs;
      const left = messages.filter((each) => !isNear(each) && over(each) && !taken.includes(each));
      t.deepEqual(seqs(left), [], "all that may be thinned is");
    }),
    { numRuns: 300 },
  );
});
