import type { Link } from "../../edge/core/link.ts";
import type { Reason } from "../../edge/core/reading.ts";
import { after, type Clock, type UptimeMs } from "../../edge/core/time.ts";
import type {
  PduOutcome,
  PduRequest,
  ReadOutcome,
  ReadRequest,
  Session,
  SessionCounters,
  WriteOutcome,
  WriteRequest,
} from "../driver.ts";
import type { QueryOutcome, QueryRequest } from "../query.ts";
import { shapeOfRead } from "./copies.ts";
import { withCrc } from "./crc16.ts";
import { Dialogue } from "./dialogue.ts";
import { type Framer, isPredictable } from "./framer.ts";
import { Haste } from "./haste.ts";
import type { Holds } from "./holds.ts";
import {
  type Ending,
  endingOf,
  type Heard,
  pduOutcome,
  queryOutcome,
  rawEnding,
  readOutcome,
  writeOutcome,
} from "./outcomes.ts";
import { NOTHING_HEARD, Overhearing } from "./overhearing.ts";
import { PduCodec } from "./pdu-codec.ts";
import type { Addressee, Order, Pace } from "./pending.ts";
import { Turns } from "./turns.ts";

/**
 * One Modbus line, asked one request at a time: what is wanted as requests, and what came of them
 * as outcomes. Whatever goes wrong is an outcome with its reason.
 */
export class ModbusSession implements Session {
  readonly readyAt: UptimeMs;
  readonly closed: Promise<string>;
  readonly flush?: () => void;
  readonly #clock: Clock;
  readonly #holds: Holds;
  readonly #dialogue: Dialogue;
  readonly #codec = new PduCodec();
  readonly #turns = new Turns();
  /** The codec knows what was asked last. */
  readonly #decoded = (heard: Heard) => endingOf(this.#codec.decode(heard.adu), heard);
  /** Told of each request that came to nothing. */
  onFailure: (reason: Reason, at: UptimeMs) => void = () => {};

  constructor(
    link: Link,
    clock: Clock,
    framer: Framer,
    holds: Holds,
    pace: Pace,
    haste: Haste = new Haste(),
  ) {
    const onFailure = (reason: Reason, at: UptimeMs) => this.onFailure(reason, at);
    this.#clock = clock;
    this.#holds = holds;
    this.#dialogue = new Dialogue({ link, clock, framer, holds, pace, haste, onFailure });
    this.closed = this.#dialogue.closed;
    this.readyAt = after(clock.uptime(), pace.oldAnswersMs);
    if (link.flush !== undefined) this.flush = () => link.flush?.();
  }

  async read(request: ReadRequest, signal: AbortSignal): Promise<ReadOutcome> {
    const encode = () => this.#codec.encode(request);
    const isRepeatable = () => !request.points.some(({ point }) => point.readClears === true);
    const order = { encode, endingOf: this.#decoded, isRepeatable };
    return readOutcome(request, await this.#ask(request, order, signal));
  }

  async write(
    request: WriteRequest,
    signal: AbortSignal,
    isOff = () => false,
  ): Promise<WriteOutcome> {
    const encode = () => this.#codec.encodeWrite(request);
    const order = { encode, endingOf: this.#decoded, isOff };
    return writeOutcome(await this.#ask(request, order, signal));
  }

  async exchange(request: PduRequest, signal: AbortSignal): Promise<PduOutcome> {
    const frame = withCrc(Uint8Array.of(request.unit, ...request.pdu));
    const isOpen = !isPredictable(frame);
    const order = { encode: () => frame, endingOf: rawEnding, isOpen };
    return pduOutcome(await this.#ask(request, order, signal));
  }

  async query(request: QueryRequest, signal: AbortSignal): Promise<QueryOutcome> {
    let overhearing: Overhearing | null = null;
    const encode = () => this.#codec.encodeQuery(request);
    const overhear = (bytes: Uint8Array) => {
      overhearing = new Overhearing(bytes, this.#clock.uptime());
      return overhearing;
    };
    const order = { encode, endingOf: this.#decoded, isRepeatable: () => true, overhear };
    const ending = await this.#ask(request, order, signal);
    const heard = (overhearing as Overhearing | null)?.heardBy(ending.uptime) ?? NOTHING_HEARD;
    return queryOutcome(ending, heard);
  }

  notBefore(unit: number): UptimeMs {
    return this.#holds.until(unit);
  }

  clearAt(request: ReadRequest): UptimeMs {
    return this.#holds.untilClear(shapeOfRead(request));
  }

  close(): void {
    this.#dialogue.end("closed by the gateway");
  }

  counters(): SessionCounters {
    return this.#dialogue.counters();
  }

  /** Sends what is ordered when it is its turn; an operating error is an ending. */
  #ask(whom: Addressee, order: Order, signal: AbortSignal): Promise<Ending> {
    return this.#turns.take(whom.device, () => this.#dialogue.ask(whom, order, signal));
  }
}
