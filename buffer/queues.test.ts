import test from "ava";
import { batchText } from "../edge/core/batch-text.ts";
import type { Commit, Ledger } from "../edge/core/ledger.ts";
import type { QueueState } from "../edge/core/queue.ts";
import type { UptimeMs, WallMs } from "../edge/core/time.ts";
import { batch, event, noisy, optionsFor, tamper, tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { openLocalLedger } from "./local.ts";
import type { EngineOptions } from "./requests.ts";

const READINGS = { destination: "centre", kind: "readings", rule: "a" } as const;
const EVENTS = { destination: "centre", kind: "events", rule: "a" } as const;

function open(dir: string, over: Partial<EngineOptions> = {}): Promise<Ledger> {
  return openLocalLedger(optionsFor(dir, { queues: [READINGS, EVENTS], ...over }));
}

/** A commit of batches `n`, of which a queue gets each. */
function both(queue: number, ...n: readonly number[]): Commit {
  const batches = n.map((each) => batch(each));
  const own = batches.map((each, index) => ({ batch: each, origin: { index } }));
  return { batches, queued: [{ queue, batches: own, events: [], mark: null }] };
}

async function queuesOf(ledger: Ledger): Promise<readonly QueueState[]> {
  return (await ledger.state()).queues ?? [];
}

async function queueOf(ledger: Ledger, number: number): Promise<QueueState | undefined> {
  return (await queuesOf(ledger)).find((queue) => queue.number === number);
}

test("a destination with a selection has streams of its own, known before anything is stored", async (t) => {
  const dir = tempDir(t);
  const ledger = await open(dir);
  t.like(await queuesOf(ledger), [
    { number: 1, stream: "R1-1", kind: "readings", isCurrent: true, head: 0, tail: 1 },
    { number: 2, stream: "E1-2", kind: "events", isCurrent: true, head: 0, tail: 1 },
  ]);
  await ledger.close();
});

test("what is queued comes back equal, numbered from 1 without a gap, over a reopening", async (t) => {
  const dir = tempDir(t);
  const first = await open(dir);
  const committed = await first.commit({
    ...both(1, 1, 2),
    events: [event("x"), event("y")],
    queued: [...(both(1, 1, 2).queued ?? []), { queue: 2, batches: [], events: [1], mark: null }],
  });
  t.deepEqual(committed.queues, [
    { queue: 1, seqs: [1, 2], heldFrom: null },
    { queue: 2, seqs: [1], heldFrom: null },
  ]);
  await first.close();
  const second = await open(dir);
  await second.commit(both(1, 3));
  t.deepEqual(await second.readQueuedTexts(1, 2, 9), [
    { seq: 2, text: batchText(batch(2)) },
    { seq: 3, text: batchText(batch(3)) },
  ]);
  t.deepEqual(await second.readQueuedEvents(2, 1, 9), [{ seq: 1, event: event("y") }]);
  t.like(await queueOf(second, 1), { stream: "R1-1", head: 3, tail: 1 });
  await second.close();
});

test("a stream whose row is damaged is told with what it owed, until an event is stored", async (t) => {
  const dir = tempDir(t);
  const first = await open(dir);
  await first.commit(both(1, 1, 2, 3));
  await first.commit({
    delivered: [
      { destination: "centre", kind: "readings", queue: 1, ranges: [{ from: 1, to: 1 }] },
    ],
  });
  await first.close();
  tamper(dir, (db) => db.prepare("UPDATE queue_stream SET rule = 'b' WHERE number = 1").run());
  const second = await open(dir);
  const lost = [{ stream: "R1-1", seqs: [{ from: 2, to: 3 }] }];
  const state = await second.state();
  t.deepEqual(state.lostQueues, lost);
  t.like(
    state.queues?.map(({ number, stream }) => [number, stream]),
    [
      [2, "E1-2"],
      [3, "R1-3"],
    ],
    "another stream begins, under a name that none had",
  );
  await second.commit(both(3, 4));
  t.deepEqual((await second.state()).lostQueues, lost);
  await second.commit({ events: [event("x")] });
  t.is((await second.state()).lostQueues, undefined);
  await second.close();
  const third = await open(dir);
  t.is((await third.state()).lostQueues, undefined);
  t.deepEqual(await third.readQueuedTexts(1, 1, 9), [], "its rows take no room");
  t.is((await queueOf(third, 3))?.head, 1);
  await third.close();
});

test("another selection begins a new stream, and what waits of the old one stays", async (t) => {
  const dir = tempDir(t);
  const first = await open(dir);
  await first.commit(both(1, 1, 2));
  await first.close();
  const second = await open(dir, { queues: [{ ...READINGS, rule: "b" }, EVENTS] });
  t.like(await queuesOf(second), [
    { number: 1, isCurrent: false, head: 2 },
    { number: 2, isCurrent: true },
    { number: 3, isCurrent: true, stream: "R1-3", head: 0 },
  ]);
  await second.commit(both(3, 3));
  t.deepEqual(
    (await second.readQueuedTexts(3, 1, 9)).map(({ seq }) => seq),
    [1],
  );
  t.is((await second.readQueuedTexts(1, 1, 9)).length, 2);
  await second.close();
});

test("a destination served from the ledger before is owed what was stored until then", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  const delivered = [
    { destination: "centre", kind: "readings", ranges: [{ from: 1, to: 1 }] },
  ] as const;
  await first.commit({ batches: [batch(1), batch(2)], delivered });
  await first.close();
  const second = await open(dir);
  t.like(await queueOf(second, 1), { start: 2 });
  await second.close();
});

