import { isSelected, type ReadingSelection, selectedOf } from "../../edge/core/selection.ts";
import type { Delivery } from "../sim/broker.ts";
import { droppedBy, inOrder, type Message, messagesOf, seqsOf } from "../sim/received.ts";
import type { Evidence } from "./invariants.ts";
import type { OtherDestination } from "./others.ts";
import { changedBytes, isIn } from "./stream-truth.ts";

/** A platform with streams of its own, and what came there. */
type Other = { readonly destination: OtherDestination; readonly received: readonly Delivery[] };

function othersOf({ config, others }: Evidence): readonly Other[] {
  return config.destinations.flatMap((destination) => {
    const received = others.get(destination.name);
    if (received === undefined) return [];
    return [{ destination: destination as OtherDestination, received }];
  });
}

/** A platform beside the centre that did not get just what is its own. */
export function findWrongOwn(evidence: Evidence): string | null {
  for (const other of othersOf(evidence)) {
    const { name } = other.destination;
    const why =
      changedBytes(other.received) ??
      wrongReadings(other, evidence) ??
      wrongEvents(other, evidence);
    if (why !== null) return `${name}: ${why}`;
  }
  return null;
}

function wrongReadings({ destination, received }: Other, evidence: Evidence): string | null {
  const { readings } = destination.selection;
  if (readings === null) return null;
  const { points, everyMs } = readings;
  if (everyMs !== null) {
    return (
      wrongStream(received, "readings", null, evidence) ??
      wrongWindows(received, readings, evidence)
    );
  }
  const own = evidence.stored.flatMap(({ batch }) => selectedOf(batch, points) ?? []);
  const texts = own.map(({ series }) => seriesText(series));
  return wrongStream(received, "readings", texts, evidence);
}

function wrongEvents({ destination, received }: Other, evidence: Evidence): string | null {
  const { name, selection } = destination;
  const { events } = selection;
  if (events === null) return wrongShared(received, evidence);
  const own = evidence.storedEvents.filter(({ event }) => isSelected(events, event, name));
  const texts = own.map(({ event }) => eventText(event as unknown as Message));
  return wrongStream(received, "events", texts, evidence);
}

type Told = Pick<NonNullable<Message["series"]>[number], "point" | "t" | "v"> & {
  readonly q?: readonly string[] | null;
};

/** Series as they are compared: integers of 64 bits by the double that is nearest. */
function seriesText(series: readonly Told[]): string {
  const text = (value: unknown) => (typeof value === "bigint" ? Number(value) : value);
  const own = series.map(({ point, t, v, q }) => [point, t, v.map(text), q ?? "good"]);
  return JSON.stringify(own);
}

/** An event as it is compared: its times may be corrected. */
function eventText({ kind, alarm, subject, point, from, to, cause, outcome }: Message): string {
  return JSON.stringify([kind, alarm, subject, point, from, to, cause, outcome]);
}

/**
 * One stream of its own, without a gap that no event names; where `texts` are given, of just these
 * messages in their order.
 */
function wrongStream(
  received: readonly Delivery[],
  kind: "readings" | "events",
  texts: readonly string[] | null,
  evidence: Evidence,
): string | null {
  const messages = inOrder(received, kind).map(({ message }) => message);
  const streams = [...new Set(messages.map(({ stream }) => stream))];
  const [stream] = streams;
  if (streams.length > 1) return `${kind} came in the streams ${streams.join(", ")}`;
  const bySeq = new Map(messages.map((message) => [message.seq, message]));
  const head = texts?.length ?? messages.at(-1)?.seq ?? 0;
  const told = stream === undefined ? new Set<number>() : toldOf(stream, evidence);
  for (let seq = 1; seq <= head; seq++) {
    const message = bySeq.get(seq);
    if (message === undefined) {
      if (told.has(seq)) continue;
      return `${kind} ${seq} of ${head} is its own and never came, which no event says`;
    }
    const text = texts?.[seq - 1];
    if (text === undefined) continue;
    const came = message.series === undefined ? eventText(message) : seriesText(message.series);
    if (text !== came) return `${kind} ${seq} came as ${came} and was stored as ${text}`;
  }
  const beyond = messages.find(({ seq }) => seq > head);
  return beyond === undefined ? null : `${kind} ${beyond.seq} is not its own`;
}

/** The seqs of `stream` that had to go, as an event tells or is going to at the next start. */
function toldOf(stream: string, { deliveries, storedEvents, ledger }: Evidence): Set<number> {
  const events = inOrder(deliveries, "events").map(({ message }) => message);
  const stored = storedEvents.map(({ event }) => event as unknown as Message);
  const named = [...events, ...stored].flatMap((message) =>
    droppedBy(stream as "readings", message),
  );
  const later = (ledger?.untold.queued ?? [])
    .filter((each) => each.stream === stream)
    .flatMap(({ seqs }) => seqs.flatMap(({ from, to }) => seqsOf(from, to)));
  return new Set([...named, ...later]);
}

/** Events come with the ledger's own seqs where none are selected. */
function wrongShared(received: readonly Delivery[], { ledger, dropped }: Evidence): string | null {
  const seqs = new Set(messagesOf(received, "events").map(({ message }) => message.seq));
  const gone = dropped.filter(({ stream }) => stream === "events");
  const head = ledger?.heads.events ?? 0;
  const missing = seqsOf(1, head).find((seq) => !seqs.has(seq) && !isIn(gone, seq));
  return missing === undefined ? null : `event ${missing} of ${head} never came`;
}

/** How long behind its end a window is surely told, in milliseconds. */
const SURELY_MS = 10_000;

/**
 * Every good reading is counted in one window of its point, but for those of windows that may be open
 * yet. Where rows had to go for want of room, and their events say so, fewer may be.
 */
function wrongWindows(
  received: readonly Delivery[],
  { points, everyMs }: ReadingSelection,
  evidence: Evidence,
): string | null {
  const messages = inOrder(received, "readings").map(({ message }) => message);
  const told = messages[0] === undefined ? 0 : toldOf(messages[0].stream, evidence).size;
  const isWhole = told + evidence.dropped.length + evidence.thinned.length === 0;
  const series = messages.flatMap(({ series = [] }) => series);
  const surelyMs = evidence.end - (everyMs ?? 0) - SURELY_MS;
  for (const id of points) {
    const counts = series.filter(({ point }) => point === id).flatMap(({ n = [] }) => n);
    const found = counts.reduce((sum, n) => sum + n, 0);
    const most = goodsOf(id, Infinity, evidence);
    const least = isWhole ? goodsOf(id, surelyMs, evidence) : 0;
    if (found < least || found > most) {
      return `the windows of ${id} count ${found} readings, of ${least} to ${most} that are good`;
    }
  }
  return null;
}

/** How many good readings of `id` were stored that are from before `uptime`. */
function goodsOf(id: string, uptime: number, { stored }: Evidence): number {
  const qualities = stored
    .filter(({ batch }) => (batch.uptime ?? 0) < uptime)
    .flatMap(({ batch }) => batch.series.filter(({ point }) => point === id))
    .flatMap(({ t, q }): readonly string[] => q ?? t.map(() => "good"));
  return qualities.filter((quality) => quality === "good").length;
}
