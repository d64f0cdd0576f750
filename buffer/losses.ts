import type { Event } from "../edge/core/event.ts";
import type { StreamKind } from "../edge/core/ledger.ts";
import type { SeqRange } from "../edge/core/seq-set.ts";
import { parsed } from "./cells.ts";
import type { Reader } from "./reader.ts";

/** Seqs that will never be sent, and why. */
export type Loss = SeqRange & {
  readonly stream: StreamKind;
  /** Given up because the buffer was full, or damaged on the disk. */
  readonly why: "full" | "damaged";
  /** The seq of the event that tells of it; null where none does yet. */
  readonly toldBy: number | null;
};

/** What event `seq` says will never be sent; null where it tells of something else. */
export function lossIn(event: Event, seq: number): Loss | null {
  if (event.kind !== "buffer") return null;
  const { stream, fromSeq, toSeq } = event.detail ?? {};
  if (stream !== "readings" && stream !== "events") return null;
  if (typeof fromSeq !== "number" || typeof toSeq !== "number") return null;
  const why = event.to === "lost" ? "damaged" : "full";
  return { stream, from: fromSeq, to: toSeq, why, toldBy: seq };
}

/** What was given up and no event tells of yet. */
export function untoldLosses(reader: Reader): readonly Loss[] {
  return (["readings", "events"] as const).flatMap((stream) => {
    const range = parsed<SeqRange>(reader.meta(`untold.${stream}`));
    return range === null ? [] : [{ ...range, stream, why: "full" as const, toldBy: null }];
  });
}
