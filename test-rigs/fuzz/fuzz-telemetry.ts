import { type FrameRules, FrameSearch } from "../../edge/forward/frame-search.ts";
import { encodeFrame as encodePacket } from "../../edge/forward/hj212/encode.ts";
import { decodeFrame as decodePacket, streamRules } from "../../edge/forward/hj212/frame.ts";
import { PacketJoiner } from "../../edge/forward/hj212/split.ts";
import { encodeFrame } from "../../edge/forward/sl651/encode.ts";
import { decodeFrame, STREAM_RULES } from "../../edge/forward/sl651/frame.ts";
import { FrameJoiner } from "../../edge/forward/sl651/packets.ts";
import { writeBody } from "../../edge/forward/sl651/write-body.ts";
import { crc16 } from "../plant/frame.ts";
import { flipBits, noise, split } from "../sim/bus-faults.ts";
import { Random } from "../sim/random.ts";
import { newTally, noteWrong, type Tally } from "./tally.ts";
import { drawHj212, drawSl651 } from "./telemetry-frames.ts";

/** How a protocol of telemetry is fuzzed. */
type Protocol = {
  readonly draw: (random: Random) => Uint8Array;
  readonly rules: FrameRules;
  /** The most that may wait for the rest of a frame. */
  readonly waitingMax: number;
  /** Whether the check sum of a frame from the stream is right, computed in another way. */
  readonly isRight: (frame: Uint8Array) => boolean;
  /** Bytes at the end of what is sent that a frame from the stream does not have. */
  readonly tail: number;
  /** What of a frame makes its check sum right; `right` draws one of those that there are. */
  readonly sealed: (random: Random, frame: Uint8Array) => Uint8Array;
  /** Opens what takes frames apart; it says what is wrong with how it did that, or null. */
  readonly open: () => (frame: Uint8Array, isSent: boolean) => string | null;
  readonly oneIn: number;
};

export const TELEMETRY = {
  hj212: {
    draw: drawHj212,
    rules: streamRules(),
    waitingMax: 1034,
    isRight: (frame) => slowHj212(frame.subarray(6, -4)) === digitsAt(frame, frame.length - 4),
    tail: 2,
    sealed: (random, frame) => {
      const crc = random.integer(0, 0xff) * 256 + random.pick([0x00, 0x01, 0x40, 0x41, 0x80, 0x81]);
      return Buffer.concat([frame.subarray(0, -6), digits(crc), frame.subarray(-2)]);
    },
    open: openHj212,
    oneIn: 2 ** 8,
  },
  sl651: {
    draw: drawSl651,
    rules: STREAM_RULES,
    waitingMax: 4124,
    isRight: (frame) => {
      const isText = frame[0] === 1;
      const end = isText ? -4 : -2;
      const given = isText
        ? digitsAt(frame, frame.length - 4)
        : (frame.at(-2) as number) * 256 + (frame.at(-1) as number);
      return crc16(frame.subarray(0, end)) === given;
    },
    tail: 0,
    sealed: (random, frame) => {
      const crc = random.integer(0, 0xffff);
      const isText = frame[0] === 1;
      const seal = isText ? digits(crc) : Uint8Array.of(crc >>> 8, crc & 0xff);
      return Buffer.concat([frame.subarray(0, -seal.length), seal]);
    },
    open: openSl651,
    oneIn: 2 ** 16,
  },
} as const satisfies Readonly<Record<string, Protocol>>;

/** What can befall a frame on its way, and how often. */
const MISHAPS = {
  none: 4,
  flips: 2,
  truncated: 2,
  lost: 1,
  added: 1,
  /** The check sum is another. */
  forged: 2,
  noise: 1,
  /** A header before it that belongs to nothing. */
  begun: 2,
  twice: 1,
  /** Nothing but noise. */
  nothing: 1,
} as const;

type Mishap = keyof typeof MISHAPS;

/**
 * Sends `frames` frames, with and without damage and in any split, in one stream through the search
 * for frames, and takes apart what comes of it and every damaged frame as it is. Whatever was not
 * disturbed must be found; whatever is found and was not sent must have a right check sum, which
 * is by chance; nothing may throw, and nothing wait that a bound does not allow.
 */
export function fuzzTelemetry(protocol: Protocol, frames: number, seed: number): Tally {
  const random = new Random(seed);
  const tally = newTally(protocol.oneIn);
  const search = new FrameSearch(protocol.rules);
  const takeApart = protocol.open();
  for (let frame = 0; frame < frames; frame++) {
    const sent = protocol.draw(random);
    const mishap = random.weighted(MISHAPS);
    const bytes = drawDamaged(random, mishap, sent, protocol);
    tally.frames++;
    const wrong = takeApart(bytes, mishap === "none");
    if (wrong !== null) noteWrong(tally, `${wrong} after ${mishap}`, sent, bytes);
    const accepted: Uint8Array[] = [];
    for (const chunk of split(random, bytes, random.pick([1, 2, 5, 40]))) {
      for (const { kind, bytes: found } of search.take(chunk)) {
        if (kind === "frame") accepted.push(found);
        else tally.refused++;
      }
      if (search.waiting > protocol.waitingMax) noteWrong(tally, "too much waits", sent, bytes);
    }
    judge(tally, protocol, mishap, sent, accepted, bytes);
  }
  return tally;
}

