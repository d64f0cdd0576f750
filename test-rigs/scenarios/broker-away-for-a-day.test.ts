import test from "ava";
import { topicOf } from "../sim/received.ts";
import { DAY, HOUR, MINUTE, SECOND, Site } from "./site.ts";

test("a day without the broker costs no reading, and the present comes before the past", async (t) => {
  const site = await Site.open(t, {
    devices: { gas: { everyMs: 15 * SECOND } },
    buffer: { commitMs: 15 * SECOND },
    window: 4,
  });
  site.broker.faults = { ackLost: 0, slowMs: 400 };
  await site.pass(10 * MINUTE);
  site.broker.goAway();
  await site.pass(DAY);
  t.true((site.owed?.readings ?? 0) > 5500);

  site.broker.comeBack();
  const before = site.broker.deliveries.length;
  await site.pass(MINUTE);
  const first = site.broker.deliveries.slice(before);
  const live = first.filter((delivery) => topicOf(delivery) === "readings");
  t.true(live.length >= 3, "what is measured now goes beside the backlog");
  t.true((site.owed?.readings ?? 0) > 3000, "while most of the day is still to come");

  await site.pass(HOUR);
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
