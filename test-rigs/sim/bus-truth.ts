import type { UptimeMs, WallMs } from "../../edge/core/time.ts";
import type { Raw } from "./signal.ts";

/** A request as the gateway put it on the bus. */
export type RequestTruth = {
  readonly bus: string;
  /** From 0, in the order of sending. */
  readonly index: number;
  readonly unit: number;
  readonly pdu: Uint8Array;
  /** Ids of the points that it reads; empty where no device was meant. */
  readonly points: readonly string[];
  /** When its first byte began. */
  readonly at: UptimeMs;
  readonly wall: WallMs;
  /** When its last byte was over. */
  readonly end: UptimeMs;
  /** Which life of the gateway sent it, from 1. */
  readonly life: number;
  /** What befell its answer; null while it is not decided. */
  fault: string | null;
  /** When the gateway received the first byte after this request, or null. */
  heardAt: UptimeMs | null;
};

/** A frame that a device really put on the bus, and how it arrived. */
export type AnswerTruth = {
  readonly request: RequestTruth;
  readonly pdu: Uint8Array;
  /** What each point held; empty for an exception. */
  readonly raws: ReadonlyMap<string, Raw>;
  /** What it refused with; null where it did what it was asked. */
  readonly exception: number | null;
  /** True when the frame arrives as the device made it (whatever surrounds it). */
  isIntact: boolean;
  /** When its last byte was handed to the gateway; null when that never happened. */
  deliveredAt: UptimeMs | null;
  deliveredWall: WallMs | null;
  /**
   * Index of the request that the gateway then waited for: the latest on the bus, or where several
   * may be under way the answer's own while it was one of them.
   */
  latestRequest: number | null;
};

/** One time that the gateway opened the bus, or was refused. */
export type OpeningTruth = {
  /** Which life of the gateway it was, from 1. */
  readonly life: number;
  /** When it was open, or refused. */
  readonly at: UptimeMs;
  readonly isRefused: boolean;
  /** When it was closed again, by whomever; null while it is open. */
  closedAt: UptimeMs | null;
};

/** Something that the gateway did on the bus and must never do. */
export type BusViolation = { readonly at: UptimeMs; readonly rule: string; readonly text: string };

/** Everything that was really said on one bus. */
export class BusTruth {
  readonly bus: string;
  readonly openings: OpeningTruth[] = [];
  readonly requests: RequestTruth[] = [];
  readonly answers: AnswerTruth[] = [];
  readonly violations: BusViolation[] = [];

  constructor(bus: string) {
    this.bus = bus;
  }

  note(request: Omit<RequestTruth, "bus" | "index" | "fault" | "heardAt">): RequestTruth {
    const index = this.requests.length;
    const noted = { ...request, bus: this.bus, index, fault: null, heardAt: null };
    this.requests.push(noted);
    return noted;
  }

  /** A device that holds `held` answers `pdu` to `request`. */
  answer(request: RequestTruth, pdu: Uint8Array, held: ReadonlyMap<string, Raw>): AnswerTruth {
    const isException = ((pdu[0] as number) & 0x80) !== 0;
    const exception = isException ? (pdu[1] as number) : null;
    const raws = isException ? new Map<string, Raw>() : held;
    const arrival = { deliveredAt: null, deliveredWall: null, latestRequest: null };
    const answer = { request, pdu, raws, exception, isIntact: true, ...arrival };
    this.answers.push(answer);
    return answer;
  }

  /**
   * Bytes reach the gateway; `completed` are the answers whose last byte is among them. `underWay`
   * are the requests that it waits for where they may be several, else null.
   */
  heard(
    at: UptimeMs,
    wall: WallMs,
    completed: readonly AnswerTruth[],
    underWay: ReadonlySet<RequestTruth> | null = null,
  ): void {
    const latest = this.requests.at(-1);
    if (latest !== undefined) latest.heardAt ??= at;
    for (const answer of completed) {
      // The second time it is nobody's.
      if (answer.deliveredAt !== null) continue;
      answer.deliveredAt = at;
      answer.deliveredWall = wall;
      const awaited = underWay?.has(answer.request) ? answer.request : undefined;
      answer.latestRequest = (underWay === null ? latest : awaited)?.index ?? null;
    }
  }

  violate(at: UptimeMs, rule: string, text: string): void {
    this.violations.push({ at, rule, text });
  }
}
