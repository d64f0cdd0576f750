import test from "ava";
import fc from "fast-check";
import type { UptimeMs } from "../core/time.ts";
import {
  type Answer,
  backlogWindow,
  firstPace,
  floorOf,
  nextPace,
  type Pace,
  paceAfterAck,
  paceAfterRefusal,
} from "./pace.ts";

const MOST = 32;
const at = (ms: number) => ms as UptimeMs;
const windowAt = (pace: Pace, ms: number) => backlogWindow(pace, MOST, at(ms));

/** One window full of messages after the other, each acknowledged after `tookMs`. */
function rounds(pace: Pace, count: number, tookMs: (window: number) => number, from = 0) {
  let now = pace;
  let ms = from;
  const windows: number[] = [];
  for (let n = 0; n < count; n++) {
    const window = windowAt(now, ms);
    const took = tookMs(window);
    for (let i = 0; i < window; i++) {
      const answer = { sentAt: at(ms), at: at(ms + took), wasAlone: window === 1, wasFull: true };
      now = paceAfterAck(now, answer, MOST);
    }
    ms += took;
    windows.push(window);
  }
  return { pace: now, ms, windows };
}

test("the first message goes alone, then twice as many a round, up to what is left for backlog", (t) => {
  const { windows } = rounds(firstPace(at(0)), 8, () => 50);
  t.deepEqual(windows, [1, 2, 4, 8, 16, 24, 24, 24]);
});

test("acknowledgements that get clearly later make the window smaller before anything is refused", (t) => {
  // A broker that works on one message after the other: 8 at once take 8 times as long.
  const { windows } = rounds(firstPace(at(0)), 200, (window) => 100 + 10 * window);
  t.true(Math.max(...windows) <= 16);
  const late = windows.slice(50);
  t.true(
    late.every((window) => 100 + 10 * window <= 1.75 * 110),
    `${late}`,
  );
  // One goes alone now and then.
  const usual = late.filter((window) => window > 1);
  t.true(usual.length > 140 && usual.every((window) => window >= 3), `${late}`);
});

test("jitter is no sign: the window stays large where the mean of acknowledgements stays", (t) => {
  let n = 0;
  const { windows } = rounds(firstPace(at(0)), 900, () => [60, 100, 140, 90, 110][n++ % 5] ?? 0);
  const late = windows.slice(-300);
  t.true(late.reduce((sum, window) => sum + window, 0) / late.length > 12, `${late}`);
});

test("a refusal makes the window smaller once for all that was under way together", (t) => {
  const { pace, ms } = rounds(firstPace(at(0)), 6, () => 50);
  const before = windowAt(pace, ms);
  let after = pace;
  for (let i = 0; i < before; i++) {
    after = paceAfterRefusal(after, { sentAt: at(ms), at: at(ms + 50) });
  }
  t.true(windowAt(after, ms + 50) < before);
  t.true(windowAt(after, ms + 50) >= before / 2);
});

test("after a session lost amid a drain it begins with one and grows carefully beyond half", (t) => {
  const { pace, ms } = rounds(firstPace(at(0)), 6, () => 50);
  const next = nextPace(pace, true, at(ms));
  t.is(windowAt(next, ms), 1);
  const { windows } = rounds(next, 20, () => 50, ms);
  t.deepEqual(windows.slice(0, 6), [1, 2, 4, 8, 16, 16]);
});

test("a session lost while nothing was under way says nothing about the broker", (t) => {
  const next = nextPace(firstPace(at(0)), false, at(1000));
  t.deepEqual(rounds(next, 4, () => 50, 1000).windows, [1, 2, 4, 8]);
});

test("the way gets longer: a message goes alone now and then, and the window grows again", (t) => {
  const first = rounds(firstPace(at(0)), 50, () => 20);
  // From now on every message takes 200 ms, however few are under way.
  const { windows, pace } = rounds(first.pace, 400, () => 200, first.ms);
  t.is(floorOf(pace), 200);
  t.true(
    windows.slice(-50).some((window) => window >= 8),
    `${windows.slice(-50)}`,
  );
});

test("a window that was not full tells nothing of a larger one", (t) => {
  const answer = { sentAt: at(0), at: at(10), wasAlone: true, wasFull: false };
  let pace = firstPace(at(0));
  for (let i = 0; i < 100; i++) pace = paceAfterAck(pace, answer, MOST);
  t.is(windowAt(pace, 10), 1);
});

type Step = {
  readonly kind: "ack" | "refuse" | "lose";
  readonly took: number;
  readonly alone: boolean;
};

test("whatever the broker answers, the window stays between one and what may be under way", (t) => {
  const step = fc.record<Step>({
    kind: fc.constantFrom("ack", "ack", "ack", "refuse", "lose"),
    took: fc.integer({ min: 0, max: 100_000 }),
    alone: fc.boolean(),
  });
  const most = fc.integer({ min: 1, max: 65_535 });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), most, (steps, max) => {
      let ms = 0;
      let pace = firstPace(at(0));
      for (const { kind, took, alone } of steps) {
        const answer: Answer = {
          sentAt: at(ms),
          at: at(ms + took),
          wasAlone: alone,
          wasFull: true,
        };
        const before = pace.window;
        ms += took;
        if (kind === "ack") pace = paceAfterAck(pace, answer, max);
        else if (kind === "refuse") {
          pace = paceAfterRefusal(pace, answer);
          if (pace.window > before) return false;
        } else pace = nextPace(pace, alone, at(ms));
        const window = backlogWindow(pace, max, at(ms));
        if (!(window >= 1 && window <= max && Number.isInteger(window))) return false;
        if (max > 1 && window >= max) return false;
        if (pace.alone.length > 5) return false;
      }
      return true;
    }),
  );
  t.pass();
});

test("after any history a broker that answers evenly gets the whole window again", (t) => {
  const took = fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 100 });
  fc.assert(
    fc.property(took, (history) => {
      let ms = 0;
      let pace = firstPace(at(0));
      for (const each of history) {
        const answer = {
          sentAt: at(ms),
          at: at(ms + each),
          wasAlone: each % 3 === 0,
          wasFull: true,
        };
        ms += each;
        pace = each % 7 === 0 ? paceAfterRefusal(pace, answer) : paceAfterAck(pace, answer, MOST);
      }
      return Math.max(...rounds(pace, 2000, () => 50, ms).windows.slice(-100)) === 24;
    }),
    { numRuns: 30 },
  );
  t.pass();
});
