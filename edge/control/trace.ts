import { FlightRecorder } from "../../drivers/flight-recorder.ts";
import type { WireRecord } from "../../drivers/wire-text.ts";
import type { Clock, UptimeMs, WallMs } from "../core/time.ts";

/** At most so many records are told in one answer: who gets so many asks again at once. */
export const TRACE_MAX = 250;

/** A record as the control socket carries it. */
export type TraceRecord = {
  readonly kind: WireRecord["kind"];
  readonly fromUs: number;
  readonly untilUs: number;
  /** The bytes in hex; empty for a failure. */
  readonly hex: string;
  /** Why a request came to nothing; null for bytes. */
  readonly reason: string | null;
};

/** What went over a bus. Stable: other programs read it. */
export type Trace = {
  readonly v: 1;
  /** When the gateway began: since then records have been numbered from 0. */
  readonly since: WallMs;
  /** The record to ask for next. */
  readonly next: number;
  /** Records asked for that have been overwritten. */
  readonly missed: number;
  /** One moment in both times: the records' microseconds are of uptime. */
  readonly at: WallMs;
  readonly uptime: UptimeMs;
  readonly records: readonly TraceRecord[];
};

/** The recorders of a gateway's buses, and what they tell. */
export class FlightRecorders {
  readonly #recorders = new Map<string, FlightRecorder>();
  readonly #clock: Clock;
  readonly #since: WallMs;

  /** `since` is when the gateway began. */
  constructor(clock: Clock, since: WallMs) {
    this.#clock = clock;
    this.#since = since;
  }

  /** The recorder of `bus`, made when it is first asked for. */
  of(bus: string): FlightRecorder {
    const recorder = this.#recorders.get(bus) ?? new FlightRecorder();
    this.#recorders.set(bus, recorder);
    return recorder;
  }

  /** What `bus` holds from record `from` on (null: from now on); null where it has no recorder. */
  trace(bus: string, from: number | null): Trace | null {
    const recorder = this.#recorders.get(bus);
    if (recorder === undefined) return null;
    const uptime = this.#clock.uptime();
    const { records, next, missed } = recorder.since(from ?? recorder.next, TRACE_MAX, uptime);
    const moment = { at: this.#clock.now(), uptime };
    return { v: 1, since: this.#since, next, missed, ...moment, records: records.map(traceRecord) };
  }
}

function traceRecord(record: WireRecord): TraceRecord {
  const { kind, fromUs, untilUs } = record;
  if (record.kind === "failure") return { kind, fromUs, untilUs, hex: "", reason: record.reason };
  return { kind, fromUs, untilUs, hex: Buffer.from(record.bytes).toString("hex"), reason: null };
}

/** The record that the control socket carried. */
export function wireRecordOf({ kind, fromUs, untilUs, hex, reason }: TraceRecord): WireRecord {
  if (kind !== "failure") {
    return { kind, fromUs, untilUs, bytes: Uint8Array.from(Buffer.from(hex, "hex")) };
  }
  return {
    kind,
    fromUs,
    untilUs,
    reason: reason as Extract<WireRecord, { kind: "failure" }>["reason"],
  };
}
