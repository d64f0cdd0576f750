import test from "ava";
import { topicOf } from "../sim/received.ts";
import { Site } from "./site.ts";
import { HOUR, MINUTE } from "./site-config.ts";

test("without a subscriber nothing counts as delivered, and all of it comes when one is there", async (t) => {
  const site = await Site.open(t, { alarms: { "gas-high": { setpoint: 50 } }, window: 4 });
  site.broker.faults = { ackLost: 0, carryMs: 5, slowMs: 400 };
  await site.pass(MINUTE);
  site.broker.hasSubscriber = false;
  await site.pass(HOUR / 2);
  site.setLevel("gas", 60);
  await site.pass(HOUR / 2);
  const before = site.broker.deliveries.length;
  const [centre] = site.gateway.running!.status().destinations;
  t.like(centre, { state: "connected", trouble: "no-subscriber" });
  t.true((centre?.owed.readings ?? 0) > 3500);
  t.true(site.most.inFlight <= 4);

  site.broker.hasSubscriber = true;
  await site.pass(20 * MINUTE);
  const first = site.broker.deliveries.slice(before, before + 4).map(topicOf);
  t.true(first.includes("events"), "the alarm does not wait for the hour of readings");
  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged"]);
  t.deepEqual(site.owed, { readings: 0, events: 0 });
  t.like(site.audit(), { readings: [{ gaps: 0, conflicts: 0 }], events: [{ gaps: 0 }] });
  t.is(await site.brokenPromise(), null);
});

test("a subscriber that goes after a restart is missed no less", async (t) => {
  const site = await Site.open(t);
  site.broker.hasSubscriber = false;
  await site.pass(10 * MINUTE);
  await site.killAndRestart();
  await site.pass(10 * MINUTE);
  t.is(site.readings("gas").length, 0);
  site.broker.hasSubscriber = true;
  await site.pass(5 * MINUTE);
  t.deepEqual(site.owed, { readings: 0, events: 0 });
  t.like(site.audit(), { readings: [{ gaps: 0, conflicts: 0 }] });
  t.is(await site.brokenPromise(), null);
});
