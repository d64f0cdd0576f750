import type { Link } from "../../edge/core/link.ts";
import type { Reason } from "../../edge/core/reading.ts";
import type { UptimeMs } from "../../edge/core/time.ts";
import {
  type PduOutcome,
  type PduRequest,
  type ReadOutcome,
  type ReadRequest,
  SESSION_QUEUE_MAX,
  type Session,
  type SessionCounters,
  type WriteOutcome,
  type WriteRequest,
} from "../driver.ts";
import type { QueryOutcome, QueryRequest } from "../query.ts";
import { joined } from "./framer.ts";
import { frameLength, HEADER, transactionOf } from "./tcp-framer.ts";

/** A session that can write, query and send anything, and tells of requests that came to nothing. */
export type Lane = Session &
  Required<Pick<Session, "write" | "query" | "exchange">> & {
    onFailure: (reason: Reason, at: UptimeMs) => void;
  };

/** Opens one lane on its part of the link. */
export type OpenLane = (link: Link) => Lane;

/** How bytes come: in a stream, or each frame by itself. */
export type Carriage = "stream" | "datagrams";

/**
 * A connection on which several requests may be under way at a time (Modbus messaging on TCP/IP
 * V1.0b, 4.3.2: MaxClientTransaction). Each lane is a session of its own, asked one request at a
 * time; a frame goes to the lane that began its transaction. So answers may come in any order, and
 * what becomes of one request is nothing to the others.
 */
export class Lanes implements Lane {
  readonly inFlight: number;
  readonly closed: Promise<string>;
  readonly #lanes: readonly Lane[];
  /** Those that have nothing to do, the one that has waited the longest first. */
  readonly #free: Lane[];
  /** Reads that wait for a lane, in order. */
  readonly #queue: ((lane: Lane) => void)[] = [];

  /** `open` is called once for each of `count` lanes, whose transactions must be numbered together. */
  constructor(link: Link, count: number, carriage: Carriage, open: OpenLane) {
    const sorter = new Sorter(link, count, carriage);
    this.inFlight = count;
    this.#lanes = sorter.lanes.map((lane) => open(lane));
    this.#free = [...this.#lanes];
    this.closed = Promise.race(this.#lanes.map(({ closed }) => closed));
  }

  get readyAt(): UptimeMs {
    return this.#first.readyAt;
  }

  read(request: ReadRequest, signal: AbortSignal): Promise<ReadOutcome> {
    return this.#onFree(request.device, (lane) => lane.read(request, signal));
  }

  write(request: WriteRequest, signal: AbortSignal, isOff?: () => boolean): Promise<WriteOutcome> {
    return this.#onFree(request.device, (lane) => lane.write(request, signal, isOff));
  }

  exchange(request: PduRequest, signal: AbortSignal): Promise<PduOutcome> {
    return this.#onFree(request.device, (lane) => lane.exchange(request, signal));
  }

  query(request: QueryRequest, signal: AbortSignal): Promise<QueryOutcome> {
    return this.#onFree(request.device, (lane) => lane.query(request, signal));
  }

  /** Has the next lane that is free do `work`. */
  async #onFree<Outcome>(device: string, work: (lane: Lane) => Promise<Outcome>): Promise<Outcome> {
    if (this.#queue.length >= SESSION_QUEUE_MAX) {
      throw new Error(`more than ${SESSION_QUEUE_MAX} requests wait for the bus of ${device}`);
    }
    const lane = this.#free.shift() ?? (await this.#nextFree());
    try {
      return await work(lane);
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#free.push(lane);
      else next(lane);
    }
  }

  #nextFree(): Promise<Lane> {
    const { promise, resolve } = Promise.withResolvers<Lane>();
    this.#queue.push(resolve);
    return promise;
  }

  set onFailure(tell: Lane["onFailure"]) {
    for (const lane of this.#lanes) lane.onFailure = tell;
  }

  get onFailure(): Lane["onFailure"] {
    return this.#first.onFailure;
  }

  /** The lanes hold a unit back together. */
  notBefore(unit: number): UptimeMs {
    return this.#first.notBefore(unit);
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }

  counters(): SessionCounters {
    return this.#lanes.map((lane) => lane.counters()).reduce(sum);
  }

  get #first(): Lane {
    return this.#lanes[0] as Lane;
  }
}

/** Gives each lane the frames whose transactions it began; what has no owner goes to the first. */
class Sorter {
  readonly lanes: readonly LaneLink[];
  /** The lane that last began each transaction. */
  readonly #owners = new Uint8Array(0x1_0000);
  /** What came of a frame that is not whole. */
  #bytes = new Uint8Array(0);

  constructor(link: Link, count: number, carriage: Carriage) {
    this.lanes = Array.from(
      { length: count },
      (_, index) =>
        new LaneLink(link, (frame) => {
          this.#owners[transactionOf(frame)] = index;
        }),
    );
    link.onData = (bytes) => {
      if (carriage === "datagrams") this.#give(bytes);
      else this.#cut(bytes);
    };
  }

  #cut(bytes: Uint8Array): void {
    this.#bytes = joined(this.#bytes, bytes);
    const frames: Uint8Array[] = [];
    let rest = this.#bytes.subarray(0);
    while (rest.length >= HEADER) {
      // After a header that cannot be, nothing can be cut: the lane that gets it says so.
      const end = frameLength(rest) ?? rest.length;
      if (end > rest.length) break;
      frames.push(rest.slice(0, end));
      rest = rest.subarray(end);
    }
    // Once for all of them: a peer may send many.
    this.#bytes = rest.slice();
    for (const frame of frames) this.#give(frame);
  }

  #give(frame: Uint8Array): void {
    const isFrame = frameLength(frame) === frame.length;
    const owner = isFrame ? (this.#owners[transactionOf(frame)] as number) : 0;
    this.lanes[owner]?.onData?.(frame);
  }
}

/** One lane's part of the link. */
class LaneLink implements Link {
  onData: ((bytes: Uint8Array) => void) | null = null;
  readonly closed: Promise<string>;
  readonly #link: Link;
  readonly #onWrite: (frame: Uint8Array) => void;

  constructor(link: Link, onWrite: (frame: Uint8Array) => void) {
    this.closed = link.closed;
    this.#link = link;
    this.#onWrite = onWrite;
  }

  write(frame: Uint8Array): void {
    this.#onWrite(frame);
    this.#link.write(frame);
  }

  close(): void {
    this.#link.close();
  }
}

function sum(a: SessionCounters, b: SessionCounters): SessionCounters {
  return {
    requests: a.requests + b.requests,
    timeouts: a.timeouts + b.timeouts,
    crcErrors: a.crcErrors + b.crcErrors,
    exceptions: a.exceptions + b.exceptions,
    malformed: a.malformed + b.malformed,
    discardedBytes: a.discardedBytes + b.discardedBytes,
    lateAnswers: a.lateAnswers + b.lateAnswers,
    unsolicited: a.unsolicited + b.unsolicited,
  };
}
