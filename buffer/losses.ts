import type { Event } from "../edge/core/event.ts";
import { type SeqSet, seqSetIn } from "../edge/core/seq-set.ts";
import type { Reader } from "./reader.ts";
import { untoldIn } from "./untold.ts";

/** Seqs that will never be sent, and why. */
export type Loss = {
  /** `readings` or `events`, the ledger's own; or the id of a queue's. */
  readonly stream: string;
  readonly seqs: SeqSet;
  /**
   * Given up because the buffer was full, thinned because it was (what they said at large stands
   * in the messages `into`), too old, or damaged on the disk.
   */
  readonly why: "full" | "thinned" | "aged" | "damaged";
  /** Empty but for what was thinned. */
  readonly into: SeqSet;
  /** The seq of the event that tells of it; null where none does yet. */
  readonly toldBy: number | null;
};

/** What event `seq` says will never be sent; null where it tells of something else. */
export function lossIn(event: Event, seq: number): Loss | null {
  if (event.kind !== "buffer") return null;
  const { stream, fromSeq, toSeq, seqs, into } = event.detail ?? {};
  if (typeof stream !== "string") return null;
  if (typeof fromSeq !== "number" || typeof toSeq !== "number") return null;
  return {
    stream,
    seqs: seqSetIn(String(seqs)) ?? [{ from: fromSeq, to: toSeq }],
    why: WHY[event.to] ?? "full",
    into: seqSetIn(String(into)) ?? [],
    toldBy: seq,
  };
}

const WHY: Readonly<Record<string, Loss["why"]>> = {
  lost: "damaged",
  thinning: "thinned",
  expiring: "aged",
};

/** What was given up or thinned and no event tells of yet. */
export function untoldLosses(reader: Reader): readonly Loss[] {
  const untold = untoldIn((name) => reader.meta(name));
  const dropped = (["readings", "events"] as const).flatMap((stream) => {
    const loss = { stream, into: [], toldBy: null } as const;
    return [
      { ...loss, seqs: untold[stream], why: "full" } as const,
      { ...loss, seqs: untold.aged[stream], why: "aged" } as const,
    ];
  });
  const thinned = untold.thinned.map(({ seqs, into }) => {
    return { stream: "readings", seqs, why: "thinned", into, toldBy: null } as const;
  });
  const queued = (untold.queued ?? []).map(({ stream, seqs }) => {
    return { stream, seqs, why: "full", into: [], toldBy: null } as const;
  });
  return [...dropped, ...thinned, ...queued].filter(({ seqs }) => seqs.length > 0);
}
