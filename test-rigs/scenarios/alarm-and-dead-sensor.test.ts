import test from "ava";
import { Site } from "./site.ts";
import { MINUTE, SECOND } from "./site-config.ts";

const LOST = { limit: "bad", setpoint: null, onDelayMs: 10 * SECOND, severity: "blue" } as const;

test("a sensor that fails during an alarm does not end it, and its loss is an alarm of its own", async (t) => {
  const site = await Site.open(t, { alarms: { "gas-high": { setpoint: 50 }, "gas-lost": LOST } });
  site.setLevel("gas", 60);
  await site.pass(10 * SECOND);
  site.line.units.dead.add(1);
  await site.pass(5 * SECOND);
  t.deepEqual(site.course("gas-lost"), [], "it is not lost for long enough yet");
  await site.pass(MINUTE);
  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged"]);
  t.deepEqual(site.course("gas-lost"), ["normal", "unacknowledged"]);

  site.setLevel("gas", 10);
  site.line.units.dead.clear();
  await site.pass(MINUTE);
  t.is(site.course("gas-high").at(-1), "returned-unacknowledged");
  t.is(site.course("gas-lost").at(-1), "returned-unacknowledged");
  t.is(await site.brokenPromise(), null);
});

test("silence is noticed though nothing at all is read, in the time of the clock that never steps", async (t) => {
  const silent = { limit: "silent", setpoint: null, silentMs: 30 * SECOND } as const;
  const site = await Site.open(t, { alarms: { quiet: silent }, clock: "unsynced" });
  await site.pass(10 * SECOND);
  site.line.unplug();
  await site.pass(10 * SECOND);
  site.syncClock(3_600_000);
  await site.pass(15 * SECOND);
  t.deepEqual(site.course("quiet"), [], "an hour of wall time is no silence");
  await site.pass(10 * SECOND);
  t.deepEqual(site.course("quiet"), ["normal", "unacknowledged"]);
  site.line.plug();
  await site.pass(MINUTE);
  t.is(site.course("quiet").at(-1), "returned-unacknowledged");
});
