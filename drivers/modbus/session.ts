import type { Link } from "../../edge/core/link.ts";
import type { Reason } from "../../edge/core/reading.ts";
import { after, type Clock, type UptimeMs } from "../../edge/core/time.ts";
import {
  type ReadOutcome,
  type ReadRequest,
  SESSION_QUEUE_MAX,
  type Session,
  type SessionCounters,
} from "../driver.ts";
import type { Found, Framer } from "./framer.ts";
import type { Holds } from "./holds.ts";
import { PduCodec } from "./pdu-codec.ts";
import { readingsOf } from "./readings.ts";

/** The timing of a line, in milliseconds. */
export type Pace = {
  /** From the end of a request to the whole answer. */
  readonly timeoutMs: number;
  /** Silence between two frames. */
  readonly silenceMs: number;
  /** How long to go on listening after an answer that is no good. */
  readonly settleMs: number;
  readonly transmitMs: (bytes: number) => number;
  /** How long after its opening the line may still bring answers to what was asked before. */
  readonly oldAnswersMs: number;
};

/** The request that is on the line. */
type Pending = {
  readonly request: ReadRequest;
  /** When it fails at the latest. */
  readonly latest: UptimeMs;
  /** When it fails if nothing better comes. */
  deadline: UptimeMs;
  /** Why it will fail then, where something came that is no good. */
  suspicion: "crc" | "malformed" | null;
  /** Whether the deadline is near: what came is surely the answer, and is no good. */
  isSettling: boolean;
  outcome: ReadOutcome | null;
};

type Counts = { -readonly [name in keyof SessionCounters]: SessionCounters[name] };

/** Why a wait was cut short: something happened, look again. */
const LOOK_AGAIN = new Error("something happened");

/**
 * One Modbus line, asked one request at a time. An answer that cannot be the pending request's is
 * never taken for it; whatever goes wrong is an outcome with its reason.
 */