function drawDamaged(
  random: Random,
  mishap: Mishap,
  sent: Uint8Array,
  { sealed }: Protocol,
): Uint8Array {
  const at = random.integer(0, sent.length - 1);
  switch (mishap) {
    case "none":
      return sent;
    case "flips":
      return flipBits(random, flipBits(random, sent));
    case "truncated":
      return sent.subarray(0, at);
    case "lost":
      return Buffer.concat([sent.subarray(0, at), sent.subarray(at + 1)]);
    case "added":
      return Buffer.concat([sent.subarray(0, at), noise(random, 1), sent.subarray(at)]);
    case "forged":
      return sealed(random, sent);
    case "noise":
      return Buffer.concat([noise(random, random.integer(1, 20)), sent, noise(random, 3)]);
    case "begun":
      return Buffer.concat([sent.subarray(0, Math.min(at, 24)), sent]);
    case "twice":
      return Buffer.concat([sent, sent]);
    case "nothing":
      return noise(random, random.integer(1, 60));
  }
}

/** After these the frame stands in the stream as it was sent. */
const WHOLE: ReadonlySet<Mishap> = new Set(["none", "noise", "begun", "twice"]);

function judge(
  tally: Tally,
  { isRight, tail }: Protocol,
  mishap: Mishap,
  sent: Uint8Array,
  accepted: readonly Uint8Array[],
  bytes: Uint8Array,
): void {
  const expected = sameCase(sent.subarray(0, sent.length - tail));
  const isSent = (frame: Uint8Array) => Buffer.compare(sameCase(frame), expected) === 0;
  const right = accepted.filter(isSent).length;
  const others = accepted.filter((frame) => !isSent(frame));
  if (right > 0) tally.right++;
  const wanted = mishap === "twice" ? 2 : WHOLE.has(mishap) ? 1 : 0;
  // The first bytes of a frame may be those that one before it, cut off, lacks.
  if (right < wanted && others.length === 0)
    noteWrong(tally, `not found after ${mishap}`, sent, bytes);
  for (const frame of others) {
    if (isRight(frame)) tally.byChance++;
    else noteWrong(tally, `accepted after ${mishap}`, sent, bytes);
  }
}

/** Digits of a frame in characters are the same in either case, and one bit makes it the other. */
function sameCase(frame: Uint8Array): Uint8Array {
  return frame[0] === 0x7e
    ? frame
    : Buffer.from(Buffer.from(frame).toString("latin1").toUpperCase(), "latin1");
}

/** Takes packets of HJ 212 apart, writes them again and joins them. */
function openHj212(): (bytes: Uint8Array, isSent: boolean) => string | null {
  const joiner = new PacketJoiner();
  return (bytes, isSent) => {
    const { packet, faults, crcValid } = decodePacket(bytes);
    if (!crcValid && faults.length === 0) return "no fault told";
    if (packet !== null) joiner.add(packet);
    if (joiner.waiting > 512) return "too much waits to be joined";
    if (!isSent) return null;
    if (packet === null || faults.length > 0) return "faults told";
    return Buffer.compare(encodePacket(packet), bytes) === 0 ? null : "not written as it was read";
  };
}

/** Takes frames of SL 651 apart, writes them again and joins them. */
function openSl651(): (bytes: Uint8Array, isSent: boolean) => string | null {
  const joiner = new FrameJoiner(100_000);
  return (bytes, isSent) => {
    const { frame, body, faults, crcValid } = decodeFrame(bytes);
    if (!crcValid && faults.length === 0) return "no fault told";
    if (frame !== null) joiner.add(frame);
    if (joiner.waiting > 100_000) return "too much waits to be joined";
    if (frame !== null && body !== null && frame.encoding === "hex") {
      const isSame = Buffer.compare(writeBody(frame, body), frame.body) === 0;
      if (!isSame) return "a body not written as it was read";
    }
    if (!isSent) return null;
    if (frame === null || body === null || faults.length > 0) return "faults told";
    const again = encodeFrame({ ...frame, body: writeBody(frame, body) });
    return Buffer.compare(again, bytes) === 0 ? null : "not written as it was read";
  };
}

/** The check sum of HJ 212 bit by bit, as Annex A describes it. */
function slowHj212(segment: Uint8Array): number {
  let register = 0xffff;
  for (const byte of segment) {
    register = (register >>> 8) ^ byte;
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = (register & 1) === 1;
      register >>>= 1;
      if (isOdd) register ^= 0xa001;
    }
  }
  return register;
}

function digits(crc: number): Uint8Array {
  return Buffer.from(crc.toString(16).toUpperCase().padStart(4, "0"));
}

function digitsAt(frame: Uint8Array, at: number): number {
  return Number.parseInt(Buffer.from(frame.subarray(at, at + 4)).toString("latin1"), 16);
}
