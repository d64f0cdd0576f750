import type { UptimeMs } from "../../edge/core/time.ts";

/**
 * What was found in the received bytes.
 *
 * - `answer`: the pending request's; `adu` is unit, PDU and check sum as on a serial line
 * - `damaged`: it looks like the whole answer, or an exception, and does not pass its check sum
 * - `misfit`: the unit answered the function with another length than the request makes
 * - `stray`: a valid frame of `unit` that answers nothing that is pending
 * - `nonsense`: bytes after which no frame's start can be known again; the link must be closed
 */
export type Found =
  | { readonly kind: "answer"; readonly adu: Uint8Array }
  | { readonly kind: "damaged"; readonly isException: boolean }
  | { readonly kind: "misfit" | "nonsense" }
  | { readonly kind: "stray"; readonly unit: number };

/** Cuts a stream of bytes into frames, however they were split or joined on the way. */
export interface Framer {
  /**
   * Begins to look for the answer to `request`, a read in serial-line form (unit, PDU, check
   * sum), and gives the bytes to send for it.
   */
  ask(request: Uint8Array): Uint8Array;
  /** Gives the pending request up: its answer would be a stray now. Says whether one was owed. */
  giveUp(): boolean;
  /** Takes bytes that were received at `at` and tells what they complete, in order. */
  take(bytes: Uint8Array, at: UptimeMs): readonly Found[];
  /** Whether as many bytes came as the answer has, and make no frame. */
  readonly isGarbled: boolean;
  /** Bytes thrown away so far. */
  readonly discarded: number;
}

/** What the answer to a read must look like. */
export type Expected = {
  readonly unit: number;
  readonly functionCode: number;
  /** Data bytes in the answer. */
  readonly byteCount: number;
};

/** Set in the function code of an exception (Modbus Application Protocol V1.1b3, 7). */
export const EXCEPTION_BIT = 0x80;

/** Bytes of an answer besides its data: unit, function, byte count, check sum. */
export const FRAME_OVERHEAD = 5;

/** The shortest frame there is, an exception: unit, function, code, check sum. */
export const EXCEPTION_LENGTH = 5;

/** The longest frame (Modbus over serial line V1.02, 2.5.1). */
export const FRAME_MAX = 256;

/** The answers to single and multiple writes: unit, function, address, value or count, check sum. */
const WRITE_ANSWER_LENGTH = 8;
const WRITE_FUNCTIONS = [5, 6, 15, 16];

/**
 * How long an answer with this function and third byte is, in serial-line form; null where there
 * is none such.
 */
export function answerLength(functionCode: number, third: number): number | null {
  if (!isAnswered(functionCode)) return null;
  if (functionCode & EXCEPTION_BIT) return EXCEPTION_LENGTH;
  if (functionCode > 4) return WRITE_ANSWER_LENGTH;
  const isWhole = functionCode <= 2 || third % 2 === 0;
  const length = FRAME_OVERHEAD + third;
  return third > 0 && isWhole && length <= FRAME_MAX ? length : null;
}

/** Whether an answer, or an exception, with this function is known here. */
export function isAnswered(functionCode: number): boolean {
  const plain = functionCode & ~EXCEPTION_BIT;
  return (plain >= 1 && plain <= 4) || WRITE_FUNCTIONS.includes(plain);
}

/** What the answer to `request` (function 1 to 4, in serial-line form) must look like. */
export function expectedOf(request: Uint8Array): Expected {
  const view = new DataView(request.buffer, request.byteOffset, request.byteLength);
  const functionCode = view.getUint8(1);
  const count = view.getUint16(4);
  return {
    unit: view.getUint8(0),
    functionCode,
    byteCount: functionCode <= 2 ? Math.ceil(count / 8) : count * 2,
  };
}

/** The bytes of `a` and behind them those of `b`. */
export function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
