import { GatewayError } from "../../edge/core/errors.ts";
import type { TcpSettings } from "../../edge/core/link.ts";
import { parseTcp, tcpFrame } from "../plant/frame.ts";
import { noise, split, TCP_FAULTS, type TcpFault } from "./bus-faults.ts";
import type { AnswerTruth, RequestTruth } from "./bus-truth.ts";
import type { Random } from "./random.ts";
import { SimLink } from "./sim-link.ts";
import { hex } from "./trace.ts";
import { SimUnits, type UnitAnswer, type UnitsSettings } from "./units.ts";

/** The longest that an undisturbed answer takes, in milliseconds. */
const PROMPT_MS = 30;
/** A late answer comes at most so many time-outs after its request. */
const LATE_TIMEOUTS = 4;
/** The longest between two pieces of an answer, in milliseconds. */
const PIECES_MS = 3;
/** By so many bytes a frame of a wrong length may say that it is longer. */
const LONGER = 8;

/** One connection: two streams of bytes that keep their order. */
type Connection = {
  readonly link: SimLink;
  /** What came and is no whole frame yet. */
  received: Uint8Array;
  isHalfOpen: boolean;
  /** An answer that waits to be sent with the next one. */
  held: Sending | null;
  /** When the last byte sent so far arrives. */
  arrivesAt: number;
};

/** Bytes on their way, and where among them each answer ends. */
type Sending = {
  readonly bytes: Uint8Array;
  readonly ends: readonly { readonly at: number; readonly truth: AnswerTruth }[];
};

/** A Modbus TCP endpoint with its units: a device, or a gateway to a line of them. */
export class SimTcpEndpoint {
  readonly units: SimUnits<TcpFault>;
  /** How often a connection is refused though the endpoint is there. */
  refusals = 0;
  readonly #settings: UnitsSettings;
  readonly #connections = new Set<Connection>();
  #isUp = true;

  constructor(settings: UnitsSettings) {
    this.#settings = settings;
    this.units = new SimUnits(settings, TCP_FAULTS);
  }

