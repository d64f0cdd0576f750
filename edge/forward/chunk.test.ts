import test from "ava";
import { chunkAfter } from "./chunk.ts";

test("small messages are read many at a time, large ones few, but always one", (t) => {
  t.is(chunkAfter([10]), 16);
  t.is(chunkAfter([10, 250]), 4);
  t.is(chunkAfter([50_000]), 1);
});

test("damaged messages, or none, are no reason to read few", (t) => {
  t.is(chunkAfter([0, 0]), 16);
  t.is(chunkAfter([]), 16);
});
