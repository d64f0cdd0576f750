import { parseTcp, tcpFrame } from "../plant/frame.ts";
import { noise, UDP_FAULTS, type UdpFault } from "./bus-faults.ts";
import type { AnswerTruth } from "./bus-truth.ts";
import { SimLink } from "./sim-link.ts";
import { hex } from "./trace.ts";
import { SimUnits, type UnitAnswer, type UnitsSettings } from "./units.ts";

/** The longest that an undisturbed answer takes, in milliseconds. */
const PROMPT_MS = 30;
/** A late answer comes at most so many time-outs after its request. */
const LATE_TIMEOUTS = 4;

/** A datagram with an answer, and the record of it where it can be told from nonsense. */
type Datagram = { readonly bytes: Uint8Array; readonly truth: AnswerTruth | null };

/** A Modbus endpoint that is spoken to over UDP, with its units. Datagrams overtake each other. */
export class SimUdpEndpoint {
  readonly units: SimUnits<UdpFault>;
  readonly #settings: UnitsSettings;
  #isUp = true;

  constructor(settings: UnitsSettings) {
    this.#settings = settings;
    this.units = new SimUnits(settings, UDP_FAULTS);
  }

  /** Opens a socket to the endpoint, whether it is there or not. */
  open(life: number): SimLink {
    this.units.linkOpened(life, null);
    const link: SimLink = new SimLink(
      (bytes) => this.#receive(link, bytes, life),
      () => this.units.linkClosed(),
    );
    return link;
  }

  /** The endpoint goes away: what is sent to it is lost, and what it sent. */
  unplug(): void {
    this.units.note("unplugged");
    this.#isUp = false;
  }

  /** The endpoint is there again. */
  plug(): void {
    this.units.note("plugged");
    this.#isUp = true;
  }

  #receive(link: SimLink, bytes: Uint8Array, life: number): void {
    const { clock } = this.#settings;
    this.units.note(`> ${hex(bytes)}`);
    const frame = parseTcp(bytes);
    if (frame === null || frame.length !== bytes.length) {
      this.units.violate("one-frame", `${hex(bytes)} is not one frame`);
      return;
    }
    const request = this.units.ask(frame.unit, frame.pdu, clock.uptime(), life);
    const answer = this.#isUp ? this.units.answer(request) : null;
    if (answer === null) return;
    const datagram = this.#dress(answer, frame.unit, frame.transaction);
    const atMs = clock.uptime() + this.#delayMs(frame.unit, answer.fault);
    clock.at(atMs, () => this.#deliver(link, datagram));
    if (answer.fault !== "twice") return;
    clock.at(atMs + this.#delayMs(frame.unit, "late"), () => this.#deliver(link, datagram));
  }

  /** What the fault makes of the answer. */
  #dress({ fault, pdu, truth }: UnitAnswer<UdpFault>, unit: number, transaction: number): Datagram {
    const { random } = this.#settings;
    const frame = tcpFrame({ transaction, unit, pdu });
    const spoilt = (bytes: Uint8Array) => {
      truth.isIntact = false;
      return { bytes, truth: null };
    };
    switch (fault) {
      case "wrong-unit":
        return spoilt(tcpFrame({ transaction, unit: (unit + 1) % 256, pdu }));
      case "wrong-transaction": {
        const other = this.units.otherTransaction(transaction);
        return spoilt(tcpFrame({ transaction: other, unit, pdu }));
      }
      case "truncated":
        return spoilt(frame.slice(0, random.integer(0, frame.length - 1)));
      case "trailing":
        return spoilt(Uint8Array.of(...frame, ...noise(random, random.integer(1, 12))));
      case "exception":
      case "late":
      case "silent":
      case "twice":
      case null:
        return { bytes: frame, truth };
    }
  }

  /** From the request to the answer, in milliseconds. */
  #delayMs(unit: number, fault: UdpFault | null): number {
    const { random, timeoutMs } = this.#settings;
    if (fault === "late") {
      const drawnMs = random.between(timeoutMs * 0.8, timeoutMs * LATE_TIMEOUTS);
      return this.units.tardy.get(unit) ?? drawnMs;
    }
    return random.between(0.5, Math.min(PROMPT_MS, timeoutMs / 2));
  }

  #deliver(link: SimLink, { bytes, truth }: Datagram): void {
    if (!link.isOpen || !this.#isUp) {
      this.units.note(`lost ${hex(bytes)}`);
      return;
    }
    this.units.heard(bytes, truth === null ? [] : [truth]);
    link.deliver(bytes);
  }
}
