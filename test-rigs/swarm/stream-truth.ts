import { readingCount } from "../../edge/core/batch.ts";
import type { SeqRange } from "../../edge/core/seq-set.ts";
import { findUndocumented } from "../receiver/documented.ts";
import type { Delivery } from "../sim/broker.ts";
import {
  type AlarmMessage,
  alarmsOf,
  droppedBy,
  inOrder,
  messagesOf,
  seqsOf,
  thinnedBy,
} from "../sim/received.ts";
import type { Evidence } from "./invariants.ts";

/** A key that came with other bytes than before. */
export function findChangedBytes({ received }: Evidence): string | null {
  return changedBytes(received);
}

/** The same of what came at one broker. */
export function changedBytes(received: readonly Delivery[]): string | null {
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
export function findUndelivered({ deliveries, ledger, dropped, thinned }: Evidence): string | null {
  for (const kind of ["readings", "events"] as const) {
    const messages = messagesOf(deliveries, kind).map(({ message }) => message);
    const streams = new Set(messages.map(({ stream }) => stream));
    if (streams.size !== 1) return `${kind} came in the streams ${[...streams].join(", ")}`;
    const seqs = new Set(messages.map(({ seq }) => seq));
    const head = ledger?.heads[kind] ?? 0;
    const gone =
      kind === "readings"
        ? [...goneReadings({ dropped, thinned }), ...sparedReadings(thinned, seqs)]
        : dropped.filter(({ stream }) => stream === kind);
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
export function findUntoldDrop(evidence: Evidence): string | null {
  const { deliveries, dropped, thinned, ledger } = evidence;
  const events = inOrder(deliveries, "events").map(({ message }) => message);
  for (const stream of ["readings", "events"] as const) {
    const told = new Set(events.flatMap((message) => droppedBy(stream, message)));
    const later = ledger?.untold[stream] ?? [];
    const isKnown = (seq: number) => told.has(seq) || isIn(later, seq);
    for (const { from, to, at } of dropped.filter((drop) => drop.stream === stream)) {
      const untold = seqsOf(from, to).find((seq) => !isKnown(seq));
      if (untold !== undefined)
        return `${stream} ${untold} had to go at ${at} ms, which no event says`;
    }
  }
  const told = new Set(events.flatMap(thinnedBy));
  const later = ledger?.untold.thinned.flatMap(({ seqs }) => seqs) ?? [];
  const seqs = thinned.flatMap((each) => each.seqs).flatMap(({ from, to }) => seqsOf(from, to));
  const untold = seqs.find((seq) => !told.has(seq) && !isIn(later, seq));
  if (untold !== undefined) return `readings ${untold} were thinned, which no event says`;
  const refused = evidence.refused.reduce((sum, { batch }) => sum + readingCount(batch), 0);
  // What an event told that was given up is told once more (`Committed.forgotten`), also where it
  // came and its acknowledgement did not.
  const givenUp = dropped.filter((drop) => drop.stream === "events");
  const said = events
    .filter(({ to, seq }) => to === "refusing" && !isIn(givenUp, seq))
    .map(({ detail }) => detail);
  const sum = said.reduce((total, detail) => total + Number(detail?.refusedReadings ?? 0), 0);
  const all = sum + (ledger?.untold.refused?.readings ?? 0);
  return all === refused ? null : `${refused} readings were refused, and ${all} told`;
}

/** The seqs of readings that are not there any more as they were, for want of room. */
export function goneReadings({
  dropped,
  thinned,
}: Pick<Evidence, "dropped" | "thinned">): readonly SeqRange[] {
  const drops = dropped.filter(({ stream }) => stream === "readings");
  return [...drops, ...thinned.flatMap(({ seqs }) => seqs)];
}

/** What stands for readings all of which came: nobody is owed that. */
function sparedReadings(
  thinned: Evidence["thinned"],
  came: ReadonlySet<number>,
): readonly SeqRange[] {
  const spared: SeqRange[] = [];
  for (const { seqs, into } of thinned) {
    const all = seqs.flatMap(({ from, to }) => seqsOf(from, to));
    if (all.every((seq) => came.has(seq) || isIn(spared, seq))) spared.push(...into);
  }
  return spared;
}

/** Every event of an alarm that came, and those that had to go for want of room. */
export function alarmsTold({
  deliveries,
  storedEvents,
  dropped,
}: Evidence): readonly AlarmMessage[] {
  const came = alarmsOf(deliveries);
  const drops = dropped.filter(({ stream }) => stream === "events");
  if (drops.length === 0) return came;
  const seqs = new Set(came.map(({ seq }) => seq));
  const gone = storedEvents.flatMap(({ seq, event }) => {
    const isGone = event.kind === "alarm" && !seqs.has(seq) && isIn(drops, seq);
    return isGone ? [{ seq, stream: "", ...event } as AlarmMessage] : [];
  });
  return [...came, ...gone].toSorted((a, b) => a.seq - b.seq);
}

/** Whether one of `ranges` has `seq`. */
export function isIn(ranges: readonly SeqRange[], seq: number): boolean {
  return ranges.some(({ from, to }) => from <= seq && seq <= to);
}

/** A message that says what the contract's documents do not. */
export function findUndocumentedMessage({ received }: Evidence): string | null {
  for (const { topic, payload } of received) {
    const fault = findUndocumented(topic, payload);
    if (fault !== null) return fault;
  }
  return null;
}
