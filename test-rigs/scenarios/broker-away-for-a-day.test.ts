import test from "ava";
import type { Delivery } from "../sim/broker.ts";
import { messagesOf, readingsIn, topicOf } from "../sim/received.ts";
import { Site } from "./site.ts";
import { DAY, HOUR, MINUTE, SECOND } from "./site-config.ts";

test("a day without the broker costs no reading, and the present comes before the past", async (t) => {
  const site = await Site.open(t, {
    devices: { gas: { everyMs: 15 * SECOND } },
    buffer: { commitMs: 15 * SECOND },
    window: 4,
  });
  site.broker.faults = { ackLost: 0, carryMs: 500, slowMs: 2000 };
  await site.pass(10 * MINUTE + 100);
  const quietMs = most(delaysMs(site.broker.deliveries));
  site.broker.goAway();
  await site.pass(DAY);
  t.true((site.owed?.readings ?? 0) > 5500);

  site.broker.comeBack();
  const before = site.broker.deliveries.length;
  await site.pass(MINUTE);
  const first = site.broker.deliveries.slice(before);
  const live = delaysMs(first);
  t.true(live.length >= 3, "what is measured now goes beside the backlog");
  t.true(most(live) < quietMs + 500, "and as fast as on a quiet day");
  t.true((site.owed?.readings ?? 0) > 3000, "while most of the day is still to come");

  await site.pass(2 * HOUR + 5 * SECOND);
  t.is(site.owed?.readings, 0);
  const { readings, events, backlog } = site.audit();
  t.like(readings, [{ gaps: 0, duplicates: 0, conflicts: 0 }]);
  t.like(events, [{ gaps: 0, conflicts: 0 }]);
  t.true(backlog > 5500);
  t.deepEqual(site.turns("centre"), ["connected", "disconnected", "connected"]);
  t.true(site.readings("gas").every(({ quality }) => quality === "good"));
  t.true(site.longestGapMs("gas") <= 15 * SECOND + 100);
  t.true(site.most.waiting <= 2, `${site.most.waiting} readings in memory`);
  t.true(site.most.timers <= 50, `${site.most.timers} timers`);
  t.is(await site.brokenPromise(), null);
});

/** From the newest reading of each live message to its arrival, in milliseconds. */
function delaysMs(deliveries: readonly Delivery[]): readonly number[] {
  const live = deliveries.filter((delivery) => topicOf(delivery) === "readings");
  return messagesOf(live, "readings").map(
    ({ delivery, message }) => delivery.at - most(readingsIn(message).map(({ at }) => at)),
  );
}

function most(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), 0);
}
