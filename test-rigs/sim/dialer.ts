import type { CallerIdentity } from "../../config/gateway-config.ts";
import { RTU } from "../plant/frame.ts";
import { LINE_FAULTS, type LineFaultKind } from "../plant/line-fault.ts";
import { split } from "./bus-faults.ts";
import type { AnswerTruth } from "./bus-truth.ts";
import { type LineParts, lineAnswer } from "./line-answer.ts";
import type { Call, SimSwitchboard } from "./switchboard.ts";
import { hex } from "./trace.ts";
import { SimUnits, type UnitsSettings } from "./units.ts";

/** The longest that an undisturbed answer takes, in milliseconds. */
const PROMPT_MS = 30;
/** The longest between two pieces of an answer, in milliseconds. */
const PIECES_MS = 20;
/** The longest between an answer and its second copy, in milliseconds. */
const COPY_MS = 45;
/** The times between two heartbeats, and between two tries to dial in, in milliseconds. */
const HEARTBEAT_MS = 700;
const REDIAL_MS = 2000;

export type DialerSettings = UnitsSettings & {
  readonly switchboard: SimSwitchboard;
  /** `host:port` of the gateway. */
  readonly place: string;
  readonly caller: CallerIdentity;
  /** In hexadecimal, or null. */
  readonly heartbeat: string | null;
  /** No answer comes later than this after the time-out, in milliseconds. */
  readonly graceMs: number;
};

/** Bytes on their way, and where among them the answer ends. */
type Sending = { readonly bytes: Uint8Array; readonly end: number; readonly truth: AnswerTruth };

/**
 * A serial server that dials in, says who it is, sends heartbeats and passes on the frames of the
 * RTU line behind it; where its call ends it dials in again.
 */
export class SimDialer {
  readonly units: SimUnits<LineFaultKind>;
  readonly #settings: DialerSettings;
  readonly #parts: LineParts;
  #call: Call | null = null;
  #isUp = true;
  /** When the last byte sent so far arrives. */
  #arrivesAt = 0;

  constructor(settings: DialerSettings) {
    this.#settings = settings;
    this.units = new SimUnits(settings, LINE_FAULTS);
    const { timeoutMs, graceMs } = settings;
    const turnaroundMs = Math.min(PROMPT_MS, timeoutMs / 3);
    const timing = { characterMs: 0, silenceMs: 0.5, turnaroundMs };
    const longestMs = timeoutMs + graceMs - 5 * PIECES_MS;
    this.#parts = {
      ...settings,
      units: this.units,
      framing: RTU,
      timing,
      longestMs,
      copyMs: COPY_MS,
    };
    this.#dialIn(settings.random.between(1, REDIAL_MS));
  }

  /** The call ends, and no other is made. */
  unplug(): void {
    this.units.note("unplugged");
    this.#isUp = false;
    this.#call?.hangUp();
  }

  /** It dials in again. */
  plug(): void {
    this.units.note("plugged");
    this.#isUp = true;
  }

  #dialIn(inMs: number): void {
    const { clock, random } = this.#settings;
    clock.at(clock.uptime() + inMs, () => {
      if (!this.#isUp || !this.#tryOnce()) this.#dialIn(random.between(REDIAL_MS / 2, REDIAL_MS));
    });
  }

  #tryOnce(): boolean {
    const { clock, switchboard, place, caller } = this.#settings;
    const address = caller.kind === "peer" ? caller.address : "10.0.0.1";
    const call = switchboard.call(place, address, {
      onBytes: (bytes) => this.#receive(bytes),
      onClosed: () => this.#ended(),
    });
    if (call === null) return false;
    this.#call = call;
    this.units.linkOpened(call.life, null);
    if (caller.kind === "registration") this.#sendAside(caller.hex);
    clock.at(clock.uptime() + HEARTBEAT_MS, () => this.#beat(call));
    return true;
  }

  #ended(): void {
    this.#call = null;
    this.units.linkClosed();
    this.#dialIn(this.#settings.random.between(1, REDIAL_MS));
  }

  #beat(call: Call): void {
    const { clock, heartbeat } = this.#settings;
    if (heartbeat === null || !call.isOpen) return;
    this.#sendAside(heartbeat);
    clock.at(clock.uptime() + HEARTBEAT_MS, () => this.#beat(call));
  }

  /** Sends a packet that is no frame, behind what is on its way. */
  #sendAside(packet: string): void {
    const { clock } = this.#settings;
    const call = this.#call;
    this.#arrivesAt = Math.max(clock.uptime(), this.#arrivesAt);
    clock.at(this.#arrivesAt, () => call?.send(Uint8Array.from(Buffer.from(packet, "hex"))));
  }

  #receive(bytes: Uint8Array): void {
    const { clock } = this.#settings;
    this.units.note(`> ${hex(bytes)}`);
    const { unit, pdu } = RTU.parse(bytes) ?? { unit: -1, pdu: bytes };
    const request = this.units.ask(unit, pdu, clock.uptime(), this.#call?.life ?? 0);
    const answer = lineAnswer(this.#parts, request, bytes);
    if (answer === null) return;
    const { sent, own, truth } = answer;
    const call = this.#call;
    let end = own?.to ?? 0;
    for (const { delayMs, bytes } of sent) {
      const sending = { bytes, end, truth };
      end -= bytes.length;
      clock.at(clock.uptime() + delayMs, () => this.#send(call, sending));
    }
  }

  #send(call: Call | null, { bytes, end, truth }: Sending): void {
    const { clock, random } = this.#settings;
    // What stands behind an answer comes with it, in one piece.
    const length = end > 0 && end < bytes.length ? end : bytes.length;
    const answer = bytes.subarray(0, length);
    const pieces = random.chance(this.units.splits) ? split(random, answer, 4) : [answer];
    const last = bytes.subarray(length - (pieces.at(-1)?.length ?? 0));
    const chunks = [...pieces.slice(0, -1), last];
    let sent = 0;
    // What is sent later arrives later.
    let at = Math.max(clock.uptime(), this.#arrivesAt);
    for (const chunk of chunks) {
      const isWhole = end > sent && end <= sent + chunk.length;
      sent += chunk.length;
      clock.at(at, () => this.#deliver(call, chunk, isWhole ? [truth] : []));
      this.#arrivesAt = at;
      at += random.between(0, PIECES_MS);
    }
  }

  #deliver(call: Call | null, chunk: Uint8Array, completed: readonly AnswerTruth[]): void {
    if (call === null || !call.isOpen) {
      this.units.note(`lost ${hex(chunk)}`);
      return;
    }
    this.units.heard(chunk, completed);
    call.send(chunk);
  }
}
