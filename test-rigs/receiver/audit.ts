import { createHash } from "node:crypto";
import type { AlarmStateName, Severity } from "../../edge/core/alarm.ts";
import {
  firstMissing,
  hasSeq,
  missingCount,
  type SeqSet,
  withSeq,
} from "../../edge/core/seq-set.ts";
import {
  type EventMessage,
  type Message,
  parseMessage,
  type ReadingsMessage,
  type ReceivedValue,
} from "./message.ts";

/** What became of a message that was handed to the audit. */
export type Verdict =
  | { readonly kind: "new"; readonly message: Message }
  /** A key seen before with the same bytes: to be dropped. */
  | { readonly kind: "repeated"; readonly message: Message }
  /** A key seen before with other bytes: the contract is broken. */
  | { readonly kind: "conflict"; readonly message: Message }
  | { readonly kind: "invalid"; readonly why: string };

/** What is known of one numbered sequence: `readings` (with `backlog`) or `events`. */
export type StreamReport = {
  readonly stream: string;
  /** Messages received, repeated ones too. */
  readonly messages: number;
  /** Different seqs received. */
  readonly distinct: number;
  readonly highest: number;
  /** Seqs from 1 to the highest that have not come. */
  readonly gaps: number;
  /** The lowest seq that has not come. */
  readonly nextExpected: number;
  /** Messages whose key had been seen before, with the same bytes. */
  readonly duplicates: number;
  /** Messages whose key had been seen before, with other bytes. */
  readonly conflicts: number;
  /** Messages that came after one with a higher seq. */
  readonly late: number;
};

/** The newest reading of a point by time of acquisition. */
export type LatestReading = {
  readonly point: string;
  readonly unit: string | null;
  readonly value: ReceivedValue;
  readonly quality: string;
  readonly at: number;
};

/** The causes of an event that say that a condition has come. */
const CONDITIONS: ReadonlySet<string> = new Set([
  ...["high", "low", "equal", "deviation", "rate", "bad", "silent", "expression", "vote"],
]);

/** Where the newest event of an alarm stands: in which of the streams as they came, and at which seq. */
type AlarmPlace = { readonly age: number; readonly seq: number };

/** The state of an alarm after its event with the highest seq of the newest stream. */
export type ReceivedAlarm = {
  readonly alarm: string;
  readonly point: string;
  readonly severity: Severity;
  readonly state: AlarmStateName;
  readonly at: number;
};

/** All that the centre knows of one gateway. */
export type GatewayReport = {
  readonly gateway: string;
  readonly state: "online" | "offline" | "unknown";
  readonly readings: readonly StreamReport[];
  readonly events: readonly StreamReport[];
  /** Messages on the topics `readings` and `backlog`, without repeated ones. */
  readonly live: number;
  readonly backlog: number;
  /** Readings of all messages, repeated ones left out. */
  readonly readingCount: number;
  /** How many of them were not known values. */
  readonly badCount: number;
  readonly points: readonly LatestReading[];
  readonly alarms: readonly ReceivedAlarm[];
  /** For each severity, how often an alarm was raised. */
  readonly raised: Readonly<Record<Severity, number>>;
};

/**
 * How a centre keeps account of contract v1: in any order and with any repetition of messages,
 * what was received, what is missing, and the newest value of each point. Does no I/O.
 */
export class Audit {
  readonly #gateways = new Map<string, GatewayAccount>();
  #invalid = 0;

  /** Messages that are not of contract v1. */
  get invalid(): number {
    return this.#invalid;
  }

  /** Takes one message as it came from the broker. */
  take(topic: string, payload: Uint8Array): Verdict {
    const parsed = parseMessage(topic, payload);
    if (parsed.kind === "invalid") {
      this.#invalid += 1;
      return parsed;
    }
    const { message } = parsed;
    let account = this.#gateways.get(message.gateway);
    if (account === undefined) {
      account = new GatewayAccount(message.gateway);
      this.#gateways.set(message.gateway, account);
    }
    return { kind: account.take(message, payload), message };
  }

  /** The account of `gateway`, null when nothing came from it. */
  report(gateway: string): GatewayReport | null {
    return this.#gateways.get(gateway)?.report() ?? null;
  }

  /** Every gateway that a message came from. */
  gateways(): readonly string[] {
    return [...this.#gateways.keys()];
  }
}

class GatewayAccount {
  readonly #gateway: string;
  readonly #streams = { readings: new Map<string, Stream>(), events: new Map<string, Stream>() };
  readonly #points = new Map<string, LatestReading>();
  readonly #alarms = new Map<string, ReceivedAlarm & { readonly place: AlarmPlace }>();
  readonly #raised: Record<Severity, number> = { blue: 0, yellow: 0, orange: 0, red: 0 };
  #state: GatewayReport["state"] = "unknown";
  #live = 0;
  #backlog = 0;
  #readingCount = 0;
  #badCount = 0;

