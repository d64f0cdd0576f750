import type { EngineOptions } from "../../buffer/requests.ts";
import type { Batch } from "../../edge/core/batch.ts";
import type { Event } from "../../edge/core/event.ts";
import type { Commit } from "../../edge/core/ledger.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { event, optionsFor } from "../sim/buffer-rig.ts";
import { Random } from "../sim/random.ts";

/** From this one on, a batch is owed: what is older has been delivered and may go. */
const OWED = 100;
/** Small, so that what was delivered is removed again and again. */
const MAX_BYTES = 3_000_000;
const MOST_READINGS = 2_000;

/** The buffer under test, in its field settings but for its size. `life` names a new one. */
export function optionsOf(dir: string, life: number): EngineOptions {
  const newStreams = { readings: `R${life}`, events: `E${life}` };
  return optionsFor(dir, { maxBytes: MAX_BYTES, newStreams });
}

/**
 * The batch with seq `seq` as the process number `life` writes it: half are smaller than a page,
 * the others take several, and no two are alike.
 */
export function batchOf(seq: number, life: number): Batch {
  const random = new Random(life).stream(String(seq));
  const count = Math.ceil(MOST_READINGS ** random.next());
  const v = Array.from({ length: count }, () => random.next());
  const series = [
    { point: "a.b", unit: "m", t: v.map((_, index) => index), v, q: null },
    { point: "a.c", unit: null, t: [0], v: [seq], q: null },
  ];
  return { at: (seq * 1000) as WallMs, clock: "synced", series };
}

/** The event with seq `seq` as the process number `life` writes it. */
export function eventOf(seq: number, life: number): Event {
  return event(`${seq} in ${life}`);
}

/** What of `head` batches has been delivered at least, when all before it were committed. */
export function deliveredOf(head: number): number {
  return Math.max(0, head - OWED);
}

/** All of one commit: batch and event get the same seq, because each commit has one of both. */
export function commitOf(seq: number, life: number): Commit {
  const ranges = [{ from: 1, to: deliveredOf(seq) }];
  const delivered = deliveredOf(seq) === 0 ? [] : [{ destination: "centre", ranges }];
  return {
    batches: [batchOf(seq, life)],
    events: [eventOf(seq, life)],
    delivered: delivered.flatMap((each) => [
      { ...each, kind: "readings" as const },
      { ...each, kind: "events" as const },
    ]),
  };
}