export class ModbusSession implements Session {
  readonly readyAt: UptimeMs;
  readonly closed: Promise<string>;
  readonly #tellClosed: (why: string) => void;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #framer: Framer;
  readonly #holds: Holds;
  readonly #pace: Pace;
  /** Told of each request that came to nothing. */
  onFailure: (reason: Reason, at: UptimeMs) => void = () => {};
  readonly #codec = new PduCodec();
  readonly #counts: Counts = {
    requests: 0,
    timeouts: 0,
    crcErrors: 0,
    exceptions: 0,
    malformed: 0,
    discardedBytes: 0,
    lateAnswers: 0,
    unsolicited: 0,
  };
  #isClosed = false;
  #waiting = 0;
  #lastTurn: Promise<void> = Promise.resolve();
  #pending: Pending | null = null;
  /** Wakes the read whose turn it is. */
  #wake: () => void = () => {};
  /** When the last byte was sent or seen. */
  #busyUntil = 0 as UptimeMs;

  constructor(link: Link, clock: Clock, framer: Framer, holds: Holds, pace: Pace) {
    this.#link = link;
    this.#clock = clock;
    this.#framer = framer;
    this.#holds = holds;
    this.#pace = pace;
    this.readyAt = after(clock.uptime(), pace.oldAnswersMs);
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.#tellClosed = resolve;
    link.onData = (bytes) => this.#receive(bytes);
    void link.closed.then((why) => this.#end(why));
  }

  async read(request: ReadRequest, signal: AbortSignal): Promise<ReadOutcome> {
    if (this.#waiting > SESSION_QUEUE_MAX) {
      throw new Error(`more than ${SESSION_QUEUE_MAX} reads wait for the bus of ${request.device}`);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const turn = this.#lastTurn;
    this.#lastTurn = promise;
    this.#waiting++;
    try {
      await turn;
      return await this.#readNow(request, signal);
    } finally {
      this.#waiting--;
      resolve();
    }
  }

  notBefore(unit: number): UptimeMs {
    return this.#holds.until(unit);
  }

  close(): void {
    this.#end("closed by the gateway");
  }

  counters(): SessionCounters {
    return { ...this.#counts, discardedBytes: this.#framer.discarded };
  }

  #end(why: string): void {
    this.#isClosed = true;
    this.#tellClosed(why);
    this.#link.close();
    this.#wake();
  }

  async #readNow(request: ReadRequest, signal: AbortSignal): Promise<ReadOutcome> {
    const wake = () => this.#wake();
    signal.addEventListener("abort", wake, { once: true });
    try {
      const isFree = await this.#untilFree(request.unit, signal);
      if (this.#isClosed) return this.#failure("link-closed");
      if (!isFree) return this.#failure("timeout");
      return await this.#exchange(request, signal);
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }

  /**
   * Waits until `unit` is not held back and the line has been silent for 3.5 characters (Modbus
   * over serial line V1.02, 2.5.1.1), or the link is closed. False where the line does not fall
   * silent within the time-out.
   */
  async #untilFree(unit: number, signal: AbortSignal): Promise<boolean> {
    let since: UptimeMs | null = null;
    for (;;) {
      signal.throwIfAborted();
      if (this.#isClosed) return false;
      const now = this.#clock.uptime();
      const held = this.#holds.until(unit);
      const silent = after(this.#busyUntil, this.#pace.silenceMs);
      if (held <= now && silent <= now) return true;
      // Being held back is no fault of the line: its time counts from then on.
      since = held > now ? null : (since ?? now);
      if (since !== null && now >= after(since, this.#pace.timeoutMs)) return false;
      await this.#waitUntil(held > now ? held : silent);
    }
  }

  async #exchange(request: ReadRequest, signal: AbortSignal): Promise<ReadOutcome> {
    const bytes = this.#framer.ask(this.#codec.encode(request));
    const sent = after(this.#clock.uptime(), this.#pace.transmitMs(bytes.length));
    const latest = after(sent, this.#pace.timeoutMs);
    const pending: Pending = {
      request,
      latest,
      deadline: latest,
      suspicion: null,
      isSettling: false,
      outcome: null,
    };
    this.#pending = pending;
    this.#busyUntil = sent;
    this.#counts.requests++;
    this.#link.write(bytes);
    while (pending.outcome === null && !this.#isClosed && !signal.aborted) {
      if (pending.deadline <= this.#clock.uptime()) break;
      await this.#waitUntil(pending.deadline);
    }
    this.#pending = null;
    if (pending.outcome !== null) return pending.outcome;
    return this.#giveUp(pending, signal);
  }

  /** The failure of a request that has no answer; its unit is left alone where one may yet come. */
  #giveUp(pending: Pending, signal: AbortSignal): ReadOutcome {
    const reason = pending.suspicion ?? (this.#framer.isGarbled ? "crc" : "timeout");
    // An answer that came damaged has come: there is none to wait for.
    const hasCome = pending.suspicion === "crc" && pending.isSettling;
    const isOwed = this.#framer.giveUp() && !hasCome;
    if (isOwed) this.#holds.givenUp(pending.request.unit, this.#clock.uptime());
    signal.throwIfAborted();
    return this.#failure(this.#isClosed ? "link-closed" : reason);
  }

  #receive(bytes: Uint8Array): void {
    const now = this.#clock.uptime();
    this.#busyUntil = Math.max(this.#busyUntil, now) as UptimeMs;
    const found = this.#framer.take(bytes);
    for (const each of found) this.#note(each, now);
    const pending = this.#pending;
    if (pending?.isSettling) {
      pending.deadline = Math.min(pending.latest, after(now, this.#pace.settleMs)) as UptimeMs;
    }
    if (found.length > 0) this.#wake();
  }

  #note(found: Found, now: UptimeMs): void {
    const pending = this.#pending;
    switch (found.kind) {
      case "answer":
        if (pending !== null) pending.outcome = this.#outcomeOf(pending.request, found.adu, now);
        return;
      case "damaged":
        // Two bytes are too little to tell an exception from noise: its time is let run out.
        if (pending !== null) suspect(pending, "crc", !found.isException);
        return;
      case "misfit":
        if (pending !== null) suspect(pending, "malformed", true);
        return;
      case "stray":
        if (this.#holds.stray(found.unit, now) === "late") this.#counts.lateAnswers++;
        else this.#counts.unsolicited++;
        return;
      case "nonsense":
        this.#end("the peer sent bytes that are not Modbus TCP");
        return;
    }
  }

  #outcomeOf(request: ReadRequest, adu: Uint8Array, uptime: UptimeMs): ReadOutcome {
    this.#holds.answered(request.unit, uptime);
    const answer = this.#codec.decode(adu);
    if (answer === null) return this.#failure("malformed");
    if (answer.kind === "exception") return this.#failure(`exception:${answer.code}`);
    const readings = readingsOf(request, answer);
    return { kind: "values", readings, at: this.#clock.now(), uptime };
  }

  #failure(reason: Reason): ReadOutcome {
    if (reason === "timeout") this.#counts.timeouts++;
    else if (reason === "crc") this.#counts.crcErrors++;
    else if (reason === "malformed") this.#counts.malformed++;
    else if (reason.startsWith("exception:")) this.#counts.exceptions++;
    const uptime = this.#clock.uptime();
    this.onFailure(reason, uptime);
    return { kind: "failure", reason, at: this.#clock.now(), uptime };
  }

  /** Waits until `moment`, or shorter when something happens: the caller looks again. */
  async #waitUntil(moment: UptimeMs): Promise<void> {
    const cut = new AbortController();
    this.#wake = () => cut.abort(LOOK_AGAIN);
    try {
      await this.#clock.sleep(moment - this.#clock.uptime(), cut.signal);
    } catch (error) {
      if (error !== LOOK_AGAIN) throw error;
    }
  }
}

function suspect(pending: Pending, reason: "crc" | "malformed", isSure: boolean): void {
  pending.suspicion = reason;
  pending.isSettling ||= isSure;
}
