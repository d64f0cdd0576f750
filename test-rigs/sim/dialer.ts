import type { CallerIdentity } from "../../config/gateway-config.ts";
import { collided, otherAnswer } from "../plant/collision.ts";
import { flipBits, noise, SERIAL_FAULTS, type SerialFault, split } from "./bus-faults.ts";
import type { AnswerTruth } from "./bus-truth.ts";
import { parseSerial, serialFrame } from "./frames.ts";
import type { Call, SimSwitchboard } from "./switchboard.ts";
import { hex } from "./trace.ts";
import { SimUnits, type UnitAnswer, type UnitsSettings } from "./units.ts";

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
  readonly units: SimUnits<SerialFault>;
  readonly #settings: DialerSettings;
  #call: Call | null = null;
  #isUp = true;
  /** When the last byte sent so far arrives. */
  #arrivesAt = 0;

  constructor(settings: DialerSettings) {
    this.#settings = settings;
    this.units = new SimUnits(settings, SERIAL_FAULTS);
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
    const { unit, pdu } = parseSerial(bytes) ?? { unit: -1, pdu: bytes };
    const request = this.units.ask(unit, pdu, clock.uptime(), this.#call?.life ?? 0);
    const answer = this.units.answer(request);
    if (answer === null) return;
    const sending = this.#dress(answer, serialFrame(unit, answer.pdu), bytes);
    const call = this.#call;
    clock.at(clock.uptime() + this.#delayMs(unit, answer.fault), () => {
      this.#send(call, sending);
      if (answer.fault === "twice") this.#sendAgain(call, sending);
    });
  }

  /** Sends a second copy of what was sent just now, which answers nothing any more. */
  #sendAgain(call: Call | null, { bytes, truth }: Sending): void {
    const { clock, random } = this.#settings;
    const at = this.#arrivesAt + random.between(0, COPY_MS);
    clock.at(at, () => this.#send(call, { bytes, end: 0, truth }));
  }

  /** What the fault makes of the frame. */
  #dress({ fault, truth }: UnitAnswer<SerialFault>, frame: Uint8Array, echo: Uint8Array): Sending {
    const { random } = this.#settings;
    const whole = (bytes: Uint8Array, end = bytes.length) => ({ bytes, end, truth });
    const spoilt = (bytes: Uint8Array) => {
      truth.isIntact = false;
      return { bytes, end: 0, truth };
    };
    switch (fault) {
      case "wrong-unit":
        return spoilt(serialFrame(((frame[0] as number) % 247) + 1, frame.slice(1, -2)));
      case "garbage":
        return whole(Uint8Array.of(...noise(random, random.integer(1, 12)), ...frame));
      case "trailing":
        return whole(
          Uint8Array.of(...frame, ...noise(random, random.integer(1, 12))),
          frame.length,
        );
      case "flip":
        return spoilt(flipBits(random, frame));
      case "truncated":
        return spoilt(frame.slice(0, random.integer(1, frame.length - 1)));
      case "echo":
        return whole(Uint8Array.of(...echo, ...frame));
      case "joined":
        return whole(Uint8Array.of(...frame, ...frame), frame.length);
      case "collide": {
        const draw = () => random.next();
        const other = serialFrame(frame[0] as number, otherAnswer(frame.slice(1, -2), draw));
        const behind = random.integer(0, frame.length - 1);
        return spoilt(collided(frame, other, behind, draw));
      }
      case "exception":
      case "busy":
      case "late":
      case "silent":
      case "twice":
      case null:
        return whole(frame);
    }
  }

  /** From the request to the first byte of the answer, in milliseconds. */
  #delayMs(unit: number, fault: SerialFault | null): number {
    const { random, timeoutMs, graceMs } = this.#settings;
    if (fault !== "late") return random.between(0.5, Math.min(PROMPT_MS, timeoutMs / 3));
    const longestMs = timeoutMs + graceMs - 5 * PIECES_MS;
    const drawnMs = random.between(timeoutMs * 0.8, longestMs);
    return Math.min(this.units.tardy.get(unit) ?? drawnMs, longestMs);
  }

  #send(call: Call | null, { bytes, end, truth }: Sending): void {
    const { clock, random } = this.#settings;
    const chunks = random.chance(this.units.splits) ? split(random, bytes, 4) : [bytes];
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
