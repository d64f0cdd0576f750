import test from "ava";
import { Site } from "./site.ts";
import { MINUTE, SECOND } from "./site-config.ts";

test("an alarm that stands when the process dies is told once, and ends when its condition does", async (t) => {
  const site = await Site.open(t, { alarms: { "gas-high": { setpoint: 50 } } });
  await site.pass(MINUTE);
  site.setLevel("gas", 60);
  await site.pass(10 * SECOND);
  await site.killAndRestart();
  await site.pass(MINUTE);
  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged"]);

  t.is(await site.act("acknowledge", "gas-high"), "done");
  await site.pass(SECOND);
  await site.killAndRestart();
  await site.pass(MINUTE);
  site.setLevel("gas", 10);
  await site.pass(10 * SECOND);
  const whole = ["normal", "unacknowledged", "acknowledged", "normal"];
  t.deepEqual(site.course("gas-high"), whole);
  t.is(await site.brokenPromise(), null);
});

test("an alarm that is raised in the moment before the process dies is not lost", async (t) => {
  const site = await Site.open(t, {
    alarms: { "gas-high": { setpoint: 50 } },
    buffer: { commitMs: 30 * SECOND },
  });
  site.broker.goAway();
  await site.pass(35 * SECOND);
  site.setLevel("gas", 60);
  await site.pass(1.2 * SECOND);
  site.setLevel("gas", 10);
  await site.gateway.kill();
  site.broker.comeBack();
  await site.gateway.start();
  await site.pass(MINUTE);
  const whole = ["normal", "unacknowledged", "returned-unacknowledged"];
  t.deepEqual(site.course("gas-high"), whole, "its reading is lost, the alarm is not");
  t.is(await site.brokenPromise(), null);
});

test("a latched alarm stays latched over a restart until it is acknowledged and reset", async (t) => {
  const site = await Site.open(t, { alarms: { "gas-high": { setpoint: 50, latch: true } } });
  site.setLevel("gas", 60);
  await site.pass(10 * SECOND);
  site.setLevel("gas", 10);
  await site.pass(10 * SECOND);
  await site.killAndRestart();
  await site.pass(MINUTE);
  t.is(site.course("gas-high").at(-1), "latched-unacknowledged");
  t.is(await site.act("reset", "gas-high"), "no-effect");
  t.is(await site.act("acknowledge", "gas-high"), "done");
  await site.pass(SECOND);
  await site.killAndRestart();
  await site.pass(10 * SECOND);
  t.is(await site.act("reset", "gas-high"), "done");
  await site.pass(10 * SECOND);
  t.deepEqual(site.course("gas-high").slice(-2), ["latched-acknowledged", "normal"]);
  t.is(await site.brokenPromise(), null);
});

test("an on-delay begins anew with the process: what nobody watched does not count", async (t) => {
  const site = await Site.open(t, { alarms: { "gas-high": { onDelayMs: 30 * SECOND } } });
  site.setLevel("gas", 60);
  await site.pass(25 * SECOND);
  await site.killAndRestart();
  await site.pass(25 * SECOND);
  t.deepEqual(site.course("gas-high"), []);
  await site.pass(10 * SECOND);
  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged"]);
  t.is(await site.brokenPromise(), null);
});
