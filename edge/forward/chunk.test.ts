import test from "ava";
import type { Batch } from "../core/batch.ts";
import type { WallMs } from "../core/time.ts";
import { chunkAfter } from "./chunk.ts";

function batch(readings: number): Batch {
  const t = Array.from({ length: readings }, (_, i) => i);
  const series = [{ point: "d.x", unit: null, t, v: t, q: null }];
  return { at: 0 as WallMs, clock: "synced", series };
}

test("small messages are read many at a time, large ones few, but always one", (t) => {
  t.is(chunkAfter([batch(10)]), 16);
  t.is(chunkAfter([batch(10), batch(250)]), 4);
  t.is(chunkAfter([batch(50_000)]), 1);
});

test("damaged messages, or none, are no reason to read few", (t) => {
  t.is(chunkAfter([null, null]), 16);
  t.is(chunkAfter([]), 16);
});
