import test from "ava";
import { NOTHING_DROPPED } from "../core/ledger.ts";
import type { OutboxParts } from "./outbox.ts";
import { viewsOf } from "./own-views.ts";

test("what was owed before a queue began goes when the ledger thins or ages it, and nothing comes for it", (t) => {
  const nothing = () => Promise.resolve([]);
  const queue = {
    ...{ number: 1, destination: "centre", kind: "readings", stream: "R-1", isCurrent: true },
    ...{ start: 10, head: 0, tail: 1, delivered: [], mark: null, heldFrom: null },
  } as const;
  const parts = {
    destination: { name: "centre" },
    ledger: {
      ...{ readTexts: nothing, readEvents: nothing, readBatches: nothing },
      ...{ readQueuedTexts: nothing, readQueuedEvents: nothing },
    },
    ledgerState: {
      streams: { readings: "R", events: "E" },
      heads: { readings: 10, events: 0 },
      gone: { readings: [], events: [] },
      delivered: [],
      queues: [queue],
    },
    upTo: () => Infinity,
  } as unknown as OutboxParts;
  const [before, growing] = viewsOf(parts);
  const seqs = [{ from: 1, to: 4 }];
  const into = [{ from: 11, to: 11 }];
  const thinned = [{ seqs, into }] as unknown as typeof NOTHING_DROPPED.thinned;
  const aged = { readings: [{ from: 5, to: 6 }], events: [] };
  const recorded = {
    batches: [],
    events: [],
    spared: [],
    dropped: { ...NOTHING_DROPPED, thinned, aged },
  };
  t.like(before?.recorded(recorded).dropped, { thinned: [{ seqs, into: [] }], aged });
  t.like(growing?.recorded(recorded).dropped, {
    thinned: [],
    aged: { readings: [], events: [] },
  });
});
