import test from "ava";
import { messagesOf, readingsIn } from "../sim/received.ts";
import { Site } from "./site.ts";
import { DAY, MINUTE, SECOND } from "./site-config.ts";

/** How far a clock without a battery is behind after a power cut. */
const BEHIND_MS = 40 * DAY;

test("no reading that bears a wrong time is marked synced, and each one after the sync is", async (t) => {
  const site = await Site.open(t, { clock: "unsynced", buffer: { commitMs: 10 * SECOND } });
  await site.pass(10 * MINUTE + 5 * SECOND);
  site.syncClock(BEHIND_MS);
  const synced = site.clock.now();
  await site.pass(10 * MINUTE);

  const messages = messagesOf(site.broker.deliveries, "readings").map(({ message }) => message);
  const early = messages.filter(({ clock }) => clock === "corrected").flatMap(readingsIn);
  const late = messages.filter(({ clock }) => clock === "synced").flatMap(readingsIn);
  t.true(early.length >= 595);
  t.true(early.every(({ at }) => at < synced));
  t.true(late.length >= 595);
  t.true(
    late.every(({ at }) => at >= synced),
    "no message mixes the two",
  );
  t.is(early.length + late.length, site.readings("gas").length);
  t.is(await site.brokenPromise(), null);
});

test("a clock that jumps neither skips nor repeats a reading, and hurries no alarm", async (t) => {
  const site = await Site.open(t, {
    clock: "unsynced",
    alarms: { "gas-high": { onDelayMs: 30 * SECOND } },
  });
  await site.pass(MINUTE);
  site.setLevel("gas", 60);
  await site.pass(10 * SECOND);
  site.syncClock(BEHIND_MS);
  await site.pass(15 * SECOND);
  t.deepEqual(site.course("gas-high"), [], "it has held for 25 seconds, not for 40 days");
  await site.pass(10 * SECOND);
  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged"]);
  t.is(await site.brokenPromise(), null);
  const { requests } = site.line.units.truth;
  t.true(requests.length - site.readings("gas").length <= 1, "the last one was cut off");
});

test("a clock that was ahead and is set back stops nothing", async (t) => {
  const site = await Site.open(t, { alarms: { "gas-high": { onDelayMs: 30 * SECOND } } });
  await site.pass(MINUTE);
  site.setLevel("gas", 60);
  await site.pass(10 * SECOND);
  site.clock.stepWall(-2 * DAY);
  await site.pass(25 * SECOND);
  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged"]);
  await site.pass(MINUTE);
  t.deepEqual(site.owed, { readings: 0, events: 0 });
  t.like(site.audit(), { readings: [{ gaps: 0, conflicts: 0 }] });
});
