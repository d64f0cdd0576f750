import { parseMessage, type ReadingsMessage } from "../receiver/message.ts";
import type { Archived } from "./archive.ts";
import type { Span } from "./supervisor.ts";

/** When the gateway's clock was off, by the true clock, and by how much. */
export type OffClock = Span & { readonly offMs: number };

/** One reading of a centre's archive. */
export type Row = {
  readonly point: string;
  readonly seq: number;
  readonly at: number;
  readonly isTimeKnown: boolean;
  readonly value: unknown;
  readonly quality: string;
};

/** One event of an alarm; `at` by the true clock. */
export type AlarmRow = {
  readonly alarm: string;
  readonly seq: number;
  readonly at: number;
  readonly to: string;
  readonly value: unknown;
};

/** What a centre has, each message once and in the order of the seqs; of one stream each. */
export type Content = {
  readonly readings: readonly Row[];
  readonly alarms: readonly AlarmRow[];
  /** What befell the buffer, as the events say. */
  readonly buffer: readonly string[];
};

/** Clocks are read one after the other, in milliseconds. */
const NEAR_MS = 3_000;

/** Reads an archive; what is no message of contract v1 is left to the audit. */
export function contentOf(archive: readonly Archived[], offClocks: readonly OffClock[]): Content {
  const readings = new Map<string, ReadingsMessage>();
  const events = new Map<
    string,
    { readonly alarm: AlarmRow | null; readonly text: string | null }
  >();
  for (const { topic, payload } of archive) {
    const parsed = parseMessage(topic, payload);
    if (parsed.kind === "invalid" || parsed.message.kind === "status") continue;
    const { message } = parsed;
    const key = `${message.stream}/${String(message.seq).padStart(10, "0")}`;
    if (message.kind === "readings") {
      readings.set(key, message);
      continue;
    }
    const { alarm, seq, clock } = message;
    const at = clock === "unsynced" ? trueTime(message.at, offClocks) : message.at;
    const row = alarm && { alarm: alarm.alarm, seq, at, to: alarm.to, value: alarm.value };
    events.set(key, { alarm: row, text: bufferTextOf(payload) });
  }
  const told = sorted(events);
  return {
    readings: sorted(readings).flatMap(rowsOf),
    alarms: told.flatMap(({ alarm }) => alarm ?? []),
    buffer: told.flatMap(({ text }) => text ?? []),
  };
}

function sorted<T>(byKey: ReadonlyMap<string, T>): readonly T[] {
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

function rowsOf({ at, clock, seq, series }: ReadingsMessage): readonly Row[] {
  return series.flatMap(({ point, t, v, q }) =>
    t.map((offset, i) => ({
      point,
      seq,
      at: at + offset,
      isTimeKnown: clock !== "unsynced",
      value: v[i] ?? null,
      quality: q?.[i] ?? "good",
    })),
  );
}

/** What a clock that was off called `at`. */
function trueTime(at: number, offClocks: readonly OffClock[]): number {
  const candidates = offClocks.map(({ from, to, offMs }) => ({ from, to, is: at - offMs }));
  const fitting = candidates.find(({ from, to, is }) => from - NEAR_MS <= is && is <= to + NEAR_MS);
  return fitting?.is ?? at;
}

function bufferTextOf(payload: Uint8Array): string | null {
  const { kind, to, detail } = JSON.parse(Buffer.from(payload).toString()) as {
    readonly kind: string;
    readonly to?: string;
    readonly detail?: unknown;
  };
  if (kind !== "buffer") return null;
  return detail === undefined ? `${to}` : `${to} ${JSON.stringify(detail)}`;
}
