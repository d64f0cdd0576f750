import test from "ava";
import { Site } from "./site.ts";
import { MINUTE, SECOND } from "./site-config.ts";

const HIGH = { "gas-high": { setpoint: 50 } };
const shelve = (forMs: number | null) => ({ kind: "shelve", forMs, reason: "washed" }) as const;

test("a shelf ends by itself, and what stands behind it calls", async (t) => {
  const site = await Site.open(t, { alarms: HIGH });
  t.is(await site.act(shelve(MINUTE), "gas-high"), "done");
  site.setLevel("gas", 60);
  await site.pass(50 * SECOND);
  t.deepEqual(site.course("gas-high"), ["normal", "shelved", "shelved"], "told, but nobody called");
  await site.pass(15 * SECOND);
  t.is(site.course("gas-high").at(-1), "unacknowledged");
  t.is(await site.brokenPromise(), null);
});

test("a shelf lasts no longer than a restart and a clock that is set leave it", async (t) => {
  const site = await Site.open(t, { alarms: HIGH });
  await site.act(shelve(5 * MINUTE), "gas-high");
  site.setLevel("gas", 60);
  await site.pass(2 * MINUTE);
  await site.killAndRestart();
  await site.pass(2 * MINUTE);
  t.is(site.course("gas-high").at(-1), "shelved", "it goes on after the restart");
  await site.pass(MINUTE);
  t.is(site.course("gas-high").at(-1), "unacknowledged");
  t.is(await site.brokenPromise(), null);
});

test("where the clock is not believed after a power cut the shelf is over", async (t) => {
  const site = await Site.open(t, { alarms: HIGH, clock: "unsynced" });
  await site.act(shelve(60 * MINUTE), "gas-high");
  site.setLevel("gas", 60);
  await site.pass(10 * SECOND);
  await site.killAndRestart();
  await site.pass(5 * SECOND);
  t.is(site.course("gas-high").at(-1), "shelved", "the machine was on: elapsed time tells");
  await site.gateway.kill();
  site.clock.reboot(site.clock.now());
  await site.gateway.start();
  await site.pass(5 * SECOND);
  t.is(site.course("gas-high").at(-1), "unacknowledged");
});

test("a power cut between the trip and its being told loses neither", async (t) => {
  const site = await Site.open(t, { alarms: HIGH });
  await site.pass(5 * SECOND);
  site.gateway.crashAtNextCommit("after");
  site.setLevel("gas", 60);
  await site.pass(5 * SECOND);
  if (site.gateway.running === null) await site.gateway.start();
  await site.pass(MINUTE);
  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged"]);
  site.setLevel("gas", 10);
  await site.pass(MINUTE);
  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged", "returned-unacknowledged"]);
  t.is(await site.brokenPromise(), null);
});

test("one before the trip was stored is as if the condition had come after it", async (t) => {
  const site = await Site.open(t, { alarms: HIGH });
  await site.pass(5 * SECOND);
  site.setLevel("gas", 60);
  site.gateway.crashAtNextCommit("before");
  await site.pass(5 * SECOND);
  if (site.gateway.running === null) await site.gateway.start();
  await site.pass(MINUTE);
  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged"]);
  t.is(await site.brokenPromise(), null);
});