test("so is one that had nothing of it yet: its platform was away all the time", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir, { destinations: ["centre"] }));
  await first.commit({ batches: [batch(1), batch(2)] });
  await first.close();
  const second = await open(dir, { destinations: ["centre"] });
  t.like(await queueOf(second, 1), { start: 2 });
  await second.close();
});

test("one that is new is owed nothing of what was stored before it", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir, { destinations: ["other"] }));
  await first.commit({ batches: [batch(1), batch(2)] });
  await first.close();
  const second = await open(dir, { destinations: ["other", "centre"] });
  t.like(await queueOf(second, 1), { start: 0 });
  await second.close();
});

test("a destination without a selection any more goes on where it left, and has the rest first", async (t) => {
  const dir = tempDir(t);
  const first = await open(dir);
  await first.commit(both(1, 1, 2));
  await first.close();
  const second = await open(dir, { queues: [] });
  const isCurrent = (await queuesOf(second)).map((queue) => queue.isCurrent);
  t.deepEqual(isCurrent, [false, false]);
  const cursor = { destination: "centre", kind: "readings", ranges: [{ from: 1, to: 2 }] };
  t.deepEqual(
    (await second.state()).delivered.filter(({ kind }) => kind === "readings"),
    [cursor as never],
  );
  await second.commit({ batches: [batch(3)] });
  t.deepEqual(
    (await second.state()).delivered.filter(({ kind }) => kind === "readings"),
    [cursor as never],
  );
  await second.close();
});

test("delivered rows go in bulk, the newest stays and carries the number on", async (t) => {
  const ledger = await open(tempDir(t));
  for (let n = 1; n <= 130; n++) await ledger.commit(both(1, n));
  const ranges = [{ from: 1, to: 130 }];
  await ledger.commit({
    delivered: [{ destination: "centre", kind: "readings", ranges, queue: 1 }],
  });
  for (let n = 0; n < 64; n++) await ledger.commit({ events: [event("x")] });
  t.like(await queueOf(ledger, 1), { head: 130, tail: 130, delivered: ranges });
  t.deepEqual((await ledger.commit(both(1, 131))).queues?.[0]?.seqs, [131]);
  await ledger.close();
});

test("an old stream that is delivered to its end is forgotten, and its number never comes again", async (t) => {
  const dir = tempDir(t);
  const first = await open(dir);
  await first.commit(both(1, 1, 2));
  await first.close();
  const second = await open(dir, { queues: [] });
  const ranges = [{ from: 1, to: 2 }];
  const delivered = [{ destination: "centre", kind: "readings", ranges, queue: 1 }] as const;
  for (let n = 0; n < 66; n++) await second.commit({ events: [event("x")], delivered });
  t.deepEqual(await second.readQueuedTexts(1, 1, 9), []);
  await second.close();
  const third = await open(dir);
  t.deepEqual(
    (await queuesOf(third)).filter((queue) => queue.isCurrent).map(({ number }) => number),
    [3, 4],
  );
  await third.close();
});

