import test from "ava";
import { Site } from "./site.ts";
import { MINUTE, SECOND, type Setting } from "./site-config.ts";

const valve = { area: "coil", type: "bool", scale: 1, write: true, unit: null } as const;

const story = (rule: NonNullable<Setting["interlocks"]>[string] = {}): Setting => ({
  devices: { gas: {}, valve },
  alarms: { "gas-high": { setpoint: 50 } },
  interlocks: { "shut-off": rule },
});

test("an interlock's output follows its alarm, each step read back and told", async (t) => {
  const site = await Site.open(t, story({ release: false }));
  await site.pass(10 * SECOND);
  t.deepEqual(site.interlock("shut-off"), []);
  site.setLevel("gas", 60);
  await site.pass(5 * SECOND);
  t.true(site.device("valve").isOn(0));
  site.setLevel("gas", 10);
  await site.pass(5 * SECOND);
  t.false(site.device("valve").isOn(0));
  t.deepEqual(site.interlock("shut-off"), [
    "idle > tripping: alarm",
    "tripping > tripped: verified",
    "tripped > releasing: returned",
    "releasing > idle: verified",
  ]);
  t.deepEqual(
    site.writes("valve").map(({ on }) => on),
    [true, false],
  );
  t.is(await site.brokenPromise(), null);
});

test("an output that does not obey is told once, stands as a fault, and is told on and on", async (t) => {
  const site = await Site.open(t, story());
  site.device("valve").isStuck = true;
  site.setLevel("gas", 60);
  await site.pass(10 * MINUTE);
  t.deepEqual(site.interlock("shut-off"), [
    "idle > tripping: alarm",
    "tripping > not-obeying: not-obeyed",
  ]);
  const [shown] = site.gateway.running?.status().interlocks ?? [];
  t.like(shown, { state: "not-obeying", trouble: "differs", told: true, readBack: false });
  const tries = site.writes("valve").length;
  t.true(tries > 100, `${tries} tries`);
  const reads = site.readings("gas").length;
  t.true(reads > 590, `${reads} readings: the line is not taken from the others`);
  site.device("valve").isStuck = false;
  await site.pass(10 * SECOND);
  t.deepEqual(site.interlock("shut-off").slice(2), ["not-obeying > tripped: verified"]);
  t.is(await site.brokenPromise(), null);
});

test("a device that is away when it should act is told when it is back, while the alarm stands", async (t) => {
  const site = await Site.open(t, story({ release: false }));
  site.line.units.dead.add(2);
  await site.pass(10 * SECOND);
  site.setLevel("gas", 60);
  await site.pass(5 * MINUTE);
  t.is(site.interlock("shut-off").at(-1), "tripping > not-obeying: not-obeyed");
  site.line.units.dead.delete(2);
  await site.pass(40 * SECOND);
  t.true(site.device("valve").isOn(0));
  t.is(site.interlock("shut-off").at(-1), "not-obeying > tripped: verified");
  t.is(await site.brokenPromise(), null);
});

test("what was not done while the alarm stood is not done later", async (t) => {
  const site = await Site.open(t, story({ release: false }));
  await site.pass(10 * SECOND);
  site.line.unplug();
  await site.pass(5 * SECOND);
  t.is(site.interlock("shut-off").length, 0, "the alarm cannot be judged");
  site.line.plug();
  await site.pass(MINUTE);
  t.is(site.writes("valve").length, 0);
  t.is(await site.brokenPromise(), null);
});

test("a point that stays bad trips where the interlock says so", async (t) => {
  const site = await Site.open(t, story({ onFault: true, release: false }));
  await site.pass(10 * SECOND);
  site.line.units.dead.add(1);
  await site.pass(8 * SECOND);
  t.false(site.device("valve").isOn(0));
  await site.pass(10 * SECOND);
  t.true(site.device("valve").isOn(0));
  t.deepEqual(site.interlock("shut-off"), [
    "idle > tripping: fault",
    "tripping > tripped: verified",
  ]);
  site.line.units.dead.delete(1);
  await site.pass(40 * SECOND);
  t.false(site.device("valve").isOn(0));
  t.is(await site.brokenPromise(), null);
});

test("a trip goes on over a crash, looked at and not written again where it stands", async (t) => {
  const site = await Site.open(t, story({ release: false }));
  site.setLevel("gas", 60);
  await site.pass(10 * SECOND);
  const before = site.writes("valve").length;
  await site.killAndRestart();
  await site.pass(10 * SECOND);
  t.is(site.writes("valve").length, before);
  t.deepEqual(site.interlock("shut-off").slice(2), [
    "resuming > tripping: restart",
    "tripping > tripped: verified",
  ]);
  await site.gateway.kill();
  site.device("valve").write("coil", 0, 0);
  site.device("valve").isStuck = false;
  await site.gateway.start();
  await site.pass(10 * SECOND);
  t.true(site.device("valve").isOn(0), "an output that fell off meanwhile is set again");
  t.is(await site.brokenPromise(), null);
});

