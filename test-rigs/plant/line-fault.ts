import { flipBits, noise } from "../sim/bus-faults.ts";
import type { Random } from "../sim/random.ts";
import { collided, otherAnswer } from "./collision.ts";
import type { Framing, FramingName, Request } from "./frame.ts";
import { answer, type ModbusDevice } from "./modbus-device.ts";
import { characterMs, silenceMs } from "./wire.ts";

/**
 * What is wrong with a device on a serial line, be it real or simulated.
 *
 * - `dead`: it does not answer
 * - `slow`, `late`: its answer is whole `untilMs` milliseconds after the request, which is within
 *   the time-out or beyond it
 * - `wrong-unit`: it answers in the name of the next unit
 * - `noisy`: random characters come before its answer
 * - `echoing`: the request comes back before its answer
 * - `split`: it pauses for `gapMs` milliseconds in the middle of its answer
 * - `exception`: it refuses with this exception code
 * - `busy`: it refuses because it has something else to do
 * - `colliding`: another device has the same unit, and they speak at once
 * - `garbage`: it answers with random characters
 * - `trailing`: random characters come behind its answer
 * - `truncated`: the end of its answer is missing
 * - `flipped`: one to three bits of its answer are inverted
 * - `bad-crc`: its check sum is wrong
 * - `doubled`: its answer comes twice in one piece
 * - `twice`: its answer comes again `gapMs` milliseconds later, as where a serial server asks again
 *   by itself
 */
export type LineFault =
  | { readonly kind: "dead" | "wrong-unit" | "noisy" | "echoing" | "busy" | "colliding" }
  | { readonly kind: "garbage" | "trailing" | "truncated" | "flipped" | "bad-crc" | "doubled" }
  | { readonly kind: "slow" | "late"; readonly untilMs: number }
  | { readonly kind: "split" | "twice"; readonly gapMs: number }
  | { readonly kind: "exception"; readonly code: number };

/** Every mishap of a serial line by its name. */
export type LineFaultKind = LineFault["kind"];

export const LINE_FAULTS: readonly LineFaultKind[] = [
  "dead",
  "slow",
  "late",
  "wrong-unit",
  "noisy",
  "echoing",
  "split",
  "exception",
  "busy",
  "colliding",
  "garbage",
  "trailing",
  "truncated",
  "flipped",
  "bad-crc",
  "doubled",
  "twice",
];

/** Refusals that devices, and the gateways in front of them, are seen to make. */
export const EXCEPTIONS = [1, 2, 3, 4, 6, 10, 11];

/** Has something else to do (Modbus Application Protocol V1.1b3, 7). */
export const BUSY = 6;

/** The longest pause within an answer that is drawn, in milliseconds. */
const GAP_MS = 40;

/** What bounds the times that are drawn, in milliseconds. */
export type FaultLimits = {
  readonly timeoutMs: number;
  /** No answer is whole later than this after its request. */
  readonly longestMs: number;
  /** The longest between an answer and its second copy; 0 where none is by itself. */
  readonly copyMs: number;
};

/** A mishap of this kind. */
export function drawLineFault(
  kind: LineFaultKind,
  { timeoutMs, longestMs, copyMs }: FaultLimits,
  random: Random,
): LineFault {
  switch (kind) {
    case "slow":
      return { kind, untilMs: random.between(timeoutMs * 0.3, timeoutMs * 0.9) };
    case "late":
      return { kind, untilMs: random.between(timeoutMs * 0.9, longestMs) };
    case "split":
      return { kind, gapMs: random.between(1, GAP_MS) };
    case "twice":
      return copyMs === 0 ? { kind: "doubled" } : { kind, gapMs: random.between(0, copyMs) };
    case "exception":
      return { kind, code: random.pick(EXCEPTIONS) };
    default:
      return { kind };
  }
}

/** What a line, and the devices on it, take for an answer, in milliseconds. */
export type LineTiming = {
  readonly characterMs: number;
  /** From the end of a request to an answer at the soonest. */
  readonly silenceMs: number;
  /** The most that a device takes for itself on top. */
  readonly turnaroundMs: number;
};

/** The times of a line of `baud`: frames of ASCII need no silence around them. */
export function lineTiming(framing: FramingName, baud: number, turnaroundMs: number): LineTiming {
  const isText = framing === "ascii";
  return {
    characterMs: characterMs(baud),
    silenceMs: isText ? 0 : silenceMs(baud),
    turnaroundMs,
  };
}

/** What is put on the line, and so long after the end of the request, in milliseconds. */
export type Sent = { readonly delayMs: number; readonly bytes: Uint8Array };