  /** Connects. Throws `link.refused` while the endpoint is away, and as often as `refusals` says. */
  open({ host, port }: TcpSettings, life: number): SimLink {
    const isRefused = this.#settings.random.chance(this.refusals) || !this.#isUp;
    this.units.linkOpened(life, isRefused ? "nobody listens" : null);
    if (isRefused) {
      throw new GatewayError("link.refused", `cannot connect to ${host}:${port}: refused`);
    }
    if (this.#connections.size > 0) this.units.violate("one-link", "a second connection");
    const link = new SimLink(
      (bytes) => this.#receive(connection, bytes, life),
      () => {
        this.#connections.delete(connection);
        this.units.linkClosed();
      },
    );
    const received = new Uint8Array(0);
    const connection: Connection = { link, received, isHalfOpen: false, held: null, arrivesAt: 0 };
    this.#connections.add(connection);
    return link;
  }

  /** The endpoint goes away: it resets its connections and takes no new ones. */
  unplug(): void {
    this.units.note("unplugged");
    this.#isUp = false;
    for (const { link } of this.#connections) link.end("connection reset by peer");
  }

  /** The endpoint takes connections again. */
  plug(): void {
    this.units.note("plugged");
    this.#isUp = true;
  }

  #receive(connection: Connection, bytes: Uint8Array, life: number): void {
    this.units.note(`> ${hex(bytes)}`);
    connection.received = Uint8Array.of(...connection.received, ...bytes);
    for (;;) {
      const frame = parseTcp(connection.received);
      if (frame === null) return;
      connection.received = connection.received.slice(frame.length);
      const now = this.#settings.clock.uptime();
      const request = this.units.ask(frame.unit, frame.pdu, now, life);
      this.#answer(connection, request, frame.transaction);
    }
  }

  #answer(connection: Connection, request: RequestTruth, transaction: number): void {
    const answer = this.units.answer(request);
    if (answer === null) return;
    if (answer.fault === "half-open") connection.isHalfOpen = true;
    if (connection.isHalfOpen) request.fault = "half-open";
    const sending = this.#dress(answer, request.unit, transaction);
    this.#settings.clock.at(request.end + this.#delayMs(request.unit, answer.fault), () =>
      this.#send(connection, sending, answer.fault),
    );
  }

  /** What the fault makes of the answer. */
  #dress({ fault, pdu, truth }: UnitAnswer<TcpFault>, unit: number, transaction: number): Sending {
    const { random } = this.#settings;
    const frame = tcpFrame({ transaction, unit, pdu });
    const whole = (bytes: Uint8Array) => ({ bytes, ends: [{ at: frame.length, truth }] });
    const spoilt = (bytes: Uint8Array) => {
      truth.isIntact = false;
      return { bytes, ends: [] };
    };
    switch (fault) {
      case "wrong-unit":
        return spoilt(tcpFrame({ transaction, unit: (unit + 1) % 256, pdu }));
      case "wrong-transaction": {
        const other = this.units.otherTransaction(transaction);
        return spoilt(tcpFrame({ transaction: other, unit, pdu }));
      }
      case "wrong-length":
        new DataView(frame.buffer).setUint16(4, pdu.length + 1 + random.pick([-1, 1, LONGER]));
        return spoilt(frame);
      case "garbage":
        return spoilt(Uint8Array.of(...garbage(random), ...frame));
      case "reset":
        return spoilt(frame.slice(0, random.integer(0, frame.length - 1)));
      case "joined":
        return whole(Uint8Array.of(...frame, ...frame));
      case "exception":
      case "half-open":
      case "held":
      case "late":
      case "silent":
      case null:
        return whole(frame);
    }
  }

  /** From the request to the first byte of the answer, in milliseconds. */
  #delayMs(unit: number, fault: TcpFault | null): number {
    const { random, timeoutMs } = this.#settings;
    if (fault === "late") {
      const drawnMs = random.between(timeoutMs * 0.8, timeoutMs * LATE_TIMEOUTS);
      return this.units.tardy.get(unit) ?? drawnMs;
    }
    return random.between(0.5, Math.min(PROMPT_MS, timeoutMs / 2));
  }

  #send(connection: Connection, answer: Sending, fault: TcpFault | null): void {
    const { clock, random, timeoutMs } = this.#settings;
    const sending = joinedTo(connection.held, answer);
    connection.held = fault === "held" ? sending : null;
    if (fault === "held") return;
    const isSplit = sending.bytes.length > 1 && random.chance(this.units.splits);
    const chunks = isSplit ? split(random, sending.bytes, 4) : [sending.bytes];
    const longestMs = fault === "late" ? timeoutMs / 3 : PIECES_MS;
    let end = 0;
    // What is sent later arrives later.
    let at = Math.max(clock.uptime(), connection.arrivesAt);
    for (const chunk of chunks) {
      const begin = end;
      end += chunk.length;
      const ended = sending.ends.filter((each) => each.at > begin && each.at <= end);
      const truths = ended.map(({ truth }) => truth);
      clock.at(at, () => this.#deliver(connection, chunk, truths));
      connection.arrivesAt = at;
      at += random.between(0, longestMs);
    }
    if (fault !== "reset") return;
    clock.at(connection.arrivesAt, () => connection.link.end("connection reset by peer"));
  }

  #deliver({ link, isHalfOpen }: Connection, chunk: Uint8Array, completed: AnswerTruth[]): void {
    if (!link.isOpen || isHalfOpen || chunk.length === 0) {
      this.units.note(`lost ${hex(chunk)}`);
      return;
    }
    this.units.heard(chunk, completed);
    link.deliver(chunk);
  }
}

/**
 * What begins as no frame does, as its protocol is not 0. Never as long as what a frame of a wrong
 * length may still wait for: the frame behind it would be sound.
 */
function garbage(random: Random): Uint8Array {
  const head = [0, 0, 1];
  const count = random.integer(3, 12);
  return Uint8Array.of(
    ...head,
    ...noise(random, head.length + count === LONGER ? count + 1 : count),
  );
}

/** `second` behind what was held back, if anything was. */
function joinedTo(first: Sending | null, second: Sending): Sending {
  if (first === null) return second;
  const { length } = first.bytes;
  const moved = second.ends.map(({ at, truth }) => ({ at: at + length, truth }));
  return { bytes: Uint8Array.of(...first.bytes, ...second.bytes), ends: [...first.ends, ...moved] };
}
