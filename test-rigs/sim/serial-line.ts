import { GatewayError } from "../../edge/core/errors.ts";
import type { SerialSettings } from "../../edge/core/link.ts";
import { collided, otherAnswer } from "../plant/collision.ts";
import { flipBits, noise, SERIAL_FAULTS, type SerialFault, split } from "./bus-faults.ts";
import type { AnswerTruth, RequestTruth } from "./bus-truth.ts";
import { crcOf, parseSerial, serialFrame } from "./frames.ts";
import { SimLink } from "./sim-link.ts";
import { hex } from "./trace.ts";
import { EPSILON_MS, SimUnits, type UnitAnswer, type UnitsSettings } from "./units.ts";

/** Bits of a character: start, 8 data, parity or second stop, stop. */
const BITS = 11;

/** A line and what hangs on it. */
export type SerialLineSettings = UnitsSettings & {
  readonly baud: number;
  /** No answer comes later than this after the time-out, in milliseconds. */
  readonly graceMs: number;
};

/** What a device sends. Its bytes change on the way where another transmission collides. */
type Transmission = {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Where in the bytes the device's own frame lies. */
  readonly core: { readonly from: number; readonly to: number };
  readonly answers: readonly AnswerTruth[];
};

/**
 * An RS-485 line: bytes at the pace of the baud rate, one pair of wires for all. Devices answer a
 * request they understand; two who speak at once spoil each other's bytes.
 */
export class SimSerialLine {
  readonly units: SimUnits<SerialFault>;
  readonly characterMs: number;
  readonly #settings: SerialLineSettings;
  #link: SimLink | null = null;
  #isPlugged = true;
  #transmissions: Transmission[] = [];
  #requestTo = 0;
  /** When the gateway last sent or received a byte. */
  #busyUntil = -Infinity;

  constructor(settings: SerialLineSettings) {
    this.#settings = settings;
    this.units = new SimUnits(settings, SERIAL_FAULTS);
    this.characterMs = (BITS * 1000) / settings.baud;
  }

  /** The silence that the gateway owes before a request, in milliseconds. */
  get silenceMs(): number {
    return this.#settings.baud > 19_200 ? 1.75 : 3.5 * this.characterMs;
  }

  /** Opens the port. Throws `link.refused` while the adapter is unplugged or the port is taken. */
  open({ path, baud }: SerialSettings, life: number): SimLink {
    const why = this.#refusal(baud);
    this.units.linkOpened(life, why);
    if (why !== null) throw new GatewayError("link.refused", `cannot open ${path}: ${why}`);
    const link = new SimLink(
      (bytes) => this.#receive(bytes, life),
      () => {
        this.#link = null;
        this.units.linkClosed();
      },
    );
    this.#link = link;
    return link;
  }

  /** The adapter vanishes, with what was on its way to the gateway. */
  unplug(): void {
    this.units.note("unplugged");
    this.#isPlugged = false;
    this.#link?.end("the device is gone");
  }

  /** The adapter is there again. */
  plug(): void {
    this.units.note("plugged");
    this.#isPlugged = true;
  }

  #refusal(baud: number): string | null {
    if (!this.#isPlugged) return "no such file or directory";
    if (this.#link !== null) return "cannot lock port";
    return baud === this.#settings.baud ? null : `the devices speak at ${this.#settings.baud}`;
  }

  #receive(bytes: Uint8Array, life: number): void {
    const { clock } = this.#settings;
    const from = clock.uptime();
    const to = from + bytes.length * this.characterMs;
    this.units.note(`> ${hex(bytes)}`);
    this.#checkSilence(from);
    const collided = this.#transmissions.filter((other) => other.to > from + EPSILON_MS);
    for (const other of collided) this.#spoil(other, from, to);
    this.#requestTo = to;
    this.#busyUntil = Math.max(this.#busyUntil, to);
    const { unit, pdu } = parseSerial(bytes) ?? { unit: -1, pdu: bytes };
    const request = this.units.ask(unit, pdu, to, life);
    clock.at(to, () => {
      if (collided.length > 0) request.fault = "collided";
      else this.#answer(request, bytes);
    });
  }

