import { openLocalLedger } from "../../buffer/local.ts";
import type { EngineOptions } from "../../buffer/requests.ts";
import { batchOf } from "../../edge/core/batch.ts";
import { HISTORY_AT, readingsOf, UNIT } from "./drain-load.ts";

/** How many messages are stored with one commit. */
const AT_ONCE = 100;

/** The buffer in `dir` of the gateway that is measured. */
export function optionsOf(dir: string): EngineOptions {
  return {
    dir,
    gateway: "gw-bench",
    maxBytes: 20e9,
    keepMs: 0,
    destinations: ["centre"],
    newStreams: { readings: "BENCHREADINGS", events: "BENCHEVENTS" },
  };
}

/** Fills a buffer in `dir` with `count` messages of 1,000 readings, one a second. */
export async function fillBuffer(dir: string, count: number): Promise<void> {
  const ledger = await openLocalLedger(optionsOf(dir));
  for (let from = 0; from < count; from += AT_ONCE) {
    const batches = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => {
      const second = from + i;
      return batchOf(readingsOf(second, HISTORY_AT + second * 1000), "synced", () => UNIT);
    });
    await ledger.commit({ batches });
  }
  await ledger.close();
}
