import test, { type ExecutionContext } from "ava";
import type { WallMs } from "../../edge/core/time.ts";
import { Audit } from "../receiver/audit.ts";
import type { Delivery } from "../sim/broker.ts";
import { SIM_EPOCH } from "../sim/clock.ts";
import { inOrder, type Message, readingsIn } from "../sim/received.ts";
import { Site } from "./site.ts";
import { DAY, HOUR, MINUTE, SECOND } from "./site-config.ts";

/** A machine without a battery thinks that it is 1970; its crystal is 20 parts in a million off. */
const FROM_1970 = { wall: 0 as WallMs, truth: SIM_EPOCH, driftPpm: 20 };
const SLOW = { commitMs: 10 * SECOND };

/** By how much the times of `message` are off the truth that its readings measured, at the most. */
function errorOf(message: Message): number {
  return readingsIn(message).reduce((most, { at, value }) => {
    if (typeof value !== "number") return most;
    const off = (((at / SECOND - value) % 1000) + 1000) % 1000;
    return Math.max(most, Math.min(off, 1000 - off));
  }, 0);
}

/** What the centre received; it fails where that breaks the contract or a known time is not true. */
function heard(t: ExecutionContext, deliveries: readonly Delivery[]) {
  const audit = new Audit();
  for (const { topic, payload } of deliveries) audit.take(topic, Buffer.from(payload));
  t.is(audit.invalid, 0);
  t.like(audit.report("gw-story"), {
    readings: [{ gaps: 0, conflicts: 0 }],
    events: [{ gaps: 0, conflicts: 0 }],
  });
  const messages = inOrder(deliveries, "readings").map(({ message }) => message);
  for (const message of messages.filter(({ clock }) => clock !== "unsynced")) {
    const error = errorOf(message);
    t.true(error < 1, `${message.seq} is ${message.clock} and off by ${error} s`);
  }
  const known = messages.filter(({ clock }) => clock !== "unsynced").map(({ at }) => at);
  t.deepEqual(
    known,
    known.toSorted((a, b) => a - b),
    "in the order of the seqs",
  );
  return messages;
}

const clocksOf = (messages: readonly Message[]) => [...new Set(messages.map(({ clock }) => clock))];

test("six hours without a centre or the time, then both: every reading comes with its true time", async (t) => {
  const site = await Site.open(t, {
    clock: "unsynced",
    time: { ...FROM_1970 },
    tellsTime: true,
    buffer: SLOW,
  });
  site.broker.goAway();
  await site.pass(6 * HOUR);
  site.clock.sync();
  await site.pass(MINUTE);
  site.broker.comeBack();
  await site.pass(10 * MINUTE);
  const messages = heard(t, site.broker.deliveries);
  t.deepEqual(site.owed, { readings: 0, events: 0 });
  // What was on its way when the centre went.
  const late = messages.filter(({ seq }) => seq > 5);
  const early = late.filter(({ clock }) => clock === "unsynced");
  for (const { between, at } of early) {
    t.true(between !== undefined && between[0] <= at && at <= between[1]);
    t.true(
      (between?.[1] ?? 0) - (between?.[0] ?? 0) < 15 * SECOND,
      "five hours back, and still close",
    );
  }
  t.true(early.length < late.length / 4);
  t.true(late.some(({ clock }) => clock === "corrected"));
});

test("a network that comes back before the time does not take off readings without it", async (t) => {
  const site = await Site.open(t, {
    clock: "unsynced",
    time: { ...FROM_1970 },
    tellsTime: true,
    buffer: SLOW,
  });
  site.broker.goAway();
  await site.pass(HOUR);
  site.broker.comeBack();
  await site.pass(5 * MINUTE);
  site.clock.sync();
  await site.pass(5 * MINUTE);
  t.deepEqual(site.owed, { readings: 0, events: 0 });
  const messages = heard(t, site.broker.deliveries).filter(({ seq }) => seq > 5);
  t.deepEqual(clocksOf(messages), ["corrected", "synced"]);
});

test("readings of a clock that is not right wait for it, events do not", async (t) => {
  const site = await Site.open(t, {
    clock: "unsynced",
    time: { ...FROM_1970 },
    tellsTime: true,
    buffer: SLOW,
  });
  await site.pass(5 * MINUTE);
  t.deepEqual(inOrder(site.broker.deliveries, "readings"), []);
  t.true((site.gateway.running?.status().time.waiting.readings ?? 0) >= 28);
  const told = inOrder(site.broker.deliveries, "events").map(({ message }) => message);
  t.deepEqual(
    told.map(({ to, clock }) => `${to} ${clock}`),
    ["running unsynced", "connected unsynced", "open unsynced", "waiting unsynced"],
  );
  site.clock.sync();
  await site.pass(MINUTE);
  const messages = heard(t, site.broker.deliveries);
  t.deepEqual(clocksOf(messages), ["corrected", "synced"]);
  t.true(site.readings("gas").length > site.line.units.truth.answers.length - 15);
  const later = inOrder(site.broker.deliveries, "events").map(({ message }) => message);
  t.deepEqual(
    later.slice(4).map(({ to, detail }) => [to, detail?.clock]),
    [
      ["stepped", undefined],
      ["synced", undefined],
      ["sending", "corrected"],
    ],
  );
  t.is(site.gateway.running?.status().time.waiting.readings, 0);
});

