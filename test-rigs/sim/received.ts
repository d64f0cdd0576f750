import type { AlarmStateName } from "../../edge/core/alarm.ts";
import type { Batch } from "../../edge/core/batch.ts";
import type { StreamKind } from "../../edge/core/ledger.ts";
import type { Value } from "../../edge/core/reading.ts";
import { seqSetIn } from "../../edge/core/seq-set.ts";
import type { Delivery } from "./broker.ts";

/** What a message of `readings`, `backlog` or `events` says, as far as it is looked at here. */
export type Message = {
  readonly stream: string;
  readonly seq: number;
  readonly clock: string;
  readonly at: number;
  readonly between?: readonly [number, number];
  readonly series?: readonly {
    readonly point: string;
    readonly unit: string | null;
    readonly t: readonly number[];
    readonly v: readonly (Value | null)[];
    readonly q?: readonly string[];
    /** Of a thinned series, in milliseconds, and what it tells more. */
    readonly window?: number;
    readonly min?: readonly (number | null)[];
    readonly max?: readonly (number | null)[];
    readonly mean?: readonly (number | null)[];
    readonly n?: readonly number[];
  }[];
  readonly kind?: string;
  readonly subject?: string;
  readonly alarm?: string;
  readonly interlock?: string;
  /** Of a write. */
  readonly point?: string;
  readonly outcome?: string;
  readonly from?: string;
  readonly to?: string;
  readonly cause?: string;
  readonly value?: Value | null;
  readonly setpoint?: number;
  readonly active?: boolean;
  readonly who?: string;
  /** Until when an alarm is shelved. */
  readonly until?: number;
  readonly detail?: Readonly<Record<string, number | string>>;
};

/** A message and how it came. */
export type Received = { readonly delivery: Delivery; readonly message: Message };

/** An event of an alarm. */
export type AlarmMessage = Message & {
  readonly alarm: string;
  readonly from: AlarmStateName;
  readonly to: AlarmStateName;
};

/** One reading as the centre got it. */
export type Got = {
  readonly point: string;
  readonly at: number;
  readonly value: Value | null;
  readonly quality: string;
};

/** The last part of the topic. */
export function topicOf({ topic }: Delivery): string {
  return topic.split("/").at(-1) ?? "";
}

/** Every message of one kind in the order in which it came, repeated ones too. */
export function messagesOf(deliveries: readonly Delivery[], kind: StreamKind): readonly Received[] {
  const topics = kind === "events" ? ["events"] : ["readings", "backlog"];
  return deliveries
    .filter((delivery) => topics.includes(topicOf(delivery)))
    .map((delivery) => ({ delivery, message: messageOf(delivery) }));
}

/** Messages that were looked at before: each is asked for by many. */
const known = new WeakMap<Delivery, Message>();

function messageOf(delivery: Delivery): Message {
  const message = known.get(delivery) ?? (JSON.parse(delivery.payload) as Message);
  known.set(delivery, message);
  return message;
}

/** The first message of each key, in the order of the streams and seqs. */
export function inOrder(deliveries: readonly Delivery[], kind: StreamKind): readonly Received[] {
  const byStream = new Map<string, Map<number, Received>>();
  for (const each of messagesOf(deliveries, kind)) {
    const { stream, seq } = each.message;
    const bySeq = byStream.get(stream) ?? new Map<number, Received>();
    byStream.set(stream, bySeq);
    if (!bySeq.has(seq)) bySeq.set(seq, each);
  }
  return [...byStream.values()].flatMap((bySeq) =>
    [...bySeq.values()].toSorted((a, b) => a.message.seq - b.message.seq),
  );
}

/** Every reading delivered as it was acquired, repeated messages left out, in the order of the seqs. */
export function readingsOf(deliveries: readonly Delivery[]): readonly Got[] {
  return inOrder(deliveries, "readings")
    .filter(({ message }) => !isThinned(message))
    .flatMap(({ message }) => readingsIn(message));
}

/** The readings of a message, or of a batch as it was stored. */
export function readingsIn({ at, series = [] }: Message | Batch): readonly Got[] {
  return series.flatMap(({ point, t, v, q }) =>
    t.map((offset, i) => ({
      point,
      at: at + offset,
      value: v[i] ?? null,
      quality: q?.[i] ?? "good",
    })),
  );
}

/** Every event of an alarm, in the order of the seqs. */
export function alarmsOf(deliveries: readonly Delivery[]): readonly AlarmMessage[] {
  return inOrder(deliveries, "events")
    .map(({ message }) => message)
    .filter((message): message is AlarmMessage => message.kind === "alarm");
}

/** The seqs of `stream` that had to go for want of room, as an event tells; mostly none. */
export function droppedBy(stream: StreamKind, { kind, to, detail }: Message): readonly number[] {
  const isDropped = to === "dropping" || to === "expiring";
  if (kind !== "buffer" || !isDropped || detail?.stream !== stream) return [];
  return namedBy(detail);
}

/** The seqs of readings that were thinned for want of room, as an event tells; mostly none. */
export function thinnedBy({ kind, to, detail }: Message): readonly number[] {
  return kind === "buffer" && to === "thinning" && detail !== undefined ? namedBy(detail) : [];
}

function namedBy({ fromSeq, toSeq, seqs }: NonNullable<Message["detail"]>): readonly number[] {
  const set = typeof seqs === "string" ? seqSetIn(seqs) : null;
  const ranges = set ?? [{ from: Number(fromSeq), to: Number(toSeq) }];
  return ranges.flatMap(({ from, to }) => seqsOf(from, to));
}

/** Whether `message` tells of what was thinned. */
export function isThinned({ series = [] }: Message): boolean {
  return series.some(({ window }) => window !== undefined);
}

/** Every seq from `from` to `to`. */
export function seqsOf(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
