import { rtuFrame, tcpFrame } from "./frame.ts";

/**
 * What is wrong with a device.
 *
 * - `silent`: it does not answer
 * - `late`: it answers `byMs` milliseconds later than it should
 * - `exception`: it refuses with this exception code
 * - `garbage`: it answers with random characters
 * - `half`: it stops in the middle of its answer
 * - `wrong-unit`: it answers in the name of the next unit
 * - `bad-crc`: its check sum is wrong; over TCP, its transaction identifier
 * - `noise`: random characters come before its answer; over TCP the same as garbage
 */
export type Fault =
  | { readonly kind: "silent" | "garbage" | "half" | "wrong-unit" | "bad-crc" | "noise" }
  | { readonly kind: "late"; readonly byMs: number }
  | { readonly kind: "exception"; readonly code: number };

/** What goes on the line, and how much later than it should. */
export type Sent = { readonly bytes: Uint8Array; readonly delayMs: number };

/** Draws a number in [0, 1). */
export type Random = () => number;

const NOTHING = new Uint8Array(0);

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
  }
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
