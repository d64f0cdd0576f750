import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { Event } from "../core/event.ts";
import type { Reading } from "../core/reading.ts";
import type { News } from "../news.ts";
import { Feed, PAGE_MAX, READINGS_MAX } from "./feed.ts";
import { followOrderOf } from "./follow-order.ts";

const NOBODY: News = {
  onEvent: () => {},
  onReadings: () => {},
  onHold: () => {},
  onDrain: () => {},
};

function rig() {
  const clock = new SimClock();
  const feed = new Feed(clock, (point) => (point === "gas-1.gas" ? "%[LEL]" : null));
  const news = feed.heard(NOBODY);
  const measure = (point: string, count = 1) => {
    const now = { at: clock.now(), uptime: clock.uptime() };
    const made = Array.from({ length: count }, (_, value): Reading => {
      return { point, value, quality: "good", ...now };
    });
    news.onReadings(made);
  };
  return { clock, feed, news, measure };
}

/** Whether `promise` has settled, once time has gone on by `ms`. */
async function isSettled(clock: SimClock, promise: Promise<unknown>, ms: number) {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  await clock.advance(ms);
  return settled;
}

test("a program that waits is answered as soon as there is a reading of its points", async (t) => {
  const { clock, feed, measure } = rig();
  const first = feed.readings(followOrderOf({ points: ["gas-*"], waitMs: 5_000 }));
  t.false(await isSettled(clock, first, 1_000));
  measure("gas-1.gas");
  t.true(await isSettled(clock, first, 0));
  const { readings, next, missed } = await first;
  t.deepEqual([readings.length, next, missed], [1, 1, 0]);
  t.like(readings[0], { point: "gas-1.gas", unit: "%[LEL]", value: 0, quality: "good" });
});

test("what comes together is told together, where the program lets it gather", async (t) => {
  const { clock, feed, measure } = rig();
  const page = feed.readings(followOrderOf({ waitMs: 5_000, gatherMs: 100 }));
  await clock.advance(1);
  measure("gas-1.gas");
  t.false(await isSettled(clock, page, 50));
  measure("level-1.level");
  await clock.advance(60);
  t.is((await page).readings.length, 2);
});

test("a program that waits in vain is told so when its time is over", async (t) => {
  const { clock, feed } = rig();
  const page = feed.readings(followOrderOf({ waitMs: 5_000 }));
  t.false(await isSettled(clock, page, 4_999));
  await clock.advance(1);
  t.like(await page, { readings: [], next: 0, missed: 0 });
});

test("a program that is too slow learns how many readings it missed", async (t) => {
  const { clock, feed, measure } = rig();
  const { next } = await settled(clock, feed.readings(followOrderOf({})));
  measure("gas-1.gas", READINGS_MAX + 500);
  const page = await settled(clock, feed.readings(followOrderOf({ from: next })));
  t.is(page.missed, 500);
  t.is(page.readings.length, PAGE_MAX.readings);
  t.is(page.readings[0]?.value, 500);
});

test("readings are kept only while somebody asks, and one who comes back is told of the gap", async (t) => {
  const { clock, feed, measure } = rig();
  const before = await settled(clock, feed.readings(followOrderOf({})));
  measure("gas-1.gas", 3);
  await clock.advance(61_000);
  measure("gas-1.gas", 5);
  const after = await settled(clock, feed.readings(followOrderOf({ from: 3 })));
  t.not(after.since, before.since);
  t.like(after, { readings: [], next: 0 });
});

test("events are kept though nobody asks, and told from the number that is asked for", async (t) => {
  const { clock, feed, news } = rig();
  const event = (subject: string) => {
    const turn = { from: "open", to: "closed", cause: "unplugged", clock: "synced" } as const;
    return { kind: "bus", subject, ...turn, at: clock.now() } satisfies Event;
  };
  for (const name of ["a", "b", "c"]) news.onEvent(event(name));
  const page = await settled(clock, feed.events(followOrderOf({ from: 1 })));
  t.deepEqual(
    page.events.map((told) => "subject" in told && told.subject),
    ["b", "c"],
  );
  const next = feed.events(followOrderOf({ from: page.next, waitMs: 1_000 }));
  t.false(await isSettled(clock, next, 500));
  news.onEvent(event("d"));
  t.is((await next).events.length, 1);
});

async function settled<Result>(clock: SimClock, promise: Promise<Result>): Promise<Result> {
  await clock.advance(1);
  return promise;
}
