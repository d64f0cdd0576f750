import test from "ava";
import { Site } from "./site.ts";
import { MINUTE, SECOND } from "./site-config.ts";

test("what is measured while the disk is full is kept in memory and stored afterwards", async (t) => {
  const site = await Site.open(t, { alarms: { "gas-high": { setpoint: 50 } } });
  await site.pass(MINUTE);
  site.gateway.fillDisk();
  await site.pass(5 * MINUTE);
  site.setLevel("gas", 60);
  await site.pass(5 * MINUTE);
  const { buffer, alarms } = site.gateway.running!.status();
  t.is(buffer.failing, "buffer.full");
  t.like(alarms, [{ alarm: "gas-high", state: "unacknowledged" }], "the edge judges on");
  t.deepEqual(site.course("gas-high"), [], "nothing is sent that is not durable");

  site.gateway.freeDisk();
  await site.pass(MINUTE);
  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged"]);
  t.deepEqual(site.turns("buffer"), ["failing", "working"]);
  t.like(site.gateway.running!.status().buffer, { failing: null, refused: 0, refusedEvents: 0 });
  t.true(site.longestGapMs("gas") < 1.5 * SECOND, "no second of the ten minutes is missing");
  t.like(site.audit(), { readings: [{ gaps: 0, conflicts: 0 }], events: [{ gaps: 0 }] });
  t.is(await site.brokenPromise(), null);
});
