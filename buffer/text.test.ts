import test from "ava";
import fc from "fast-check";
import { batchText } from "../edge/core/batch-text.ts";
import type { UptimeMs } from "../edge/core/time.ts";
import { anyBatch } from "../test-rigs/sim/any-batch.ts";
import { decodeBatch, encodeBatch, type SeriesName } from "./encoding/encode.ts";
import type { RowTime } from "./requests.ts";
import { textOf } from "./text.ts";
import { timedBatch } from "./timed.ts";

const between: RowTime = {
  basis: { kind: "between", offsetMs: 1e12, bounds: [1e12, 1e12 + 1e9] },
  uptime: 5000 as UptimeMs,
};

test("a stored batch is written out as it would be once it is read, for whatever it holds", (t) => {
  fc.assert(
    fc.property(anyBatch, fc.constantFrom(null, between), (batch, time) => {
      const names: SeriesName[] = [];
      const bytes = encodeBatch(batch, (point, unit) => names.push({ point, unit }) - 1);
      const nameOf = (id: number) => names[id];
      const text = textOf(bytes, time, nameOf);
      t.deepEqual(text, batchText(timedBatch(decodeBatch(bytes, nameOf), time)));
    }),
    { numRuns: 1000 },
  );
  t.true(true);
});

test("of damaged bytes, or of a series that nobody knows, there is no text", (t) => {
  const series = [{ point: "d.p", unit: null, t: [0], v: [1], q: null }];
  const bytes = encodeBatch({ at: 0, clock: "synced", series } as never, () => 7);
  t.is(
    textOf(bytes, null, () => undefined),
    null,
  );
  t.is(
    textOf(bytes.subarray(1), null, () => ({ point: "d.p", unit: null })),
    null,
  );
});