test("a pulse that was given is not given again after a crash, though its alarm stands", async (t) => {
  const site = await Site.open(t, story({ release: false, maxOnMs: 3 * SECOND }));
  site.setLevel("gas", 60);
  await site.pass(20 * SECOND);
  t.deepEqual(
    site.writes("valve").map(({ on }) => on),
    [true, false],
  );
  await site.killAndRestart();
  await site.pass(30 * SECOND);
  t.is(site.writes("valve").length, 2);
  site.setLevel("gas", 10);
  await site.pass(5 * SECOND);
  site.setLevel("gas", 60);
  await site.pass(20 * SECOND);
  t.is(site.writes("valve").length, 4, "the next time is another trip");
  t.is(await site.brokenPromise(), null);
});

test("a pulse that a crash cut short ends, and is not given again", async (t) => {
  const site = await Site.open(t, story({ release: false, maxOnMs: 30 * SECOND }));
  site.setLevel("gas", 60);
  await site.pass(10 * SECOND);
  await site.gateway.kill();
  await site.pass(MINUTE);
  t.true(site.device("valve").isOn(0));
  await site.gateway.start();
  await site.pass(10 * SECOND);
  t.false(site.device("valve").isOn(0));
  t.deepEqual(
    site.writes("valve").map(({ on }) => on),
    [true, false],
  );
  t.is(await site.brokenPromise(), null);
});

test("an override keeps the interlock from acting, is told, and ends by itself over a restart", async (t) => {
  const site = await Site.open(t, story({ release: false }));
  await site.pass(5 * SECOND);
  const order = { interlock: "shut-off", who: "crew", forMs: 10 * MINUTE, reason: "new valve" };
  const answer = site.gateway.running?.actOnInterlock({ action: "override", ...order });
  t.is((await answer)?.outcome, "done");
  site.setLevel("gas", 60);
  await site.pass(5 * MINUTE);
  await site.killAndRestart();
  await site.pass(4 * MINUTE);
  t.is(site.writes("valve").length, 0);
  await site.pass(2 * MINUTE);
  t.true(site.device("valve").isOn(0));
  t.deepEqual(site.interlock("shut-off").slice(0, 3), [
    "idle > overridden: override",
    "overridden > idle: override-over",
    "idle > tripping: alarm",
  ]);
  t.is(await site.brokenPromise(), null);
});

test("a test moves the output and brings it back to what it was", async (t) => {
  const site = await Site.open(t, story());
  await site.pass(5 * SECOND);
  const answer = site.gateway.running?.actOnInterlock({
    action: "test",
    interlock: "shut-off",
    who: "crew",
  });
  await site.pass(10 * SECOND);
  t.is((await answer)?.outcome, "done");
  t.deepEqual(
    site.writes("valve").map(({ on }) => on),
    [true, false],
  );
  t.deepEqual(site.interlock("shut-off"), [
    "idle > testing: test",
    "testing > testing: verified",
    "testing > releasing: test-over",
    "releasing > idle: verified",
  ]);
  t.is(await site.brokenPromise(), null);
});

test("an output without a release stays until somebody resets it", async (t) => {
  const site = await Site.open(t, story());
  site.setLevel("gas", 60);
  await site.pass(5 * SECOND);
  site.setLevel("gas", 10);
  await site.pass(5 * SECOND);
  await site.killAndRestart();
  await site.pass(MINUTE);
  t.true(site.device("valve").isOn(0));
  t.is(site.interlock("shut-off").at(-1), "tripped > held: returned");
  const reset = site.gateway.running?.actOnInterlock({
    action: "release",
    interlock: "shut-off",
    who: "crew",
  });
  t.deepEqual(await reset, { outcome: "done", state: "idle" });
  await site.pass(5 * SECOND);
  t.is(site.interlock("shut-off").at(-1), "held > idle: reset");
  t.is(await site.brokenPromise(), null);
});

test("an output that somebody switches off while its alarm stands is switched on again", async (t) => {
  const site = await Site.open(t, story());
  site.setLevel("gas", 60);
  await site.pass(5 * SECOND);
  site.device("valve").write("coil", 0, 0);
  await site.pass(5 * SECOND);
  t.true(site.device("valve").isOn(0));
  t.deepEqual(site.interlock("shut-off").slice(2), [
    "tripped > tripping: drifted",
    "tripping > tripped: verified",
  ]);
  t.is(await site.brokenPromise(), null);
});
