import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import Database from "better-sqlite3";
import type { Batch } from "../edge/core/batch.ts";
import { batchText } from "../edge/core/batch-text.ts";
import { GatewayError } from "../edge/core/errors.ts";
import type { Event } from "../edge/core/event.ts";
import { NOTHING_DROPPED, NOTHING_HELD } from "../edge/core/ledger.ts";
import type { WallMs } from "../edge/core/time.ts";
import { batch, event, fill, noisy, optionsFor, tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { openLocalLedger } from "./local.ts";
import { BufferThread, openLedger } from "./worker-port.ts";

for (const [name, open] of [
  ["in this thread", openLocalLedger],
  ["in a worker", openLedger],
] as const) {
  test(`${name}: what was committed comes back equal, numbered from 1, over a reopening`, async (t) => {
    const dir = tempDir(t);
    const first = await open(optionsFor(dir));
    const { written, ...committed } = await first.commit({
      batches: [batch(1), batch(2)],
      events: [event("x")],
    });
    t.deepEqual(committed, {
      batches: [1, 2],
      events: [1],
      dropped: NOTHING_DROPPED,
      forgotten: NOTHING_DROPPED,
      spared: [],
      held: NOTHING_HELD,
      unflushed: null,
      bytes: (await first.state()).bytes,
    });
    // Only a thread of its own tells what the card had to write.
    t.is(written === null, open === openLocalLedger);
    await first.close();
    const second = await open(optionsFor(dir, { newStreams: { readings: "R2", events: "E2" } }));
    t.deepEqual((await second.commit({ batches: [batch(3)] })).batches, [3]);
    t.deepEqual(await second.readBatches(2, 10), [
      { seq: 2, batch: batch(2) },
      { seq: 3, batch: batch(3) },
    ]);
    t.deepEqual(await second.readEvents(1, 10), [{ seq: 1, event: event("x") }]);
    const state = await second.state();
    t.deepEqual(state.streams, { readings: "R1", events: "E1" });
    t.deepEqual(state.heads, { readings: 3, events: 1 });
    t.true(state.bytes > 0);
    await second.close();
  });

  test(`${name}: a text says what the batch of its seq says, of new series as of old ones`, async (t) => {
    const dir = tempDir(t);
    const first = await open(optionsFor(dir));
    await fill(first, 1);
    await first.close();
    const second = await open(optionsFor(dir));
    t.deepEqual(await second.readTexts(1, 9), [{ seq: 1, text: batchText(batch(1)) }]);
    const series = [{ point: "new.x", unit: "kPa", t: [0, 5], v: [1, null], q: null }];
    const other = { ...batch(2), series };
    await second.commit({ batches: [other] });
    t.deepEqual(await second.readTexts(2, 9), [{ seq: 2, text: batchText(other) }]);
    await second.close();
  });

  test(`${name}: a second opener is refused at once`, async (t) => {
    const dir = tempDir(t);
    const first = await open(optionsFor(dir));
    const error = await t.throwsAsync(open(optionsFor(dir)), { instanceOf: GatewayError });
    t.is(error?.code, "buffer.busy");
    await fill(first, 1);
    await first.close();
  });

  test(`${name}: a buffer of a newer release is refused, untouched`, async (t) => {
    const dir = tempDir(t);
    await (await open(optionsFor(dir))).close();
    const db = new Database(join(dir, "lifeline.db"));
    db.pragma("user_version = 99");
    db.close();
    const error = await t.throwsAsync(open(optionsFor(dir)), { instanceOf: GatewayError });
    t.is(error?.code, "buffer.version");
  });
}

test("cursors and alarm states are kept, the latest of each", async (t) => {
  const ledger = await openLocalLedger(optionsFor(tempDir(t)));
  const delivered = (to: number) =>
    ({ destination: "centre", kind: "readings", ranges: [{ from: 1, to }] }) as const;
  const basis = { point: "a.b", limit: "high", setpoint: 50, severity: "red" } as const;
  const alarm = (state: "unacknowledged" | "acknowledged") =>
    ({ alarm: "gas", state, since: 5 as WallMs, basis }) as const;
  await ledger.commit({ delivered: [delivered(1)], alarms: [alarm("unacknowledged")] });
  await ledger.commit({ delivered: [delivered(7)], alarms: [alarm("acknowledged")] });
  const state = await ledger.state();
  t.deepEqual(state.delivered, [delivered(7)]);
  t.deepEqual(state.alarms, [alarm("acknowledged")]);
  await ledger.close();
});

test("where devices refused to be read across is kept, the latest of it", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  t.is((await first.state()).cuts, null);
  const cut = { device: "gas-1", area: "holding", address: 10, count: 2 } as const;
  await first.commit({ cuts: { configuration: "A", cuts: [] } });
  await first.commit({ cuts: { configuration: "A", cuts: [cut] } });
  await first.commit({ batches: [batch(1)] });
  await first.close();
  const second = await openLocalLedger(optionsFor(dir));
  t.deepEqual((await second.state()).cuts, { configuration: "A", cuts: [cut] });
  await second.close();
});

