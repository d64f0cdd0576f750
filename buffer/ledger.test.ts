import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import Database from "better-sqlite3";
import type { Batch } from "../edge/core/batch.ts";
import { GatewayError } from "../edge/core/errors.ts";
import type { Event } from "../edge/core/event.ts";
import { type Ledger, NOTHING_DROPPED } from "../edge/core/ledger.ts";
import type { WallMs } from "../edge/core/time.ts";
import { openLocalLedger } from "./local.ts";
import type { EngineOptions } from "./requests.ts";
import { openLedger } from "./worker-port.ts";

function tempDir(t: ExecutionContext): string {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-buffer-"));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const optionsFor = (dir: string, over: Partial<EngineOptions> = {}): EngineOptions => ({
  dir,
  gateway: "gw-1",
  maxBytes: 1e9,
  keepMs: 1e12,
  destinations: ["centre"],
  newStreams: { readings: "R1", events: "E1" },
  ...over,
});

function batch(n: number, at = n * 1000): Batch {
  const series = [
    { point: "a.b", unit: "m", t: [0, 500], v: [n, n + 0.1], q: null },
    { point: "a.c", unit: null, t: [1], v: [null], q: ["bad:timeout" as const] },
  ];
  return { at: at as WallMs, clock: "synced", series };
}

/** A batch that does not compress. */
function noisy(n: number): Batch {
  const noise = Array.from({ length: 200 }, () => Math.random());
  const series = [{ point: "a.b", unit: null, t: noise.map((_, i) => i), v: noise, q: null }];
  return { at: n as WallMs, clock: "synced", series };
}

function event(cause: string): Event {
  return {
    kind: "bus",
    subject: "line",
    from: "closed",
    to: "open",
    cause,
    at: 1 as WallMs,
    clock: "unsynced",
  };
}

const fill = async (ledger: Ledger, count: number) => {
  for (let n = 1; n <= count; n++) await ledger.commit({ batches: [batch(n)] });
};

