import test from "ava";
import { streamId } from "./stream-id.ts";
import type { WallMs } from "./time.ts";

test("a stream id has the form of a ULID and carries its time", (t) => {
  // The example of the ULID specification: 1469918176385 is 01ARYZ6S41.
  t.is(
    streamId(1469918176385 as WallMs, () => 0),
    "01ARYZ6S410000000000000000",
  );
});

test("ids made later sort behind", (t) => {
  t.true(streamId(1000 as WallMs, () => 0.99) < streamId(1001 as WallMs, () => 0));
});
