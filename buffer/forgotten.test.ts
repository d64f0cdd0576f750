import test from "ava";
import { plus } from "../edge/core/dropped.ts";
import type { GatewayEvent } from "../edge/core/event.ts";
import { type Dropped, type Ledger, NOTHING_DROPPED } from "../edge/core/ledger.ts";
import { batch, event, optionsFor, tamper, tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { openLocalLedger } from "./local.ts";

/** So many events stay, however small a buffer is. */
const STAY = 256;
const SMALL = { maxBytes: 100_000 } as const;

/** A report of the buffer, as the gateway tells what could not be kept. */
function report(to: string, detail: NonNullable<GatewayEvent["detail"]>): GatewayEvent {
  const about = {
    kind: "buffer",
    subject: "buffer",
    from: "keeping",
    cause: "buffer.full",
  } as const;
  return { ...event("x"), ...about, to, detail };
}

/** Commits `count` events that tell of no loss; returns what became of others. */
async function push(ledger: Ledger, count: number) {
  const events = Array.from({ length: count }, (_, n) => event(`${n}`));
  return await ledger.commit({ events });
}

/** A report of each kind, and what all of them tell. */
const REPORTS = [
  report("refusing", { refusedReadings: 4, fromAt: 7, toAt: 9 }),
  report("refusing", { refusedReadings: 2, fromAt: 5, toAt: 8 }),
  report("dropping", { stream: "readings", fromSeq: 3, toSeq: 4 }),
  report("dropping", { stream: "events", fromSeq: 1, toSeq: 9, seqs: "1-2,9" }),
  report("expiring", { stream: "readings", fromSeq: 1, toSeq: 2 }),
  report("dropping", { destination: "water", stream: "R1-7", fromSeq: 1, toSeq: 3 }),
  report("thinning", { stream: "readings", fromSeq: 5, toSeq: 6, into: "10", window: 60_000 }),
];
const TOLD: Dropped = {
  readings: [{ from: 3, to: 4 }],
  events: [
    { from: 1, to: 2 },
    { from: 9, to: 9 },
  ],
  thinned: [{ windowMs: 60_000, seqs: [{ from: 5, to: 6 }], into: [{ from: 10, to: 10 }] }],
  aged: { readings: [{ from: 1, to: 2 }], events: [] },
  refused: { readings: 6, fromAt: 5, toAt: 9 },
  queued: [{ queue: 7, destination: "water", stream: "R1-7", seqs: [{ from: 1, to: 3 }] }],
};

test("what reports told is to be told once more when they must go undelivered, over a restart", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir, SMALL));
  await first.commit({ events: REPORTS });
  const before = await push(first, STAY - REPORTS.length);
  t.deepEqual(before.forgotten, NOTHING_DROPPED);
  const { forgotten, dropped } = await push(first, REPORTS.length);
  t.deepEqual(forgotten, TOLD);
  t.deepEqual(dropped, { ...NOTHING_DROPPED, events: [{ from: 1, to: REPORTS.length }] });
  await first.close();
  const second = await openLocalLedger(optionsFor(dir, SMALL));
  t.deepEqual((await second.state()).untold, plus(TOLD, dropped));
  await second.close();
});

test("a report that all destinations had is not told again", async (t) => {
  const ledger = await openLocalLedger(optionsFor(tempDir(t), SMALL));
  await ledger.commit({ events: REPORTS });
  const ranges = [{ from: 1, to: REPORTS.length }];
  await ledger.commit({ delivered: [{ destination: "centre", kind: "events", ranges }] });
  const { forgotten } = await push(ledger, STAY + 1);
  t.deepEqual(forgotten, NOTHING_DROPPED);
  await ledger.close();
});

test("a report that becomes too old before anybody had it is to be told once more", async (t) => {
  const ledger = await openLocalLedger(optionsFor(tempDir(t), { maxAgeMs: 60_000 }));
  await ledger.commit({ events: REPORTS.map((each) => ({ ...each, clock: "synced" })) });
  await push(ledger, 1);
  let forgotten = NOTHING_DROPPED;
  // What is old is looked for every so many commits.
  for (let n = 100; n < 200; n++) {
    forgotten = plus(forgotten, (await ledger.commit({ batches: [batch(n)] })).forgotten);
  }
  t.deepEqual(forgotten, TOLD);
  await ledger.close();
});

test("a damaged report says nothing", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir, SMALL));
  await first.commit({ events: REPORTS });
  await first.close();
  tamper(dir, (db) => db.exec("UPDATE event SET body = replace(body, '4', '5') WHERE seq = 1"));
  const ledger = await openLocalLedger(optionsFor(dir, SMALL));
  const { forgotten } = await push(ledger, STAY);
  t.deepEqual(forgotten, { ...TOLD, refused: { readings: 2, fromAt: 5, toAt: 8 } });
  await ledger.close();
});
