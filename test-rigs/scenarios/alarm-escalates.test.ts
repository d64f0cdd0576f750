import test from "ava";
import { Site } from "./site.ts";
import { MINUTE, SECOND } from "./site-config.ts";

const STEPS = [
  ["gas-blue", "blue", 10],
  ["gas-yellow", "yellow", 20],
  ["gas-orange", "orange", 30],
  ["gas-red", "red", 40],
] as const;

const LEAK = Object.fromEntries(
  STEPS.map(([name, severity, setpoint]) => [name, { severity, setpoint, group: "leak" }]),
);

test("a leak that climbs through four severities calls four times, and the graver hides the milder", async (t) => {
  const site = await Site.open(t, { alarms: LEAK });
  for (const level of [5, 12, 22, 32, 60]) {
    site.setLevel("gas", level);
    await site.pass(5 * SECOND);
  }
  const calls = (name: string) =>
    site.course(name).filter((state) => state === "unacknowledged").length;
  for (const [name] of STEPS) t.is(calls(name), 1, name);
  t.is(site.course("gas-orange").at(-1), "suppressed");
  t.deepEqual(site.flagged("first"), ["gas-blue"]);

  site.setLevel("gas", 0);
  await site.pass(5 * SECOND);
  for (const [name] of STEPS) t.is(calls(name), 1, `${name} does not call on the way back`);
  t.is(site.course("gas-red").at(-1), "returned-unacknowledged");
  t.is(site.course("gas-blue").at(-1), "normal");
  t.is(await site.brokenPromise(), null);
});

test("a restart at the top of the leak tells nothing anew", async (t) => {
  const site = await Site.open(t, { alarms: LEAK });
  site.setLevel("gas", 25);
  await site.pass(5 * SECOND);
  site.setLevel("gas", 60);
  await site.pass(5 * SECOND);
  const before = STEPS.map(([name]) => site.course(name));
  await site.killAndRestart();
  await site.pass(MINUTE);
  t.deepEqual(
    STEPS.map(([name]) => site.course(name)),
    before,
  );
  t.is(await site.brokenPromise(), null);
});
