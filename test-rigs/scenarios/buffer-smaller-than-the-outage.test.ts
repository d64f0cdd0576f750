import test from "ava";
import type { Batch } from "../../edge/core/batch.ts";
import {
  droppedBy,
  inOrder,
  isThinned,
  type Message,
  readingsIn,
  thinnedBy,
} from "../sim/received.ts";
import { Site } from "./site.ts";
import { HOUR, MINUTE, SECOND } from "./site-config.ts";

const AROUND = 10 * MINUTE;

/** Every message of readings that came, and what the events say of those that did not. */
function received(site: Site) {
  const messages = inOrder(site.broker.deliveries, "readings").map(({ message }) => message);
  const events = inOrder(site.broker.deliveries, "events").map(({ message }) => message);
  return {
    messages,
    seqs: new Set(messages.map(({ seq }) => seq)),
    head: Math.max(...messages.map(({ seq }) => seq)),
    thinned: new Set(events.flatMap(thinnedBy)),
    dropped: new Set(events.flatMap((message) => droppedBy("readings", message))),
    alarms: events.filter(({ kind }) => kind === "alarm").map(({ at }) => at),
  };
}

function missing({ seqs, head }: ReturnType<typeof received>): readonly number[] {
  return Array.from({ length: head }, (_, i) => i + 1).filter((seq) => !seqs.has(seq));
}

/** How many good readings the windows of `messages` stand for, and what lies between them. */
function told(messages: readonly Message[]) {
  const series = messages.flatMap((message) => message.series ?? []);
  return {
    n: series.flatMap(({ n }) => n ?? []).reduce((sum, n) => sum + n, 0),
    isOrdered: series.every(({ min, mean, max }) =>
      mean?.every((mean, i) => min![i]! <= mean! && mean! <= max![i]!),
    ),
  };
}

test("an outage that outgrows the buffer costs detail, not history, and nothing near alarms", async (t) => {
  const site = await Site.open(t, {
    alarms: { "gas-high": { setpoint: 50 } },
    buffer: { maxBytes: 320_000 },
  });
  await site.pass(MINUTE);
  site.broker.goAway();
  await site.pass(HOUR);
  site.setLevel("gas", 60);
  await site.pass(MINUTE);
  site.setLevel("gas", 40);
  await site.pass(2 * HOUR);
  await site.killAndRestart();
  site.broker.comeBack();
  await site.pass(20 * MINUTE);

  const all = received(site);
  const gone = missing(all);
  t.true(gone.length > 5_000, `there was not room for all, ${gone.length} went`);
  t.deepEqual(
    gone.filter((seq) => !all.thinned.has(seq)),
    [],
    "the centre is told of every one what it was thinned to",
  );
  t.is(all.dropped.size, 0);

  const stands = all.messages.filter(isThinned);
  const stored = new Map(site.gateway.stored.map(({ seq, batch }) => [seq, batch]));
  const went = gone.map((seq) => stored.get(seq)).filter((batch) => batch !== undefined);
  const good = went
    .flatMap((batch: Batch) => readingsIn(batch))
    .filter((r) => r.quality === "good");
  t.deepEqual(told(stands), { n: good.length, isOrdered: true });
  const live = site.broker.deliveries.filter(({ topic }) => topic.endsWith("/readings"));
  t.false(
    live.some(({ payload }) => payload.includes('"window"')),
    "what is thinned is history",
  );

  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged", "returned-unacknowledged"]);
  const [raised] = all.alarms as [number];
  const near = went.filter(({ at }) => Math.abs(at - raised) <= AROUND);
  t.deepEqual(near, [], "what was read around the alarm is whole");
  const times = site.readings("gas").map(({ at }) => at);
  const around = times.filter((at) => Math.abs(at - raised) <= AROUND);
  t.true(around.length >= 2 * (AROUND / SECOND) - 2, `and it came: ${around.length}`);
  t.is(site.turns("buffer")[0], "thinning");
  t.deepEqual(site.owed, { readings: 0, events: 0 });
  t.is(site.audit().readings[0]?.conflicts, 0);
  t.is(await site.brokenPromise(), null);
});

test("when even hours do not fit, the oldest history goes, and each of it is told", async (t) => {
  const site = await Site.open(t, { buffer: { maxBytes: 110_000, aroundMs: MINUTE } });
  await site.pass(MINUTE);
  site.broker.goAway();
  await site.pass(HOUR);
  site.broker.comeBack();
  await site.pass(20 * MINUTE);
  const all = received(site);
  const gone = missing(all);
  t.deepEqual(
    gone.filter((seq) => !all.thinned.has(seq) && !all.dropped.has(seq)),
    [],
  );
  t.deepEqual(site.owed, { readings: 0, events: 0 });
  t.is(await site.brokenPromise(), null);
});