test("without room the oldest of a queue go, and the commit tells which of them were owed", async (t) => {
  const ledger = await open(tempDir(t), { maxBytes: 300_000, destinations: ["centre"] });
  const dropped: string[] = [];
  for (let n = 1; n <= 500; n++) {
    const own = [{ batch: noisy(n), origin: { index: 0 } }];
    const queued = [{ queue: 1, batches: own, events: [], mark: null }];
    const committed = await ledger.commit({ batches: [batch(n)], queued });
    for (const { stream, destination, seqs } of committed.dropped.queued ?? []) {
      dropped.push(...seqs.map(({ from, to }) => `${destination} ${stream} ${from}-${to}`));
    }
  }
  t.true(dropped.length > 0);
  t.regex(dropped[0] ?? "", /^centre R1-1 1-\d+$/);
  const state = await ledger.state();
  const [queue] = state.queues ?? [];
  t.is(queue?.head, 500, "what is new is queued all the same");
  t.deepEqual(state.untold.queued?.[0]?.seqs, [{ from: 1, to: (queue?.tail ?? 0) - 1 }]);
  t.true(500 - (queue?.tail ?? 0) < 150, "no more than there is room for");
  await ledger.close();
});

test("rows of a time that is not known wait, and are told by what the ledger's are told", async (t) => {
  const ledger = await open(tempDir(t));
  const unsynced = (n: number) => ({
    ...batch(n, n),
    clock: "unsynced" as const,
    uptime: n as UptimeMs,
  });
  const commit = (n: number): Commit => ({
    batches: [unsynced(n)],
    queued: [
      { queue: 1, batches: [{ batch: unsynced(n), origin: { index: 0 } }], events: [], mark: null },
    ],
  });
  await ledger.commit({ batches: [batch(1)] });
  const held = await ledger.commit(commit(10));
  t.deepEqual(held.queues?.[0], { queue: 1, seqs: [1], heldFrom: 1 });
  await ledger.commit(commit(20));
  t.like(await queueOf(ledger, 1), { heldFrom: 1 });
  const known = { offsetMs: 1_764_000_000_000, uptime: 30 as UptimeMs, errorMs: 10 };
  const settled = await ledger.commit({ ...both(1, 5), time: { known, letGo: [] } });
  t.is(settled.queues?.[0]?.heldFrom, null);
  const told = await ledger.readQueuedTexts(1, 1, 9);
  t.deepEqual(
    told.map(({ text }) => [text?.at, text?.clock]),
    [
      [1_764_000_000_010 as WallMs, "corrected"],
      [1_764_000_000_020 as WallMs, "corrected"],
      [batch(5).at, "synced"],
    ],
  );
  await ledger.close();
});

test("a mark comes back with the head that the ledger had with it", async (t) => {
  const dir = tempDir(t);
  const first = await open(dir);
  const mark = { since: 0, untilAt: 60_000, unsynced: null };
  await first.commit({
    batches: [batch(1), batch(2)],
    queued: [{ queue: 1, batches: [], events: [], mark }],
  });
  await first.close();
  const same = await open(dir);
  t.deepEqual((await queueOf(same, 1))?.mark, { ...mark, head: 2, isOfThisBoot: true });
  t.deepEqual(
    (await same.readStored(1, 9)).map(({ seq, isOfThisBoot }) => [seq, isOfThisBoot]),
    [
      [1, true],
      [2, true],
    ],
  );
  await same.close();
  const other = await open(dir, { boot: "boot-2" });
  t.is((await queueOf(other, 1))?.mark?.isOfThisBoot, false);
  await other.close();
});

for (const [name, queues, isOwed] of [
  ["", [], true],
  [" not", [READINGS, EVENTS], false],
] as const) {
  test(`the ledger's own rows are${name} owed where a destination has${isOwed ? " no" : ""} queues`, async (t) => {
    const ledger = await open(tempDir(t), { queues, maxBytes: 200_000 });
    let owed = 0;
    for (let n = 1; n <= 200; n++) {
      const { dropped } = await ledger.commit({ batches: [noisy(n)] });
      const isGone = dropped.readings.length + dropped.thinned.length > 0;
      if (isGone || dropped.refused !== null) owed++;
    }
    t.is(owed > 0, isOwed);
    await ledger.close();
  });
}
