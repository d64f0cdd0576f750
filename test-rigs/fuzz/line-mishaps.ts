import { withCrc } from "../../drivers/modbus/crc16.ts";
import { flipBits, noise } from "../sim/bus-faults.ts";
import type { Random } from "../sim/random.ts";
import { answerTo, type Exchange, isRepeated } from "./exchange.ts";

/** What can befall an answer on a serial line, and how often. */
const MISHAPS = {
  none: 4,
  /** Bits within 16 in a row are inverted: what CRC-16 always shows. In ASCII one character. */
  burst: 3,
  /** Up to 64 bits in a row are anything. */
  gust: 2,
  flips: 1,
  truncated: 1,
  lost: 1,
  added: 1,
  /** The right head and anything behind it: only the check sum can tell. */
  forged: 3,
  noise: 2,
  /** Bytes before it that begin as the answer does. */
  begun: 1,
  foreign: 1,
  misfit: 1,
  echo: 1,
  twice: 1,
} as const;

export type LineMishap = keyof typeof MISHAPS;

/** What comes over the line after a request. */
export type Answered = { readonly mishap: LineMishap; readonly bytes: Uint8Array };

/** How unit, PDU and check sum stand on the line. */
export type Write = (adu: Uint8Array) => Uint8Array;

/** Draws what comes over the line. `isText` says that characters are its bytes. */
export function drawAnswered(
  random: Random,
  { request, answer }: Exchange,
  write: Write,
  isText: boolean,
): Answered {
  const mishap = random.weighted(MISHAPS);
  const sent = write(answer);
  const bytes = (...parts: readonly Uint8Array[]) => ({ mishap, bytes: Buffer.concat(parts) });
  const at = random.integer(0, sent.length - 1);
  switch (mishap) {
    case "none":
      return bytes(sent);
    case "burst":
      return bytes(isText ? withCharacter(random, sent, at) : burst(random, sent, 16));
    case "gust":
      return bytes(burst(random, sent, 64));
    case "flips":
      return bytes(flipBits(random, flipBits(random, sent)));
    case "truncated":
      return bytes(sent.subarray(0, at));
    case "lost":
      return bytes(sent.subarray(0, at), sent.subarray(at + 1));
    case "added":
      return bytes(sent.subarray(0, at), noise(random, 1), sent.subarray(at));
    case "forged":
      return bytes(forged(random, answer, write, isText));
    case "noise":
      return bytes(noise(random, random.integer(1, 20)), sent, noise(random, random.integer(0, 8)));
    case "begun":
      return bytes(sent.subarray(0, Math.min(at, 4)), sent);
    case "foreign":
      return bytes(write(ofUnit(answer, (request[0] as number) + 1)), sent);
    case "misfit":
      return bytes(write(longer(random, request)), sent);
    case "echo":
      // Nothing tells an echo from an answer that repeats the request.
      return isRepeated(request) ? bytes(sent) : bytes(write(request), sent);
    case "twice":
      return bytes(sent, sent);
  }
}

/** `frame` with bits inverted within `most` in a row, the first of them for certain. */
function burst(random: Random, frame: Uint8Array, most: number): Uint8Array {
  const bits = frame.length * 8;
  const length = random.integer(1, Math.min(most, bits));
  const from = random.integer(0, bits - length);
  const hit = frame.slice();
  for (let bit = from; bit < from + length; bit++) {
    if (bit === from || random.chance(0.5)) hit[bit >> 3]! ^= 1 << (bit & 7);
  }
  return hit;
}

function withCharacter(random: Random, frame: Uint8Array, at: number): Uint8Array {
  return frame.with(at, (frame[at] as number) ^ random.integer(1, 255));
}

/** A frame of the form of `answer` with random data and a random check sum. */
function forged(random: Random, answer: Uint8Array, write: Write, isText: boolean): Uint8Array {
  const adu = Uint8Array.of(...answer.subarray(0, 3), ...noise(random, answer.length - 3));
  if (!isText) return adu;
  // Behind the colon each byte is two digits; the last before CR and LF is the check sum.
  const digits = Buffer.from(noise(random, 1)).toString("hex");
  const frame = Buffer.from(write(adu));
  frame.write(digits, frame.length - 4, "latin1");
  return frame;
}

function ofUnit(adu: Uint8Array, unit: number): Uint8Array {
  return withCrc(Uint8Array.of(unit, ...adu.subarray(1, -2)));
}

/** An answer to a request like `request` that asks for more. */
function longer(random: Random, request: Uint8Array): Uint8Array {
  const count = request[5] as number;
  return isRepeated(request)
    ? ofUnit(request, (request[0] as number) + 1)
    : answerTo(random, request.with(5, (count + 16) & 0x7f || 1));
}