for (const [name, open] of [
  ["in this thread", openLocalLedger],
  ["in a worker", openLedger],
] as const) {
  test(`${name}: what was committed comes back equal, numbered from 1, over a reopening`, async (t) => {
    const dir = tempDir(t);
    const first = await open(optionsFor(dir));
    t.deepEqual(await first.commit({ batches: [batch(1), batch(2)], events: [event("x")] }), {
      batches: [1, 2],
      events: [1],
      dropped: NOTHING_DROPPED,
    });
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

test("every commit is flushed: WAL with synchronous FULL, one process's own", async (t) => {
  const dir = tempDir(t);
  const { Engine } = await import("./engine.ts");
  const engine = new Engine(optionsFor(dir));
  t.deepEqual(engine.settings(), {
    journal_mode: "wal",
    synchronous: 2,
    locking_mode: "exclusive",
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
    if (committed.dropped.readings !== null) dropped.push(committed.dropped.readings);
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

test("a damaged row comes back as such with its seq, and the others are still read", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await fill(first, 3);
  await first.commit({ events: [event("x"), event("y")] });
  await first.close();
  const db = new Database(join(dir, "lifeline.db"));
  db.prepare("UPDATE batch SET body = zeroblob(40) WHERE seq = 2").run();
  db.prepare("UPDATE event SET body = '{\"kind\":' WHERE seq = 1").run();
  db.close();
  const second = await openLocalLedger(optionsFor(dir));
  t.deepEqual(await second.readBatches(1, 10), [
    { seq: 1, batch: batch(1) },
    { seq: 2, batch: null },
    { seq: 3, batch: batch(3) },
  ]);
  t.deepEqual(await second.readEvents(1, 10), [
    { seq: 1, event: null },
    { seq: 2, event: event("y") },
  ]);
  await second.close();
});

test("pages overwritten by noise cost the rows on them, not the others and not the start", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  for (let n = 1; n <= 200; n++) {
    const v = Array.from({ length: 300 }, (_, i) => Math.sin(n * 1000 + i));
    const series = [{ point: "a.b", unit: null, t: v.map((_, i) => i), v, q: null }];
    await first.commit({ batches: [{ at: n as WallMs, clock: "synced", series }] });
  }
  await first.close();
  const file = join(dir, "lifeline.db");
  const bytes = readFileSync(file);
  const middle = Math.floor(bytes.length / 8192) * 4096;
  bytes.fill(0xa5, middle, middle + 20_480);
  writeFileSync(file, bytes);
  const second = await openLocalLedger(optionsFor(dir));
  t.is((await second.state()).heads.readings, 200);
  const read: (Batch | null)[] = [];
  for (let from = 1; from <= 200; from += 16) {
    for (const { batch } of await second.readBatches(from, Math.min(16, 201 - from))) {
      read.push(batch);
    }
  }
  t.is(read.length, 200);
  const lost = read.filter((batch) => batch === null).length;
  t.true(lost > 0 && lost < 50, `${lost} of 200 rows could not be read`);
  await second.close();
});

for (const [name, harm] of [
  ["is no database", () => Buffer.from("no database, but long enough to be looked at ".repeat(50))],
  ["has noise where its tables begin", (bytes: Buffer) => bytes.fill(0xa5, 100, 4096)],
] as const) {
  test(`a file that ${name} is set aside, kept as it is, and a new buffer begun`, async (t) => {
    const dir = tempDir(t);
    const file = join(dir, "lifeline.db");
    const first = await openLocalLedger(optionsFor(dir));
    await fill(first, 3);
    await first.close();
    const harmed = harm(readFileSync(file));
    writeFileSync(file, harmed);
    const second = await openLocalLedger(
      optionsFor(dir, { newStreams: { readings: "R2", events: "E2" } }),
    );
    const aside = `${file}.damaged-1`;
    const { setAside, streams, heads } = await second.state();
    t.deepEqual(setAside, { file: aside, why: "damaged" });
    t.is(streams.readings, "R2");
    t.is(heads.readings, 0);
    t.deepEqual(readFileSync(aside), harmed);
    await second.commit({ events: [event("told")] });
    t.is((await second.state()).setAside, null, "it was told");
    await second.close();
  });
}

test("damage met by a commit ends this engine, and the next start begins a new buffer", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await fill(first, 3);
  await first.close();
  const db = new Database(join(dir, "lifeline.db"));
  const page = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'series'").pluck().get();
  const pageSize = db.pragma("page_size", { simple: true }) as number;
  db.close();
  const file = join(dir, "lifeline.db");
  const second = await openLocalLedger(optionsFor(dir));
  const bytes = readFileSync(file);
  bytes.fill(0xa5, ((page as number) - 1) * pageSize, (page as number) * pageSize);
  await second.close();
  writeFileSync(file, bytes);
  const third = await openLocalLedger(optionsFor(dir));
  t.is((await third.state()).setAside?.why, "damaged");
  await third.close();
});

test("at most three databases are kept aside, the newest", async (t) => {
  const dir = tempDir(t);
  for (let n = 1; n <= 5; n++) {
    writeFileSync(join(dir, "lifeline.db"), `no database ${n} `.repeat(50));
    await (await openLocalLedger(optionsFor(dir))).close();
  }
  t.deepEqual(
    readdirSync(dir).filter((name) => name.includes("damaged")),
    ["lifeline.db.damaged-3", "lifeline.db.damaged-4", "lifeline.db.damaged-5"],
  );
});

test("another gateway's buffer is set aside: its readings must not go out in this one's name", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await fill(first, 3);
  await first.close();
  const second = await openLocalLedger(
    optionsFor(dir, { gateway: "gw-2", newStreams: { readings: "R2", events: "E2" } }),
  );
  const { setAside, heads, streams } = await second.state();
  t.deepEqual(setAside, { file: join(dir, "lifeline.db.other-gateway-1"), why: "other-gateway" });
  t.is(heads.readings, 0);
  t.is(streams.readings, "R2");
  await second.close();
});

test("what a full buffer dropped is remembered until an event that tells of it is stored", async (t) => {
  const dir = tempDir(t);
  const options = optionsFor(dir, { maxBytes: 200_000 });
  const first = await openLocalLedger(options);
  for (let n = 1; n <= 300; n++) await first.commit({ batches: [noisy(n)] });
  const { tails } = await first.state();
  await first.close();
  const second = await openLocalLedger(options);
  const untold = { readings: { from: 1, to: tails.readings - 1 }, events: null };
  t.deepEqual((await second.state()).untold, untold);
  await second.commit({ events: [event("dropped")], tellsDropped: true });
  const { untold: left } = await second.state();
  t.true(left.readings === null || left.readings.from === tails.readings);
  await second.close();
});

test("events do not crowd out the readings, however many come", async (t) => {
  const ledger = await openLocalLedger(optionsFor(tempDir(t), { maxBytes: 400_000 }));
  await fill(ledger, 50);
  let dropped = 0;
  for (let n = 0; n < 60; n++) {
    const events = Array.from({ length: 20 }, () => event("flapping"));
    const committed = await ledger.commit({ events });
    dropped = committed.dropped.events?.to ?? dropped;
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