/** What a device does about a request. */
export type Reply = {
  /** What it answers, be it heard or not; null where it never heard of the request. */
  readonly pdu: Uint8Array | null;
  /** In the order of sending; what is due while the one before is on the line comes behind it. */
  readonly sent: readonly Sent[];
  /** Where its answer lies among all bytes sent, as it made it; null where it is spoilt. */
  readonly own: { readonly from: number; readonly to: number } | null;
};

const NOTHING: Reply = { pdu: null, sent: [], own: null };

/**
 * What `device` does about `request` at time `atMs` of its signals, if `fault` is wrong with it.
 * All chance comes from `random`; only a write changes the device.
 */
export function replyOf(
  device: ModbusDevice,
  fault: LineFault | null,
  framing: Framing,
  request: Request,
  timing: LineTiming,
  atMs: number,
  random: Random,
): Reply {
  if (fault?.kind === "dead") return NOTHING;
  const refused = refusalBy(fault);
  const pdu =
    refused === null
      ? answer(device, request.pdu, atMs)
      : Uint8Array.of((request.pdu[0] ?? 0) | 0x80, refused);
  const { bytes, own } = dressed(fault, framing, request, pdu, random);
  const promptMs = timing.silenceMs + random.between(0, timing.turnaroundMs);
  const lengthMs = bytes.length * timing.characterMs;
  const isPutOff = fault?.kind === "slow" || fault?.kind === "late";
  const delayMs = isPutOff ? Math.max(timing.silenceMs, fault.untilMs - lengthMs) : promptMs;
  if (fault?.kind === "twice") {
    const copy = { delayMs: delayMs + lengthMs + fault.gapMs, bytes };
    return { pdu, sent: [{ delayMs, bytes }, copy], own };
  }
  if (fault?.kind !== "split") return { pdu, sent: [{ delayMs, bytes }], own };
  const middle = bytes.length >> 1;
  const laterMs = delayMs + middle * timing.characterMs + fault.gapMs;
  const halves = [
    { delayMs, bytes: bytes.subarray(0, middle) },
    { delayMs: laterMs, bytes: bytes.subarray(middle) },
  ];
  return { pdu, sent: halves, own };
}

function refusalBy(fault: LineFault | null): number | null {
  if (fault?.kind === "busy") return BUSY;
  return fault?.kind === "exception" ? fault.code : null;
}

/** The frame of `pdu` with what `fault` makes of it. */
function dressed(
  fault: LineFault | null,
  { frame: frameOf, parse }: Framing,
  { unit, frame: asked }: Request,
  pdu: Uint8Array,
  random: Random,
): { readonly bytes: Uint8Array; readonly own: Reply["own"] } {
  const frame = frameOf(unit, pdu);
  const isSound = (bytes: Uint8Array) => parse(bytes) !== null;
  const spoilt = (bytes: Uint8Array) => ({ bytes, own: null });
  const within = (before: Uint8Array, behind: Uint8Array) => ({
    bytes: Uint8Array.of(...before, ...frame, ...behind),
    own: { from: before.length, to: before.length + frame.length },
  });
  const some = () => noise(random, random.integer(1, 12));
  switch (fault?.kind) {
    case "wrong-unit":
      return spoilt(frameOf((unit % 247) + 1, pdu));
    case "noisy":
      return within(some(), NO_BYTES);
    case "trailing":
      return within(NO_BYTES, some());
    case "echoing":
      return within(asked, NO_BYTES);
    case "doubled":
      return within(NO_BYTES, frame);
    case "garbage":
      return spoilt(noise(random, frame.length));
    case "truncated":
      return spoilt(frame.slice(0, random.integer(1, frame.length - 1)));
    case "flipped":
      return spoilt(damaged(frame, isSound, random));
    case "bad-crc":
      return spoilt(frameOf(unit, pdu, 0xff));
    case "colliding": {
      const other = frameOf(unit, otherAnswer(pdu, random));
      const behind = random.integer(0, frame.length - 1);
      return spoilt(collided(frame, other, behind, isSound, random));
    }
    default:
      return within(NO_BYTES, NO_BYTES);
  }
}

const NO_BYTES = new Uint8Array(0);

/** `frame` with a few bits inverted; in ASCII two of them may cancel out, which none could tell. */
function damaged(
  frame: Uint8Array,
  isSound: (bytes: Uint8Array) => boolean,
  random: Random,
): Uint8Array {
  let bytes = flipBits(random, frame);
  while (isSound(bytes)) bytes = flipBits(random, bytes);
  return bytes;
}
