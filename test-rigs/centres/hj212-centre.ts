import type { WallMs } from "../../edge/core/time.ts";
import { FrameSearch } from "../../edge/forward/frame-search.ts";
import { dataAnswer, noticeAnswer } from "../../edge/forward/hj212/answers.ts";
import { encodeFrame } from "../../edge/forward/hj212/encode.ts";
import { type Factor, factorsOf } from "../../edge/forward/hj212/factors.ts";
import { decodeFrame, streamRules } from "../../edge/forward/hj212/frame.ts";
import { flagBits, type Item, type Packet, parameterOf } from "../../edge/forward/hj212/packet.ts";
import { PacketJoiner } from "../../edge/forward/hj212/split.ts";
import { qnOf } from "../../edge/forward/hj212/times.ts";

/** One message that the centre got. */
export type Received = {
  readonly cn: string;
  /** DataTime, or an empty text. */
  readonly dataTime: string;
  readonly isResent: boolean;
  readonly factors: readonly Factor[];
  readonly packet: Packet;
};

/** Who sends to the centre. */
type Caller = {
  readonly write: (bytes: Uint8Array) => void;
  readonly search: FrameSearch;
  readonly joiner: PacketJoiner;
};

/**
 * A centre that speaks HJ 212, whatever carries its bytes: it answers data and notices, keeps all that
 * it gets, and can be told to lose answers, to ask, and to set.
 */
export class Hj212CentreModel {
  /** Messages in the order in which they were whole; one that came again stands there again. */
  readonly received: Received[] = [];
  /** Answers to requests, 9011 and 9012, and notices of the field. */
  readonly answers: Packet[] = [];
  /** Frames that were not sound. */
  faults = 0;
  /** Whether the answer to this packet is lost on its way. */
  losesAnswerTo: (packet: Packet) => boolean = () => false;
  readonly #login: { readonly mn: string; readonly password: string; readonly system: string };
  readonly #now: () => WallMs;
  #caller: Caller | null = null;
  #lastQn = 0;

  constructor(
    login: { readonly mn: string; readonly password: string; readonly system: string },
    now: () => WallMs,
  ) {
    this.#login = login;
    this.#now = now;
  }

  /** Somebody is on the line; the function returned takes what they send. */
  connected(write: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void {
    const caller = { write, search: new FrameSearch(streamRules()), joiner: new PacketJoiner() };
    this.#caller = caller;
    return (bytes) => {
      for (const { kind, bytes: frame } of caller.search.take(bytes)) {
        if (kind === "frame") this.#hear(caller, frame);
        else this.faults++;
      }
    };
  }

  /** What was told of the periods or moments of command `cn`, by DataTime; a repeat counts once. */
  byTime(cn: string): ReadonlyMap<string, Received> {
    const own = this.received.filter((message) => message.cn === cn);
    return new Map(own.map((message) => [message.dataTime, message]));
  }

  /** The QnRtn and ExeRtn that the request `qn` got, in their order. */
  resultsOf(qn: string): readonly string[] {
    return this.answers
      .filter((packet) => packet.qn === qn)
      .flatMap(({ cp }) => parameterOf(cp, "QnRtn") ?? parameterOf(cp, "ExeRtn") ?? []);
  }

  /** Sends the request `cn` with these parameters; returns its QN. */
  ask(cn: string, parameters: Readonly<Record<string, string>> = {}, more: Partial<Packet> = {}) {
    const items = Object.entries(parameters).map(([name, value]): Item => ({ name, value }));
    const { mn, password, system } = this.#login;
    this.#lastQn = Math.max(this.#lastQn + 1, this.#now());
    const packet: Packet = {
      qn: qnOf(this.#lastQn as WallMs),
      st: system,
      cn,
      pw: password,
      mn,
      flag: 5,
      pnum: null,
      pno: null,
      isResent: false,
      cp: items.map((item) => [item]),
      ...more,
    };
    this.say(encodeFrame(packet));
    return packet.qn as string;
  }

  /** Sends any bytes. */
  say(bytes: Uint8Array): void {
    this.#caller?.write(bytes);
  }

  #hear(caller: Caller, frame: Uint8Array): void {
    const { packet, faults } = decodeFrame(frame);
    if (packet !== null && /^901[1-4]$/.test(packet.cn ?? "")) {
      this.answers.push(packet);
      return;
    }
    if (packet === null || faults.length > 0 || packet.mn !== this.#login.mn) {
      this.faults++;
      return;
    }
    const wantsAnswer = packet.flag !== null && flagBits(packet.flag).wantsAnswer;
    const message = caller.joiner.add(packet);
    if (message !== null) this.received.push(receivedOf(message));
    if (!wantsAnswer || this.losesAnswerTo(packet)) return;
    const answer = packet.cn === "1013" ? noticeAnswer(packet) : dataAnswer(packet);
    caller.write(encodeFrame(answer));
  }
}

function receivedOf(packet: Packet): Received {
  return {
    cn: packet.cn ?? "",
    dataTime: parameterOf(packet.cp, "DataTime") ?? "",
    isResent: packet.isResent,
    factors: factorsOf(packet),
    packet,
  };
}

/** The text of one field of one factor, or null. */
export function told(message: Received | undefined, code: string, field: string): string | null {
  const factor = message?.factors.find((each) => each.code === code);
  return factor?.fields.find((each) => each.field === field)?.value ?? null;
}
