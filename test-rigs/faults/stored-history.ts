import { openLocalLedger } from "../../buffer/local.ts";
import type { Batch } from "../../edge/core/batch.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { optionsFor } from "../sim/buffer-rig.ts";

/** What a gateway has stored of `point` before it starts, in the buffer in `dir`. */
export async function storeHistory(
  dir: string,
  point: string,
  span: {
    readonly from: number;
    readonly to: number;
    readonly everyMs: number;
    readonly valueAt: (at: number) => number;
  },
): Promise<void> {
  const ledger = await openLocalLedger(optionsFor(dir, { gateway: "gw-test", destinations: [] }));
  const times = Array.from({ length: Math.ceil((span.to - span.from) / span.everyMs) }, (_, i) => {
    return i * span.everyMs;
  });
  const batches: Batch[] = [];
  for (let i = 0; i < times.length; i += BATCH) {
    const t = times.slice(i, i + BATCH);
    const at = (span.from + (t[0] ?? 0)) as WallMs;
    const offsets = t.map((each) => each - (t[0] ?? 0));
    const v = t.map((each) => span.valueAt(span.from + each));
    batches.push({ at, clock: "synced", series: [{ point, unit: null, t: offsets, v, q: null }] });
  }
  await ledger.commit({ batches });
  await ledger.close();
}

/** Readings in one message. */
const BATCH = 60;