test("what is kept of interlocks goes with their events, over a reopening", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  t.is((await first.state()).interlocks, null);
  const kept = (n: number) => ({ origin: "o", chain: { n, hash: "a".repeat(64) }, memories: [] });
  await first.commit({ events: [event("x")], interlocks: kept(1) });
  await first.commit({ events: [event("y")], interlocks: kept(2) });
  await first.commit({ events: [event("z")] });
  await first.close();
  const second = await openLocalLedger(optionsFor(dir));
  t.deepEqual((await second.state()).interlocks, kept(2));
  await second.close();
});

test("what is remembered of commands outlives the process, the latest of it", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  t.is((await first.state()).commands, null);
  const from = 5 as WallMs;
  const rates = { configuration: "c", perS: {} };
  const memory = {
    from,
    counters: { ab12: 7 },
    ids: ["a"],
    underWay: null,
    results: [],
    rates,
  };
  await first.commit({ commands: { ...memory, ids: [] } });
  await first.commit({ commands: memory });
  await first.commit({ batches: [batch(1)] });
  await first.close();
  const second = await openLocalLedger(optionsFor(dir));
  t.deepEqual((await second.state()).commands, memory);
  await second.close();
});

test("a counter goes on where it was, each by its name, whatever is stored between", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  t.deepEqual((await first.state()).counters, []);
  await first.commit({ counters: [{ name: "bdSeq.scada", value: 254 }] });
  await first.commit({ counters: [{ name: "bdSeq.scada", value: 255 }] });
  await first.commit({ counters: [{ name: "serial.water", value: 7 }], batches: [batch(1)] });
  await first.close();
  const second = await openLocalLedger(optionsFor(dir));
  t.deepEqual((await second.state()).counters, [
    { name: "bdSeq.scada", value: 255 },
    { name: "serial.water", value: 7 },
  ]);
  await second.close();
});

test("what was done to the card is kept, the latest of it", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  t.is((await first.state()).wear, null);
  const wear = { total: { bytes: 5, ms: 6 }, days: [{ bytes: 5, ms: 6 }], isShort: true };
  await first.commit({ wear: { ...wear, days: [] } });
  await first.commit({ wear });
  await first.commit({ batches: [batch(1)] });
  await first.close();
  const second = await openLocalLedger(optionsFor(dir));
  t.deepEqual((await second.state()).wear, wear);
  await second.close();
});

test("an event's integer beyond 2^53 keeps its digits", async (t) => {
  const ledger = await openLocalLedger(optionsFor(tempDir(t)));
  const alarm: Event = {
    kind: "alarm",
    alarm: "a",
    point: "a.b",
    from: "normal",
    to: "unacknowledged",
    severity: "red",
    value: 18446744073709551615n,
    unit: null,
    setpoint: 1,
    cause: "high",
    at: 1 as WallMs,
    clock: "synced",
  };
  await ledger.commit({ events: [alarm] });
  t.deepEqual((await ledger.readEvents(1, 1))[0]?.event, alarm);
  await ledger.close();
});

test("the log is SQLite's, which others can read, and every flush behind a commit our own", async (t) => {
  const dir = tempDir(t);
  const { Engine } = await import("./engine.ts");
  const engine = new Engine(optionsFor(dir));
  t.deepEqual(engine.settings(), {
    journal_mode: "wal",
    synchronous: 1,
    locking_mode: "normal",
  });
  engine.answer({ kind: "close" });
});

test("old batches go once every destination has had them, and numbers go on", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir, { keepMs: 1000 }));
  await fill(ledger, 1300);
  t.is((await ledger.state()).tails.readings, 1, "nothing was delivered yet");
  const ranges = [{ from: 1, to: 1300 }];
  await ledger.commit({ delivered: [{ destination: "centre", kind: "readings", ranges }] });
  for (let n = 1301; n <= 1400; n++) await ledger.commit({ batches: [batch(n)] });
  const { tails, heads } = await ledger.state();
  t.is(tails.readings, 1025);
  t.is(heads.readings, 1400);
  t.is((await ledger.readBatches(1, 1))[0]?.seq, 1025);
  await ledger.close();
});

