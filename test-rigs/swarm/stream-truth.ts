import type { SeqRange } from "../../edge/core/seq-set.ts";
import { droppedBy, inOrder, messagesOf, seqsOf } from "../sim/received.ts";
import type { Evidence } from "./invariants.ts";

/** A key that came with other bytes than before. */
export function findChangedBytes({ received }: Evidence): string | null {
  const seen = new Map<string, string>();
  for (const kind of ["readings", "events"] as const) {
    for (const { delivery, message } of messagesOf(received, kind)) {
      const key = `${message.stream}/${message.seq}`;
      const before = seen.get(key);
      if (before !== undefined && before !== delivery.payload) {
        return `${kind} ${key} came as\n${before}\nand as\n${delivery.payload}`;
      }
      seen.set(key, delivery.payload);
    }
  }
  return null;
}

/** What was stored and never came, or came and was never stored; one stream of each kind. */
export function findUndelivered({ deliveries, ledger, dropped }: Evidence): string | null {
  for (const kind of ["readings", "events"] as const) {
    const messages = messagesOf(deliveries, kind).map(({ message }) => message);
    const streams = new Set(messages.map(({ stream }) => stream));
    if (streams.size !== 1) return `${kind} came in the streams ${[...streams].join(", ")}`;
    const seqs = new Set(messages.map(({ seq }) => seq));
    const head = ledger?.heads[kind] ?? 0;
    const gone = dropped.filter(({ stream }) => stream === kind);
    for (let seq = 1; seq <= head; seq++) {
      if (!seqs.has(seq) && !isIn(gone, seq)) {
        return `${kind} ${seq} of ${head} was stored and never delivered`;
      }
    }
    const beyond = [...seqs].find((seq) => seq > head);
    if (beyond !== undefined) return `${kind} ${beyond} was delivered and is not in the ledger`;
  }
  return null;
}

/** A gap in the seqs that the centre sees is named by an event, or will be at the next start. */
export function findUntoldDrop({ deliveries, dropped, ledger }: Evidence): string | null {
  const events = inOrder(deliveries, "events").map(({ message }) => message);
  for (const stream of ["readings", "events"] as const) {
    const told = new Set(events.flatMap((message) => droppedBy(stream, message)));
    const later = ledger?.untold[stream] ?? null;
    const isKnown = (seq: number) => told.has(seq) || (later !== null && isIn([later], seq));
    for (const { from, to, at } of dropped.filter((drop) => drop.stream === stream)) {
      const untold = seqsOf(from, to).find((seq) => !isKnown(seq));
      if (untold !== undefined)
        return `${stream} ${untold} had to go at ${at} ms, which no event says`;
    }
  }
  return null;
}

/** Whether one of `ranges` has `seq`. */
export function isIn(ranges: readonly SeqRange[], seq: number): boolean {
  return ranges.some(({ from, to }) => from <= seq && seq <= to);
}
