import { GatewayError } from "../../edge/core/errors.ts";
import type { SerialSettings } from "../../edge/core/link.ts";
import { FRAMINGS, type FramingName } from "../plant/frame.ts";
import {
  LINE_FAULTS,
  type LineFault,
  type LineFaultKind,
  type LineTiming,
  lineTiming,
} from "../plant/line-fault.ts";
import { split } from "./bus-faults.ts";
import type { AnswerTruth, RequestTruth } from "./bus-truth.ts";
import { type LineParts, lineAnswer } from "./line-answer.ts";
import { SimLink } from "./sim-link.ts";
import { hex } from "./trace.ts";
import { EPSILON_MS, SimUnits, type UnitsSettings } from "./units.ts";

/** The most that a device takes for itself before it answers, in milliseconds. */
const TURNAROUND_MS = 15;

/** A line and what hangs on it. */
export type SerialLineSettings = UnitsSettings & {
  readonly baud: number;
  /** No answer comes later than this after the time-out, in milliseconds. */
  readonly graceMs: number;
  /** `rtu` if left out. */
  readonly framing?: FramingName;
};

/** What a device sends. Its bytes change on the way where another transmission collides. */
type Transmission = {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Where the device's own frame lies, from the first of these bytes on; its ends may be others'. */
  readonly own: { readonly from: number; readonly to: number };
  readonly truth: AnswerTruth;
};

/**
 * An RS-485 line: bytes at the pace of the baud rate, one pair of wires for all. Devices answer a
 * request they understand; two who speak at once spoil each other's bytes.
 */
export class SimSerialLine {
  readonly units: SimUnits<LineFaultKind>;
  readonly timing: LineTiming;
  readonly #settings: SerialLineSettings;
  readonly #parts: LineParts;
  /** What is wrong with a unit until it is repaired. */
  readonly #faults = new Map<number, LineFault>();
  #link: SimLink | null = null;
  #isPlugged = true;
  #transmissions: Transmission[] = [];
  #requestTo = 0;
  /** When the gateway last sent or received a byte. */
  #busyUntil = -Infinity;

  constructor(settings: SerialLineSettings) {
    this.#settings = settings;
    const { framing = "rtu", baud, timeoutMs, graceMs } = settings;
    this.units = new SimUnits(settings, LINE_FAULTS);
    this.timing = lineTiming(framing, baud, TURNAROUND_MS);
    const { units, timing } = this;
    const longestMs = timeoutMs + graceMs - 1;
    this.#parts = { ...settings, units, timing, framing: FRAMINGS[framing], longestMs, copyMs: 0 };
  }

  /** Makes `unit` faulty whatever else is drawn, or sound again with null. */
  setFault(unit: number, fault: LineFault | null): void {
    if (fault === null) this.#faults.delete(unit);
    else this.#faults.set(unit, fault);
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
    const to = from + bytes.length * this.timing.characterMs;
    this.units.note(`> ${hex(bytes)}`);
    this.#checkSilence(from);
    const collided = this.#transmissions.filter((other) => other.to > from + EPSILON_MS);
    for (const other of collided) this.#spoil(other, from, to);
    this.#requestTo = to;
    this.#busyUntil = Math.max(this.#busyUntil, to);
    const { unit, pdu } = this.#parts.framing.parse(bytes) ?? { unit: -1, pdu: bytes };
    const request = this.units.ask(unit, pdu, to, life);
    clock.at(to, () => {
      if (collided.length > 0) request.fault = "collided";
      else this.#answer(request, bytes);
    });
  }

  #checkSilence(from: number): void {
    const gapMs = from - this.#busyUntil;
    if (gapMs >= this.timing.silenceMs - EPSILON_MS) return;
    this.units.violate("silence", `only ${gapMs.toFixed(3)} ms of silence before a request`);
  }

  #answer(request: RequestTruth, frame: Uint8Array): void {
    const fixed = this.#faults.get(request.unit) ?? null;
    const answer = lineAnswer(this.#parts, request, frame, fixed);
    if (answer === null) return;
    const { sent, own, truth } = answer;
    let before = 0;
    for (const { delayMs, bytes } of sent) {
      const place = { from: (own?.from ?? 0) - before, to: (own?.to ?? 0) - before };
      before += bytes.length;
      this.#settings.clock.at(request.end + delayMs, () => this.#transmit(bytes, place, truth));
    }
  }

  #transmit(sent: Uint8Array, own: Transmission["own"], truth: AnswerTruth): void {
    const { clock, random } = this.#settings;
    const from = clock.uptime();
    const to = from + sent.length * this.timing.characterMs;
    const transmission = { bytes: sent.slice(), from, to, own, truth };
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
      const isWhole = end >= own.to && end - chunk.length < own.to;
      clock.at(from + end * this.timing.characterMs, () =>
        this.#deliver(link, chunk, isWhole ? [truth] : []),
      );
    }
  }

  /** The bytes of `transmission` between the times `from` and `to` arrive as others. */
  #spoil(transmission: Transmission, from: number, to: number): void {
    const { random } = this.#settings;
    const { bytes, own, truth } = transmission;
    for (const index of bytes.keys()) {
      const over = transmission.from + (index + 1) * this.timing.characterMs;
      const isHit = over > from + EPSILON_MS && over - this.timing.characterMs < to - EPSILON_MS;
      if (!isHit) continue;
      bytes[index]! ^= random.integer(1, 255);
      // What has arrived already is past spoiling.
      if (index < own.from || index >= own.to || truth.deliveredAt !== null) continue;
      // A copy behind it goes with it: the record knows of one place only.
      if (truth.isIntact && own.to < bytes.length) bytes[bytes.length - 1]! ^= 1;
      truth.isIntact = false;
    }
    // Some would pass their check sums all the same, which no gateway can tell.
    if (this.#parts.framing.parse(bytes) !== null) bytes[bytes.length - 1]! ^= 1;
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