test("a full buffer drops its oldest batches and says which", async (t) => {
  const ledger = await openLocalLedger(optionsFor(tempDir(t), { maxBytes: 200_000 }));
  const dropped: { from: number; to: number }[] = [];
  for (let n = 1; n <= 300; n++) {
    const committed = await ledger.commit({ batches: [noisy(n)] });
    dropped.push(...committed.dropped.readings);
  }
  const { tails, heads, bytes } = await ledger.state();
  t.is(heads.readings, 300);
  t.true(tails.readings > 100);
  t.is(dropped[0]?.from, 1);
  t.is(dropped.at(-1)?.to, tails.readings - 1);
  t.deepEqual(
    dropped.slice(1).map(({ from }, i) => from - (dropped[i]?.to ?? 0)),
    dropped.slice(1).map(() => 1),
    "what was dropped is told without a hole",
  );
  t.true(bytes < 10_000_000);
  await ledger.close();
});

test("what a full buffer dropped is remembered until an event that tells of it is stored", async (t) => {
  const dir = tempDir(t);
  const options = optionsFor(dir, { maxBytes: 200_000 });
  const first = await openLocalLedger(options);
  for (let n = 1; n <= 300; n++) await first.commit({ batches: [noisy(n)] });
  const { tails } = await first.state();
  await first.close();
  const second = await openLocalLedger(options);
  const untold = { ...NOTHING_DROPPED, readings: [{ from: 1, to: tails.readings - 1 }] };
  t.deepEqual((await second.state()).untold, untold);
  await second.commit({ events: [event("dropped")], tells: untold });
  const { untold: left } = await second.state();
  t.true(left.readings.length === 0 || left.readings[0]?.from === tails.readings);
  await second.close();
});

test("events do not crowd out the readings, however many come", async (t) => {
  const ledger = await openLocalLedger(optionsFor(tempDir(t), { maxBytes: 400_000 }));
  await fill(ledger, 50);
  let dropped = 0;
  for (let n = 0; n < 60; n++) {
    const events = Array.from({ length: 20 }, () => event("flapping"));
    const committed = await ledger.commit({ events });
    dropped = committed.dropped.events.at(-1)?.to ?? dropped;
  }
  const { tails, heads } = await ledger.state();
  t.is(heads.events, 1200);
  t.is(tails.events, dropped + 1);
  t.is(heads.events - tails.events + 1, 256);
  t.is(tails.readings, 1);
  await ledger.close();
});

test("a write-ahead log cut anywhere reopens to a prefix of what was committed", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await fill(ledger, 8);
  const database = readFileSync(join(dir, "lifeline.db"));
  const log = readFileSync(join(dir, "lifeline.db-wal"));
  const heads = new Set<number>();
  let before = 0;
  for (let cut = 0; cut < log.length + 997; cut += 997) {
    const copy = tempDir(t);
    writeFileSync(join(copy, "lifeline.db"), database);
    writeFileSync(join(copy, "lifeline.db-wal"), log.subarray(0, cut));
    const reopened = await openLocalLedger(optionsFor(copy));
    const head = (await reopened.state()).heads.readings;
    t.true(head >= before);
    const batches = await reopened.readBatches(1, 100);
    t.deepEqual(
      batches.map(({ batch }) => batch),
      Array.from({ length: head }, (_, i) => batch(i + 1)),
    );
    await reopened.close();
    heads.add(head);
    before = head;
  }
  t.is(before, 8);
  t.true(heads.size > 5);
  await ledger.close();
});

test("amid a large commit others have their turn, amid a small one nobody needs one", async (t) => {
  let turns = 0;
  const turn = () => {
    turns++;
    return Promise.resolve();
  };
  const ledger = await openLedger(optionsFor(tempDir(t)), turn);
  await ledger.commit({ batches: [batch(1), batch(2), batch(3)] });
  t.is(turns, 0);
  const { batches } = await ledger.commit({ batches: [large(4), large(5), large(6)] });
  t.is(turns, 2);
  t.deepEqual(batches, [4, 5, 6]);
  await ledger.close();
});

test("what is being encoded when the buffer is closed is stored first", async (t) => {
  const dir = tempDir(t);
  const going = Promise.withResolvers<void>();
  const ledger = await openLedger(optionsFor(dir), () => going.promise);
  const committing = ledger.commit({ batches: [large(1), large(2)] });
  const closing = ledger.close();
  going.resolve();
  t.deepEqual((await committing).batches, [1, 2]);
  await closing;
  const again = await openLedger(optionsFor(dir));
  t.is((await again.readBatches(1, 10)).length, 2);
  await again.close();
});

test("who opens a buffer in a thread that has died is told, however long ago that was", async (t) => {
  const thread = new BufferThread();
  await thread.end();
  await t.throwsAsync(openLedger(optionsFor(tempDir(t)), undefined, thread), {
    message: /the buffer's thread died/,
  });
});

/** A batch of 6,000 readings. */
function large(n: number): Batch {
  const t = Array.from({ length: 6000 }, (_, i) => i);
  const series = [{ point: "a.b", unit: "m", t, v: t, q: null }];
  return { at: n as WallMs, clock: "synced", series };
}
