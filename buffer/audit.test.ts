import test from "ava";
import type { SeqSet } from "../edge/core/seq-set.ts";
import {
  batch,
  event,
  fileIn,
  fill,
  noisy,
  optionsFor,
  tamper,
  tempDir,
} from "../test-rigs/sim/buffer-rig.ts";
import { type Audited, audit } from "./audit.ts";
import { openLocalLedger } from "./local.ts";
import { Reader } from "./reader.ts";

function audited(dir: string, received: Readonly<Record<string, SeqSet>>): Audited {
  const reader = new Reader(fileIn(dir));
  const steps = audit(reader, new Map(Object.entries(received)));
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  reader.close();
  return step.value;
}

test("a receiver that has everything lacks nothing", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await fill(ledger, 5);
  await ledger.commit({ events: [event("x")] });
  await ledger.close();
  const { streams, foreign } = audited(dir, {
    R1: [{ from: 1, to: 5 }],
    E1: [{ from: 1, to: 1 }],
  });
  t.deepEqual(
    streams.map(({ kind, head, received, missing }) => ({ kind, head, received, missing })),
    [
      { kind: "readings", head: 5, received: 5, missing: [] },
      { kind: "events", head: 1, received: 1, missing: [] },
    ],
  );
  t.deepEqual(foreign, []);
});

test("what is missing is told apart: stored, lost with its reason, removed, unexplained", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await fill(ledger, 100);
  const detail = { stream: "readings", fromSeq: 11, toSeq: 20 };
  const told = { ...event("buffer.full"), kind: "buffer", to: "dropping", detail } as const;
  const ranges = [{ from: 1, to: 10 }];
  const delivered = [{ destination: "centre", kind: "readings", ranges } as const];
  await ledger.commit({ events: [told], delivered });
  await ledger.close();
  tamper(dir, (db) => db.exec("DELETE FROM batch WHERE seq <= 30"));
  const [found] = audited(dir, {
    R1: [
      { from: 6, to: 15 },
      { from: 41, to: 100 },
    ],
  }).streams;
  t.deepEqual(found, {
    kind: "readings",
    stream: "R1",
    head: 100,
    received: 70,
    missing: [
      { from: 1, to: 5 },
      { from: 16, to: 40 },
    ],
    stored: [{ from: 31, to: 40 }],
    lost: [
      {
        stream: "readings",
        seqs: [{ from: 16, to: 20 }],
        why: "full",
        into: [],
        toldBy: 1,
      },
    ],
    removed: [{ from: 1, to: 5 }],
    unexplained: [{ from: 21, to: 30 }],
    acknowledged: [{ destination: "centre", seqs: [{ from: 1, to: 5 }] }],
    neverStored: [],
  });
});

test("what a full buffer really dropped is explained to the last seq", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir, { maxBytes: 200_000 }));
  for (let n = 0; n < 300; n++) await ledger.commit({ batches: [noisy(n)] });
  const { tails } = await ledger.state();
  await ledger.close();
  const [found] = audited(dir, {}).streams;
  t.deepEqual(found?.stored, [{ from: tails.readings, to: 300 }]);
  t.deepEqual(
    found?.lost.flatMap(({ seqs, why }) => seqs.map((range) => ({ ...range, why }))),
    [{ from: 1, to: tails.readings - 1, why: "full" }],
  );
  t.deepEqual(found?.unexplained, []);
});

test("what the receiver has and never was, and streams of another buffer, are named", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await ledger.commit({ batches: [batch(1)] });
  await ledger.close();
  const { streams, foreign } = audited(dir, {
    R1: [{ from: 1, to: 4 }],
    R0: [{ from: 1, to: 900 }],
  });
  t.deepEqual(streams[0]?.neverStored, [{ from: 2, to: 4 }]);
  t.deepEqual(foreign, [{ stream: "R0", received: 900 }]);
});
