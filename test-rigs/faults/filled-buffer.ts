import { join } from "node:path";
import { openLedger } from "../../buffer/worker-port.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { isoTime } from "../../edge/world/wall-text.ts";
import { optionsFor } from "../sim/buffer-rig.ts";

/** What a buffer is to hold before its gateway starts. */
export type Filling = {
  /** Messages that the destination `centre` is owed, one each so many milliseconds up to now. */
  readonly owed?: { readonly messages: number; readonly everyMs: number };
  readonly wear?: {
    readonly bytesPerDay: number;
    readonly days: number;
    readonly isShort: boolean;
  };
};

const DAY_MS = 86_400_000;

/** Writes the buffer of the gateway at home in `dir` as a longer life would have left it. */
export async function fillBuffer(dir: string, { owed, wear }: Filling): Promise<void> {
  const options = { gateway: "gw-test", boot: `before-${isoTime(Date.now())}` };
  const ledger = await openLedger(optionsFor(join(dir, "buffer"), options));
  try {
    if (owed !== undefined) await commitOwed(ledger, owed);
    if (wear === undefined) return;
    const days = Array.from({ length: wear.days }, () => ({ bytes: wear.bytesPerDay, ms: DAY_MS }));
    const total = { bytes: wear.bytesPerDay * wear.days, ms: wear.days * DAY_MS };
    await ledger.commit({ wear: { total, days, isShort: wear.isShort } });
  } finally {
    await ledger.close();
  }
}

type Committing = Pick<Awaited<ReturnType<typeof openLedger>>, "commit">;

async function commitOwed(
  ledger: Committing,
  { messages, everyMs }: NonNullable<Filling["owed"]>,
): Promise<void> {
  const from = Date.now() - messages * everyMs;
  const batches = Array.from({ length: messages }, (_, n) => {
    const v = Array.from({ length: 50 }, () => Math.random());
    const series = [{ point: "a.x", unit: null, t: v.map((_, i) => i), v, q: null }];
    return { at: (from + n * everyMs) as WallMs, clock: "synced", series } as const;
  });
  for (let n = 0; n < messages; n += 100)
    await ledger.commit({ batches: batches.slice(n, n + 100) });
}
