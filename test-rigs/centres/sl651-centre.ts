import type { WallMs } from "../../edge/core/time.ts";
import { FrameSearch } from "../../edge/forward/frame-search.ts";
import { RemarkList } from "../../edge/forward/remark-list.ts";
import { confirmation, repeatRequest } from "../../edge/forward/sl651/answers.ts";
import type { Body, Part } from "../../edge/forward/sl651/body.ts";
import { encodeFrame } from "../../edge/forward/sl651/encode.ts";
import { decodeFrame, STREAM_RULES } from "../../edge/forward/sl651/frame.ts";
import type { Encoding, Frame } from "../../edge/forward/sl651/header.ts";
import { FrameJoiner } from "../../edge/forward/sl651/packets.ts";
import { readBody } from "../../edge/forward/sl651/read-body.ts";
import type { Remarks } from "../../edge/forward/sl651/remarks.ts";
import { stampOf } from "../../edge/forward/sl651/times.ts";
import { elementValue, type Value } from "../../edge/forward/sl651/values.ts";
import { writeBody } from "../../edge/forward/sl651/write-body.ts";

/** One message that the centre got. */
export type Received = {
  readonly functionCode: number;
  readonly serial: number;
  /** YYMMDDHHmm, or an empty text. */
  readonly time: string;
  readonly body: Body;
  /** How many packets it came in. */
  readonly packets: number;
};

type Login = {
  readonly centre: number;
  readonly station: string;
  readonly password: string;
  readonly encoding: Encoding;
};

/** A centre that speaks SL 651, whatever carries its bytes: it confirms, loses, asks and sets. */
export class Sl651CentreModel {
  readonly received: Received[] = [];
  /** What answered its queries. */
  readonly replies: Received[] = [];
  keepAlives = 0;
  faults = 0;
  /** Whether the confirmation of this frame is lost on its way. */
  losesAnswerTo: (frame: Frame) => boolean = () => false;
  /** Whether this packet is lost before it comes here. */
  losesPacket: (frame: Frame) => boolean = () => false;
  readonly #login: Login;
  readonly #now: () => WallMs;
  readonly #asked = new Set<number>();
  #write: ((bytes: Uint8Array) => void) | null = null;

  constructor(login: Login, now: () => WallMs) {
    this.#login = login;
    this.#now = now;
  }

  /** Somebody is on the line; the function returned takes what they send. */
  connected(write: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void {
    this.#write = write;
    const search = new FrameSearch(STREAM_RULES);
    const joiner = new FrameJoiner();
    return (bytes) => {
      for (const { kind, bytes: frame } of search.take(bytes)) {
        if (kind === "frame") this.#hear(frame, joiner);
        else this.faults++;
      }
    };
  }

  /** The reports of one function, by the time that they were observed; a repeat counts once. */
  byTime(functionCode: number): ReadonlyMap<string, Received> {
    const own = this.received.filter((each) => each.functionCode === functionCode);
    return new Map(own.map((each) => [each.time, each]));
  }

  /** What an element of a message says; null where it is not in it. */
  valueOf(message: Received | undefined, tag: string): Value | null {
    const part = message?.body.parts.find(
      (each) => each.kind === "element" && each.head.tag === tag,
    );
    if (part?.kind !== "element") return null;
    return elementValue(this.#login.encoding, part.head, part.raw);
  }

  /** The values at equal steps of a message. */
  stepsOf(message: Received | undefined): readonly Value[] {
    const part = message?.body.parts.find((each) => each.kind === "uniform");
    if (part?.kind !== "uniform") return [];
    const [head] = part.heads;
    return head ? part.raws.map((raw) => elementValue(this.#login.encoding, head, raw)) : [];
  }

  /** Asks with serial number 0 (M4). */
  ask(functionCode: number, parts: readonly Part[] = [], more: Partial<Frame> = {}): void {
    const { encoding, centre, station, password } = this.#login;
    const body: Body = { serial: 0, sentAt: stampOf(this.#now()), parts };
    const frame: Frame = {
      encoding,
      direction: "down",
      centre,
      station,
      password,
      functionCode,
      packet: null,
      body: writeBody({ encoding, functionCode }, body),
      end: "ENQ",
      ...more,
    };
    this.#asked.add(functionCode);
    this.say(encodeFrame(frame));
  }

  /** Sends any bytes. */
  say(bytes: Uint8Array): void {
    this.#write?.(bytes);
  }

  #hear(bytes: Uint8Array, joiner: FrameJoiner): void {
    const { frame, faults } = decodeFrame(bytes);
    if (frame === null || faults.length > 0 || frame.station !== this.#login.station) {
      this.faults++;
      return;
    }
    if (this.losesPacket(frame)) return;
    if (frame.functionCode === 0x2f) {
      this.keepAlives++;
      return;
    }
    const isLast = frame.end === "ETX";
    const message = joiner.add(frame);
    if (message === null) {
      const missing = joiner.missing(frame);
      const isReply = this.#asked.has(frame.functionCode);
      // A reply waits for leave to go on; of a report what is missing is asked for at its end.
      if (isReply) this.#answer(confirmation(frame, 0, this.#stamp, "ACK"), frame);
      else if (isLast && missing[0] !== undefined) {
        // Its serial number stands in the first packet, which may be the one that is missing.
        this.#answer(repeatRequest(frame, this.#nextSerial, this.#stamp, missing[0]), frame);
      }
      return;
    }
    this.#take(message, frame);
  }

  #take(message: Frame, last: Frame): void {
    const remarks: Remarks = new RemarkList();
    const body = readBody(message, 0, remarks);
    if (remarks.faults.length > 0 || body.serial === null) {
      this.faults++;
      return;
    }
    const time = body.parts.find((part) => part.kind === "time")?.at ?? "";
    const { functionCode } = message;
    const packets = last.packet?.total ?? 1;
    const told = { functionCode, serial: body.serial, time, body, packets };
    if (body.serial === 0) {
      this.replies.push(told);
      return;
    }
    this.received.push(told);
    this.#answer(confirmation(last, body.serial, this.#stamp, "ESC"), message);
  }

  #answer(answer: Frame, to: Frame): void {
    if (!this.losesAnswerTo(to)) this.say(encodeFrame(answer));
  }

  /** The serial number that the station uses next. */
  get #nextSerial(): number {
    return (this.received.at(-1)?.serial ?? 0) + 1;
  }

  get #stamp(): string {
    return stampOf(this.#now());
  }
}
