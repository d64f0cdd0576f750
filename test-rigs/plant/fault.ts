import { collided, otherAnswer } from "./collision.ts";
import { rtuFrame, tcpFrame } from "./frame.ts";

/**
 * What is wrong with a device.
 *
 * - `silent`: it does not answer, as a dead one
 * - `late`: it answers `byMs` milliseconds later than it should
 * - `exception`: it refuses with this exception code
 * - `busy`: it refuses because it has something else to do
 * - `split`: it pauses for `gapMs` milliseconds in the middle of its answer
 * - `garbage`: it answers with random characters
 * - `half`: it stops in the middle of its answer
 * - `wrong-unit`: it answers in the name of the next unit
 * - `bad-crc`: its check sum is wrong; over TCP, its transaction identifier
 * - `noise`: random characters come before its answer; over TCP the same as garbage
 * - `collide`: another device has the same unit, and they speak at once; over TCP the converter in
 *   front of them says that the unit does not answer
 */
export type Fault =
  | { readonly kind: "silent" | "garbage" | "half" | "wrong-unit" | "bad-crc" | "noise" }
  | { readonly kind: "busy" | "collide" }
  | { readonly kind: "split"; readonly gapMs: number }
  | { readonly kind: "late"; readonly byMs: number }
  | { readonly kind: "exception"; readonly code: number };

/** What goes on the line, and how much later than it should; and what follows as much later again. */
export type Sent = {
  readonly bytes: Uint8Array;
  readonly delayMs: number;
  readonly next?: { readonly bytes: Uint8Array; readonly delayMs: number };
};

/** Draws a number in [0, 1). */
export type Random = () => number;

const NOTHING = new Uint8Array(0);

/** Exception codes (Modbus Application Protocol V1.1b3, 7). */
const BUSY = 6;
const TARGET_FAILED = 11;

/** The RTU answer `pdu` of `unit` as it leaves a device with `fault`. */
export function rtuAnswer(
  fault: Fault | null,
  unit: number,
  pdu: Uint8Array,
  random: Random,
): Sent {
  const frame = rtuFrame(unit, pdu);
  switch (fault?.kind) {
    case undefined:
      return { bytes: frame, delayMs: 0 };
    case "silent":
      return { bytes: NOTHING, delayMs: 0 };
    case "late":
      return { bytes: frame, delayMs: fault.byMs };
    case "exception":
      return { bytes: rtuFrame(unit, refusal(pdu, fault.code)), delayMs: 0 };
    case "garbage":
      return { bytes: randomBytes(frame.length, random), delayMs: 0 };
    case "half":
      return { bytes: frame.subarray(0, frame.length >> 1), delayMs: 0 };
    case "wrong-unit":
      return { bytes: rtuFrame((unit % 247) + 1, pdu), delayMs: 0 };
    case "bad-crc":
      return { bytes: withLastByteFlipped(frame), delayMs: 0 };
    case "noise":
      return { bytes: Buffer.concat([randomBytes(5, random), frame]), delayMs: 0 };
    case "busy":
      return { bytes: rtuFrame(unit, refusal(pdu, BUSY)), delayMs: 0 };
    case "split":
      return halves(frame, fault.gapMs);
    case "collide": {
      const other = rtuFrame(unit, otherAnswer(pdu, random));
      const behind = Math.floor(random() * frame.length);
      return { bytes: collided(frame, other, behind, random), delayMs: 0 };
    }
  }
}

/** The TCP answer `pdu` of `unit` as it leaves a device with `fault`. */
export function tcpAnswer(
  fault: Fault | null,
  transaction: number,
  unit: number,
  pdu: Uint8Array,
  random: Random,
): Sent {
  const frame = tcpFrame(transaction, unit, pdu);
  switch (fault?.kind) {
    case undefined:
      return { bytes: frame, delayMs: 0 };
    case "silent":
      return { bytes: NOTHING, delayMs: 0 };
    case "late":
      return { bytes: frame, delayMs: fault.byMs };
    case "exception":
      return { bytes: tcpFrame(transaction, unit, refusal(pdu, fault.code)), delayMs: 0 };
    case "garbage":
    case "noise":
      return { bytes: randomBytes(frame.length, random), delayMs: 0 };
    case "half":
      return { bytes: frame.subarray(0, frame.length >> 1), delayMs: 0 };
    case "wrong-unit":
      return { bytes: tcpFrame(transaction, (unit + 1) & 0xff, pdu), delayMs: 0 };
    case "bad-crc":
      return { bytes: tcpFrame((transaction + 1) & 0xffff, unit, pdu), delayMs: 0 };
    case "busy":
      return { bytes: tcpFrame(transaction, unit, refusal(pdu, BUSY)), delayMs: 0 };
    case "split":
      return halves(frame, fault.gapMs);
    case "collide":
      return { bytes: tcpFrame(transaction, unit, refusal(pdu, TARGET_FAILED)), delayMs: 0 };
  }
}

function halves(frame: Uint8Array, gapMs: number): Sent {
  const middle = frame.length >> 1;
  const next = { bytes: frame.subarray(middle), delayMs: gapMs };
  return { bytes: frame.subarray(0, middle), delayMs: 0, next };
}

function refusal(pdu: Uint8Array, code: number): Uint8Array {
  return Uint8Array.of((pdu[0] ?? 0) | 0x80, code);
}

function withLastByteFlipped(frame: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(frame);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0xff;
  return bytes;
}

function randomBytes(length: number, random: Random): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}
