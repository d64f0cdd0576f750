import { openLocalLedger } from "../../buffer/local.ts";
import type { EngineOptions } from "../../buffer/requests.ts";
import type { Reading } from "../../edge/core/reading.ts";
import { batchOf } from "../sim/batch-of.ts";

/** How many messages are stored with one commit. */
const AT_ONCE = 100;

/** The buffer in `dir` of the gateway that is measured. */
export function optionsOf(dir: string): EngineOptions {
  return {
    dir,
    gateway: "gw-bench",
    maxBytes: 20e9,
    keepMs: 0,
    maxAgeMs: null,
    aroundMs: 600_000,
    reserveBytes: 0,
    destinations: ["centre"],
    boot: "bench",
    newStreams: { readings: "BENCHREADINGS", events: "BENCHEVENTS" },
  };
}

/**
 * Fills a buffer in `dir` with `count` messages; `readingsOf` tells those of each, from 0. `other` is
 * what the buffer has other than that of the gateway that is measured.
 */
export async function fill(
  dir: string,
  count: number,
  unit: string,
  readingsOf: (n: number) => readonly Reading[],
  other: Partial<EngineOptions> = {},
): Promise<void> {
  const ledger = await openLocalLedger({ ...optionsOf(dir), ...other });
  for (let from = 0; from < count; from += AT_ONCE) {
    const batches = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) =>
      batchOf(readingsOf(from + i), "synced", () => unit),
    );
    await ledger.commit({ batches });
  }
  await ledger.close();
}