  #checkSilence(from: number): void {
    const gapMs = from - this.#busyUntil;
    if (gapMs >= this.silenceMs - EPSILON_MS) return;
    this.units.violate("silence", `only ${gapMs.toFixed(3)} ms of silence before a request`);
  }

  #answer(request: RequestTruth, echo: Uint8Array): void {
    const answer = this.units.answer(request);
    if (answer === null) return;
    const { fault } = answer;
    const frame = serialFrame(request.unit, answer.pdu);
    const bytes = this.#dress(answer, frame, echo);
    const lengthMs = bytes.length * this.characterMs;
    const delayMs = this.#delayMs(request.unit, fault, lengthMs);
    // `trailing`, `joined` and `twice` put other bytes behind the frame, `garbage` and `echo` before it.
    const isFirst = fault === "trailing" || fault === "joined" || fault === "twice";
    const wholeAt = isFirst ? frame.length : bytes.length;
    const core = { from: Math.max(0, wholeAt - frame.length), to: wholeAt };
    this.#settings.clock.at(request.end + delayMs, () =>
      this.#transmit(bytes, core, [answer.truth]),
    );
  }

  /** What the fault makes of the frame. */
  #dress(
    { fault, truth }: UnitAnswer<SerialFault>,
    frame: Uint8Array,
    echo: Uint8Array,
  ): Uint8Array {
    const { random } = this.#settings;
    switch (fault) {
      case "wrong-unit":
        truth.isIntact = false;
        return serialFrame(((frame[0] as number) % 247) + 1, frame.slice(1, -2));
      case "garbage":
        return Uint8Array.of(...noise(random, random.integer(1, 12)), ...frame);
      case "trailing":
        return Uint8Array.of(...frame, ...noise(random, random.integer(1, 12)));
      case "flip":
        truth.isIntact = false;
        return flipBits(random, frame);
      case "truncated":
        truth.isIntact = false;
        return frame.slice(0, random.integer(1, frame.length - 1));
      case "echo":
        return Uint8Array.of(...echo, ...frame);
      case "joined":
      case "twice":
        return Uint8Array.of(...frame, ...frame);
      case "collide": {
        const draw = () => random.next();
        const other = serialFrame(frame[0] as number, otherAnswer(frame.slice(1, -2), draw));
        const behind = random.integer(0, frame.length - 1);
        truth.isIntact = false;
        return collided(frame, other, behind, draw);
      }
      case "exception":
      case "busy":
      case "late":
      case "silent":
      case null:
        return frame;
    }
  }

  /** From the end of the request to the first byte of the answer, in milliseconds. */
  #delayMs(unit: number, fault: SerialFault | null, lengthMs: number): number {
    const { random, timeoutMs, graceMs } = this.#settings;
    const soonestMs = this.silenceMs + 0.5;
    const promptMs = soonestMs + random.between(0, 15);
    if (fault !== "late") return Math.min(promptMs, Math.max(soonestMs, timeoutMs - lengthMs - 5));
    const longestMs = timeoutMs + graceMs - 1;
    const drawnMs = random.between(timeoutMs * 0.8, longestMs);
    const wholeMs = Math.min(this.units.tardy.get(unit) ?? drawnMs, longestMs);
    return Math.max(soonestMs, wholeMs - lengthMs);
  }

  #transmit(bytes: Uint8Array, core: Transmission["core"], answers: readonly AnswerTruth[]): void {
    const { clock, random } = this.#settings;
    const from = clock.uptime();
    const to = from + bytes.length * this.characterMs;
    const transmission = { bytes: bytes.slice(), from, to, core, answers };
    this.#transmissions = this.#transmissions.filter((other) => other.to > from + EPSILON_MS);
    for (const other of this.#transmissions) {
      this.#spoil(other, from, to);
      this.#spoil(transmission, from, other.to);
    }
    if (this.#requestTo > from + EPSILON_MS) this.#spoil(transmission, from, this.#requestTo);
    this.#transmissions.push(transmission);
    const pieces = random.chance(this.units.splits) ? split(random, transmission.bytes, 5) : [];
    const chunks = pieces.length > 0 ? pieces : [transmission.bytes];
    // The link of now: what is sent to a port that was opened since then is another matter.
    const link = this.#link;
    let end = 0;
    for (const chunk of chunks) {
      end += chunk.length;
      const isWhole = end >= core.to && end - chunk.length < core.to;
      clock.at(from + end * this.characterMs, () =>
        this.#deliver(link, chunk, isWhole ? answers : []),
      );
    }
  }

  /** The bytes of `transmission` between the times `from` and `to` arrive as others. */
  #spoil(transmission: Transmission, from: number, to: number): void {
    const { random } = this.#settings;
    const { bytes, core, answers } = transmission;
    for (const index of bytes.keys()) {
      const over = transmission.from + (index + 1) * this.characterMs;
      const isHit = over > from + EPSILON_MS && over - this.characterMs < to - EPSILON_MS;
      if (!isHit) continue;
      bytes[index]! ^= random.integer(1, 255);
      if (index < core.from || index >= core.to) continue;
      // What has arrived already is past spoiling.
      for (const answer of answers) if (answer.deliveredAt === null) answer.isIntact = false;
    }
    // One in 65536 would pass its check sum all the same, which no gateway can tell.
    if (crcOf(bytes) === 0) bytes[bytes.length - 1]! ^= 1;
  }

  #deliver(link: SimLink | null, chunk: Uint8Array, completed: readonly AnswerTruth[]): void {
    if (link === null || !link.isOpen) {
      this.units.note(`lost ${hex(chunk)}`);
      return;
    }
    this.#busyUntil = Math.max(this.#busyUntil, this.#settings.clock.uptime());
    this.units.heard(chunk, completed);
    link.deliver(chunk);
  }
}
