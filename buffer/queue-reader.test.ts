import test from "ava";
import type { Commit } from "../edge/core/ledger.ts";
import { batch, event, fileIn, optionsFor, tamper, tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { audit } from "./audit.ts";
import { openLocalLedger } from "./local.ts";
import { Reader } from "./reader.ts";
import { survey } from "./survey.ts";
import type { Steps } from "./verify.ts";
import { verify } from "./verify.ts";

const QUEUES = [
  { destination: "water", kind: "readings", rule: "a" },
  { destination: "water", kind: "events", rule: "a" },
] as const;
const OPTIONS = { queues: QUEUES, destinations: ["centre", "water"] };
const LIMITS = {
  maxBytes: 1e9,
  destinations: ["centre", "water"],
  card: { enduranceBytes: 30e12, minLifeMs: 1 },
};

/** A buffer with five batches and one event, of all of which the destination `water` has a copy. */
async function filled(dir: string): Promise<void> {
  const ledger = await openLocalLedger(optionsFor(dir, OPTIONS));
  for (let n = 1; n <= 5; n++) {
    const commit: Commit = {
      batches: [batch(n)],
      queued: [
        { queue: 1, batches: [{ batch: batch(n), origin: { index: 0 } }], events: [], mark: null },
      ],
    };
    await ledger.commit(commit);
  }
  const ranges = [{ from: 1, to: 2 }];
  await ledger.commit({
    events: [event("x")],
    queued: [{ queue: 2, batches: [], events: [0], mark: null }],
    delivered: [{ destination: "water", kind: "readings", ranges, queue: 1 }],
  });
  await ledger.close();
}

function ended<Result>(steps: Generator<Steps, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

test("what a queue owes is told with the time of its oldest", async (t) => {
  const dir = tempDir(t);
  await filled(dir);
  const reader = new Reader(fileIn(dir));
  const [centre, water] = survey(reader, LIMITS).destinations;
  t.like(centre, { destination: "centre", readings: 5, events: 1 });
  t.like(water, { destination: "water", readings: 3, events: 1, sinceAt: 1 });
  reader.close();
});

test("a receiver's list is compared with a queue's stream as with the ledger's own", async (t) => {
  const dir = tempDir(t);
  await filled(dir);
  const reader = new Reader(fileIn(dir));
  const received = new Map([["R1-1", [{ from: 1, to: 1 }]]]);
  const { streams, foreign } = ended(audit(reader, received));
  t.deepEqual(foreign, []);
  const water = streams.find(({ stream }) => stream === "R1-1");
  t.like(water, { head: 5, received: 1, missing: [{ from: 2, to: 5 }] });
  t.deepEqual(water?.acknowledged, [{ destination: "water", seqs: [{ from: 2, to: 2 }] }]);
  reader.close();
});

test("a row of a queue that is not what was stored is found", async (t) => {
  const dir = tempDir(t);
  await filled(dir);
  const sound = new Reader(fileIn(dir));
  t.deepEqual(ended(verify(sound)).findings, []);
  sound.close();
  tamper(dir, (db) => {
    db.exec("UPDATE queue SET body = x'28b52ffd' WHERE seq % 4294967296 = 1");
    db.exec("UPDATE queue_delivered SET ranges = '[]'");
  });
  const reader = new Reader(fileIn(dir));
  t.deepEqual(ended(verify(reader)).findings, [
    { fault: "check-sum", table: "queue_delivered", key: "1" },
    { fault: "check-sum", table: "queue", key: "R1-1 1" },
    { fault: "check-sum", table: "queue", key: "E1-2 1" },
  ]);
  reader.close();
});
