import type { TalkerConfig } from "../../config/gateway-config.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type { SerialSettings } from "../../edge/core/link.ts";
import type { UptimeMs, WallMs } from "../../edge/core/time.ts";
import { dustFrame, nmeaSentence } from "../plant/talker.ts";
import { characterMs } from "../plant/wire.ts";
import { drawFault, type Faults, noise, split } from "./bus-faults.ts";
import type { SimClock } from "./clock.ts";
import type { Random } from "./random.ts";
import { SimLink } from "./sim-link.ts";
import { hex, type Trace } from "./trace.ts";

/**
 * What can befall a message of a sensor that talks.
 *
 * - `silent`: it is not said
 * - `half`: its end is missing
 * - `noisy`: random characters come before it
 * - `wrong-sum`: its check sum is wrong; where it has none, its end is missing
 */
export type TalkFault = "silent" | "half" | "noisy" | "wrong-sum";

/** Every mishap of a message. */
export const TALK_FAULTS: readonly TalkFault[] = ["silent", "half", "noisy", "wrong-sum"];

/** A message that was said, and how it arrived. */
export type TalkTruth = {
  /** The values of its points by their ids. */
  readonly values: ReadonlyMap<string, number>;
  /** What befell it, or null. */
  readonly fault: TalkFault | null;
  /** Whether it arrives as the sensor made it, from its own first byte to the one that ends it. */
  isIntact: boolean;
  /** Which opening of the port, from 1, heard it whole, or its own first byte; 0 for none. */
  opening: number;
  /** When its last byte was handed to the gateway; null when that never happened. */
  deliveredAt: UptimeMs | null;
  deliveredWall: WallMs | null;
};

export type TalkerLineSettings = {
  readonly clock: SimClock;
  readonly random: Random;
  readonly trace: Trace;
  readonly baud: number;
  /** A text of `TEXT_EXPRESSION`, sentences `WIMWV`, or frames of a dust sensor. */
  readonly talker: TalkerConfig;
  /** How often it talks by itself, in milliseconds; without meaning for one that is asked. */
  readonly sayMs: number;
};

/** What a line of a sensor that talks text is. */
export const TEXT_EXPRESSION = "L=(?P<first>[0-9.]+) m, T=(?P<second>[0-9.]+) C";

/** The longest that a sensor takes to answer, in milliseconds. */
const ANSWER_MS = 60;

/** A message, up to and with the byte that makes it whole, and what may stand behind it. */
type Message = { readonly bytes: Uint8Array; readonly rest: Uint8Array };

/** What is put on the line, where in it the message begins, and with which byte it is whole. */
type Dressed = { readonly bytes: Uint8Array; readonly begin: number; readonly end: number };

/** A serial line with one sensor that talks by itself, or answers text, at the pace of its baud. */
export class SimTalkerLine {
  /** All that was said, in order. */
  readonly said: TalkTruth[] = [];
  faults: Faults<TalkFault> = {};
  /** How often a message is handed over in several pieces. */
  splits = 0;
  readonly #settings: TalkerLineSettings;
  #link: SimLink | null = null;
  #openings = 0;
  #isPlugged = true;
  /** When the last character so far is over. */
  #busyUntil = 0;

  constructor(settings: TalkerLineSettings) {
    this.#settings = settings;
    const { talker, random, sayMs } = settings;
    if (talker.ask === null) this.#sayIn(random.between(0, sayMs));
  }

  /** Opens the port. Throws `link.refused` while the adapter is unplugged or the port is taken. */
  open({ path }: SerialSettings, life: number): SimLink {
    const isFree = this.#isPlugged && this.#link === null;
    this.#note(isFree ? `opened by life ${life}` : "refused");
    if (!isFree) throw new GatewayError("link.refused", `cannot open ${path}`);
    const link = new SimLink(
      () => this.#asked(),
      () => {
        this.#link = null;
        this.#note("closed");
      },
    );
    this.#link = link;
    this.#openings += 1;
    return link;
  }

  /** The adapter vanishes. */
  unplug(): void {
    this.#note("unplugged");
    this.#isPlugged = false;
    this.#link?.end("the device is gone");
  }

  /** The adapter is there again. */
  plug(): void {
    this.#note("plugged");
    this.#isPlugged = true;
  }