  constructor(gateway: string) {
    this.#gateway = gateway;
  }

  take(message: Message, payload: Uint8Array): "new" | "repeated" | "conflict" {
    if (message.kind === "status") {
      this.#state = message.state;
      return "new";
    }
    const streams = this.#streams[message.kind];
    let stream = streams.get(message.stream);
    if (stream === undefined) {
      stream = new Stream(message.stream);
      streams.set(message.stream, stream);
    }
    const verdict = stream.take(message.seq, payload);
    if (verdict !== "new") return verdict;
    if (message.kind === "readings") this.#takeReadings(message);
    else this.#takeEvent(message);
    return "new";
  }

  #takeReadings(message: ReadingsMessage): void {
    if (message.topic === "backlog") this.#backlog += 1;
    else this.#live += 1;
    for (const { point, unit, t, v, q } of message.series) {
      this.#readingCount += t.length;
      for (const [i, offset] of t.entries()) {
        const quality = q?.[i] ?? "good";
        if (quality.startsWith("bad:")) this.#badCount += 1;
        const at = message.at + offset;
        if (at < (this.#points.get(point)?.at ?? -Infinity)) continue;
        this.#points.set(point, { point, unit, value: v[i] ?? null, quality, at });
      }
    }
  }

  #takeEvent({ stream, seq, alarm, at }: EventMessage): void {
    if (alarm === null) return;
    // Of what is shelved or suppressed nobody is called.
    const raised = CONDITIONS.has(alarm.cause) && alarm.active === undefined;
    if (raised) this.#raised[alarm.severity] += 1;
    // A new buffer counts from 1 again: what comes by its stream is newer than all of the one before.
    const place = { age: [...this.#streams.events.keys()].indexOf(stream), seq };
    const last = this.#alarms.get(alarm.alarm)?.place ?? place;
    if (place.age < last.age || (place.age === last.age && seq < last.seq)) return;
    const { alarm: name, point, severity, to: state } = alarm;
    this.#alarms.set(name, { alarm: name, point, severity, state, at, place });
  }

  report(): GatewayReport {
    const reports = (streams: Map<string, Stream>) =>
      Array.from(streams.values(), (s) => s.report());
    return {
      gateway: this.#gateway,
      state: this.#state,
      readings: reports(this.#streams.readings),
      events: reports(this.#streams.events),
      live: this.#live,
      backlog: this.#backlog,
      readingCount: this.#readingCount,
      badCount: this.#badCount,
      points: [...this.#points.values()],
      alarms: Array.from(this.#alarms.values(), ({ place: _, ...alarm }) => alarm),
      raised: { ...this.#raised },
    };
  }
}

/** Payloads remembered per stream, to compare a repeated key's bytes; older ones are trusted. */
const DIGESTS_KEPT = 100_000;

class Stream {
  readonly #stream: string;
  readonly #digests = new Map<number, string>();
  #seen: SeqSet = [];
  #distinct = 0;
  #duplicates = 0;
  #conflicts = 0;
  #late = 0;

  constructor(stream: string) {
    this.#stream = stream;
  }

  take(seq: number, payload: Uint8Array): "new" | "repeated" | "conflict" {
    const digest = createHash("sha256").update(payload).digest("base64");
    if (!hasSeq(this.#seen, seq)) {
      if (seq < this.#highest()) this.#late += 1;
      this.#seen = withSeq(this.#seen, seq);
      this.#distinct += 1;
      this.#remember(seq, digest);
      return "new";
    }
    if ((this.#digests.get(seq) ?? digest) === digest) {
      this.#duplicates += 1;
      return "repeated";
    }
    this.#conflicts += 1;
    return "conflict";
  }

  report(): StreamReport {
    const highest = this.#highest();
    return {
      stream: this.#stream,
      messages: this.#distinct + this.#duplicates + this.#conflicts,
      distinct: this.#distinct,
      highest,
      gaps: missingCount(this.#seen, highest),
      nextExpected: firstMissing(this.#seen, 1),
      duplicates: this.#duplicates,
      conflicts: this.#conflicts,
      late: this.#late,
    };
  }

  #highest(): number {
    return this.#seen.at(-1)?.to ?? 0;
  }

  #remember(seq: number, digest: string): void {
    this.#digests.set(seq, digest);
    if (this.#digests.size <= DIGESTS_KEPT) return;
    const [oldest] = this.#digests.keys();
    if (oldest !== undefined) this.#digests.delete(oldest);
  }
}
