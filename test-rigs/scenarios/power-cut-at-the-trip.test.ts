import test from "ava";
import { inOrder, messagesOf } from "../sim/received.ts";
import { Site } from "./site.ts";
import { MINUTE, SECOND, type Setting } from "./site-config.ts";

const valve = { area: "coil", type: "bool", scale: 1, write: true, unit: null } as const;

/** Readings are committed so seldom that the next commit is that of the alarm's event. */
const STORY: Setting = {
  devices: { gas: {}, valve },
  alarms: { "gas-high": { setpoint: 50 } },
  interlocks: { "shut-off": { release: false } },
  buffer: { commitMs: 30 * SECOND },
};

/** The power goes at the commit of the alarm's event, and comes back two minutes later. */
async function cutAtTheTrip(site: Site, side: "before" | "after"): Promise<void> {
  await site.pass(35 * SECOND);
  site.gateway.crashAtNextCommit(side);
  site.setLevel("gas", 60);
  await site.pass(5 * SECOND);
  if (site.gateway.running !== null) throw new Error("it is not dead");
  await site.pass(2 * MINUTE);
}

/** How often each message that tells of `alarm` or of an interlock's turn came. */
function timesTold(site: Site): readonly number[] {
  const told = messagesOf(site.broker.deliveries, "events").map(({ message }) => message);
  const own = told.filter(({ alarm, interlock }) => (alarm ?? interlock) !== undefined);
  return Map.groupBy(own, ({ seq }) => seq)
    .values()
    .map((same) => same.length)
    .toArray();
}

/** The keys of the trips that the centre was told of. */
function tripsOf(site: Site): readonly unknown[] {
  const turns = inOrder(site.broker.deliveries, "events").map(({ message }) => message);
  const keys = turns.map((turn) => (turn as { readonly trip?: string | null }).trip ?? null);
  return [...new Set(keys.filter((key) => key !== null))];
}

test("a power cut between the commit of an alarm and its announcement: told once, under one key, and acted on once", async (t) => {
  const site = await Site.open(t, STORY);
  await cutAtTheTrip(site, "after");
  const stored = JSON.stringify(site.gateway.storedEvents);
  t.true(stored.includes('"gas-high"'), "the alarm is on the disk");
  t.deepEqual(site.course("gas-high"), [], "nobody was told");

  await site.gateway.start();
  await site.pass(2 * MINUTE);
  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged"]);
  t.true(timesTold(site).every((times) => times === 1));
  t.is(tripsOf(site).length, 1, "the trip goes on as the same one");
  t.deepEqual(
    site.writes("valve").map(({ on }) => on),
    [true],
  );

  t.is(await site.act("acknowledge", "gas-high"), "done");
  await site.killAndRestart();
  await site.pass(2 * MINUTE);
  const whole = ["normal", "unacknowledged", "acknowledged"];
  t.deepEqual(site.course("gas-high"), whole, "nobody is called again");
  t.is(tripsOf(site).length, 1);
  t.is(site.writes("valve").length, 1);
  t.is(await site.brokenPromise(), null);
});

test("one before that commit: the alarm is raised by the first reading after it, and told once", async (t) => {
  const site = await Site.open(t, STORY);
  await cutAtTheTrip(site, "before");
  await site.gateway.start();
  await site.pass(2 * MINUTE);
  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged"]);
  t.true(timesTold(site).every((times) => times === 1));
  t.is(tripsOf(site).length, 1);
  t.true(site.device("valve").isOn(0));
  t.is(await site.brokenPromise(), null);
});

test("a power cut at the commit of an acknowledgement: either it was answered, or it can be given again", async (t) => {
  for (const side of ["before", "after"] as const) {
    const site = await Site.open(t, STORY);
    site.setLevel("gas", 60);
    await site.pass(35 * SECOND);
    site.gateway.crashAtNextCommit(side);
    const order = { kind: "acknowledge", who: "crew" } as const;
    void site.gateway.running?.actOnAlarm("gas-high", order);
    await site.pass(2 * MINUTE);
    t.is(site.gateway.running, null, "it is dead");
    await site.gateway.start();
    await site.pass(2 * MINUTE);
    const wasKept = side === "after";
    t.is(site.course("gas-high").at(-1), wasKept ? "acknowledged" : "unacknowledged", side);
    const again = await site.act("acknowledge", "gas-high");
    t.is(again, wasKept ? "no-effect" : "done", side);
    await site.pass(10 * SECOND);
    t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged", "acknowledged"], side);
  }
});