  /** The opening of now; 0 where the port is closed. */
  get #opening(): number {
    return this.#link === null ? 0 : this.#openings;
  }

  #note(what: string): void {
    this.#settings.trace.add(this.#settings.talker.bus, what);
  }

  #sayIn(ms: number): void {
    const { clock, sayMs } = this.#settings;
    clock.at(clock.uptime() + ms, () => {
      this.#say();
      this.#sayIn(sayMs);
    });
  }

  #asked(): void {
    const { clock, random } = this.#settings;
    clock.at(clock.uptime() + random.between(1, ANSWER_MS), () => this.#say());
  }

  #say(): void {
    const { random, talker } = this.#settings;
    const fault = drawFault(random, TALK_FAULTS, this.faults);
    if (fault === "silent") return;
    const n = this.said.length;
    const [first = "", second = ""] = talker.points.map(({ id }) => id);
    const values = [(n % 3600) / 10, n % 1000] as const;
    const truth: TalkTruth = {
      values: new Map([
        [first, talker.protocol.kind === "binary" ? n % 3600 : values[0]],
        [second, values[1]],
      ]),
      ...{ fault, isIntact: true, opening: 0, deliveredAt: null, deliveredWall: null },
    };
    this.said.push(truth);
    this.#send(this.#dressed(fault, this.#messageOf(values), truth), truth);
  }

  #messageOf([first, second]: readonly [number, number]): Message {
    const line = (text: string) => {
      // The line is whole with the first character of its ending.
      const bytes = Uint8Array.from(Buffer.from(text, "latin1"));
      return { bytes: bytes.subarray(0, -1), rest: bytes.subarray(-1) };
    };
    switch (this.#settings.talker.protocol.kind) {
      case "text":
        return line(`L=${first} m, T=${second} C\r\n`);
      case "nmea":
        return line(nmeaSentence(`WIMWV,${first},R,${second},K,A`));
      case "binary":
        return { bytes: dustFrame(Math.round(first * 10), second, 0), rest: new Uint8Array(0) };
    }
  }

  /** What the fault makes of the message: all bytes, and between which of them it is whole. */
  #dressed(fault: TalkFault | null, { bytes, rest }: Message, truth: TalkTruth): Dressed {
    const { random, talker } = this.#settings;
    const before = fault === "noisy" ? noise(random, random.integer(1, 12)) : new Uint8Array(0);
    const hasSum = talker.protocol.kind !== "text";
    if (fault === "half" || (fault === "wrong-sum" && !hasSum)) {
      truth.isIntact = false;
      return { bytes: bytes.slice(0, random.integer(1, bytes.length - 1)), begin: 0, end: 0 };
    }
    const said = Uint8Array.of(...before, ...bytes, ...rest);
    if (fault === "wrong-sum") {
      truth.isIntact = false;
      // The last byte of the check sum: before the ending, where there is one.
      said[said.length - 1 - 2 * rest.length]! ^= 1;
    }
    return { bytes: said, begin: before.length, end: said.length - rest.length };
  }

  #send({ bytes, begin, end }: Dressed, truth: TalkTruth): void {
    const { clock, random, baud } = this.#settings;
    const from = Math.max(clock.uptime(), this.#busyUntil);
    this.#busyUntil = from + bytes.length * characterMs(baud);
    const pieces = random.chance(this.splits) ? split(random, bytes, 4) : [bytes];
    let sent = 0;
    for (const piece of pieces) {
      const at = sent;
      sent += piece.length;
      const isFirst = at <= begin && sent > begin;
      const isWhole = at < end && sent >= end;
      // Of the noise before a message, and of what stands behind it, any part may be missed.
      const isOwn = sent > begin && at < end;
      clock.at(from + sent * characterMs(baud), () => {
        if (isFirst) truth.opening = this.#opening;
        // Whoever is handed its first piece must be handed all of them.
        const isMissed = truth.opening === 0 || truth.opening !== this.#opening;
        if (isOwn && isMissed) truth.isIntact = false;
        this.#deliver(piece, isWhole ? truth : null);
      });
    }
  }

  #deliver(piece: Uint8Array, whole: TalkTruth | null): void {
    const { clock } = this.#settings;
    const isHeard = this.#link !== null;
    this.#note(`${isHeard ? "<" : "lost"} ${hex(piece)}`);
    if (isHeard && whole !== null) {
      whole.deliveredAt = clock.uptime();
      whole.deliveredWall = clock.ruler();
    }
    this.#link?.deliver(piece);
  }
}