test("readings that have waited long enough go as they are, and stay so", async (t) => {
  const site = await Site.open(t, {
    clock: "unsynced",
    time: { ...FROM_1970 },
    tellsTime: true,
    buffer: { ...SLOW, holdUnsyncedMs: 2 * MINUTE },
  });
  await site.pass(4 * MINUTE);
  const before = inOrder(site.broker.deliveries, "readings");
  t.deepEqual(clocksOf(before.map(({ message }) => message)), ["unsynced"]);
  t.true(site.readings("gas").length > 215, "those that are new do not wait");
  site.broker.dropSession();
  site.clock.sync();
  await site.pass(MINUTE);
  const messages = heard(t, site.broker.deliveries);
  t.deepEqual(
    clocksOf(messages),
    ["unsynced", "corrected", "synced"].filter((clock) => clocksOf(messages).includes(clock)),
  );
  t.deepEqual(clocksOf(messages.slice(0, before.length)), ["unsynced"]);
  t.is(messages.at(-1)?.clock, "synced");
});

for (const [way, ms] of [
  ["forward", DAY],
  ["back", -DAY],
] as const) {
  test(`a clock that is set a day ${way} while it runs shifts nothing and is told`, async (t) => {
    const site = await Site.open(t, {
      tellsTime: true,
      alarms: { "gas-high": { onDelayMs: 30 * SECOND, setpoint: 605 } },
    });
    // The true time begins with 600 seconds.
    await site.pass(20 * SECOND);
    site.clock.setBy(ms);
    await site.pass(15 * SECOND);
    t.deepEqual(site.course("gas-high"), [], "it has held for 29 seconds, not for a day");
    await site.pass(5 * SECOND);
    t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged"]);
    await site.pass(MINUTE);
    const { requests } = site.line.units.truth;
    const gaps = requests.slice(1).map(({ at }, i) => at - (requests[i]?.at ?? at));
    t.true(Math.max(...gaps) < 1.1 * SECOND && Math.min(...gaps) > 0.9 * SECOND);
    site.clock.sync();
    await site.pass(MINUTE);
    const messages = heard(t, site.broker.deliveries);
    t.deepEqual(clocksOf(messages), ["synced", "corrected"]);
    t.is(messages.at(-1)?.clock, "synced");
    const turns = inOrder(site.broker.deliveries, "events").map(({ message }) => message);
    t.deepEqual(
      turns.flatMap(({ to, detail }) =>
        to === "stepped" ? Math.round(Number(detail?.byMs) / SECOND) : [],
      ),
      [ms / SECOND, -ms / SECOND],
    );
    t.deepEqual(site.owed, { readings: 0, events: 0 });
  });
}

test("a process that is killed before the time is known has its readings corrected all the same", async (t) => {
  const site = await Site.open(t, {
    clock: "unsynced",
    time: { ...FROM_1970 },
    tellsTime: true,
    buffer: SLOW,
  });
  await site.pass(3 * MINUTE);
  await site.killAndRestart();
  await site.pass(3 * MINUTE);
  site.clock.sync();
  await site.killAndRestart();
  await site.pass(MINUTE);
  const messages = heard(t, site.broker.deliveries);
  t.deepEqual(clocksOf(messages), ["corrected", "synced"]);
  t.true((messages[0]?.at ?? 0) < SIM_EPOCH + 2 * SECOND);
  t.deepEqual(site.owed, { readings: 0, events: 0 });
});

test("a boot that never knew the time lies between the known times before and after it", async (t) => {
  const first = await Site.open(t, { tellsTime: true, buffer: SLOW });
  await first.pass(10 * MINUTE);
  const known = first.clock.now();
  await first.gateway.kill();
  const { dir } = first;
  const lost = await Site.open(t, {
    dir,
    clock: "unsynced",
    time: { ...FROM_1970, truth: (SIM_EPOCH + HOUR) as WallMs, boot: "boot-2" },
    tellsTime: true,
    buffer: SLOW,
  });
  lost.broker.goAway();
  await lost.pass(HOUR);
  await lost.gateway.kill();
  const begun = (SIM_EPOCH + 3 * HOUR) as WallMs;
  const last = await Site.open(t, {
    dir,
    clock: "unsynced",
    time: { ...FROM_1970, truth: begun, boot: "boot-3" },
    tellsTime: true,
    buffer: SLOW,
  });
  await last.pass(2 * MINUTE);
  last.clock.sync();
  await last.pass(2 * MINUTE);
  const sites = [first, lost, last];
  const messages = heard(
    t,
    sites.flatMap(({ broker }) => broker.deliveries),
  );
  const between = messages.filter((message) => message.between !== undefined);
  t.true(between.length > 350);
  for (const { clock, at, between: [from, to] = [0, 0] } of between) {
    t.is(clock, "unsynced");
    t.true(known - from < 25 * SECOND && from <= known, `${from} is not ${known}`);
    t.true(Math.abs(to - begun) < SECOND);
    t.true(from <= at && at <= to);
  }
  const times = between.map(({ at }) => at);
  t.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  t.true((times.at(-1) ?? 0) - (times[0] ?? 0) > HOUR - MINUTE, "as long as it lasted");
  t.deepEqual(clocksOf(messages), ["synced", "unsynced", "corrected"]);
});
