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

/**
 * Whether an answer in serial-line form, so many characters on the line and whole now, is not to be
 * believed.
 */
export type Doubts = (adu: Uint8Array, characters: number) => boolean;

/** Cuts a stream of bytes into frames, however they were split or joined on the way. */
export interface Framer {
  /**
   * Begins to look for the answer to `request`, in serial-line form (unit, PDU, check
   * sum), and gives the bytes to send for it. `isOpen` says that the answer's length cannot be told
   * beforehand: what the unit says to the function is it, or an exception.
   */
  ask(request: Uint8Array, isOpen?: boolean): Uint8Array;
  /**
   * The line has fallen silent: tells what that completes of an open answer. `isLast` says that no
   * more is waited for.
   */
  quiet(isLast: boolean): readonly Found[];
  /** Gives the pending request up: its answer would be a stray now. Says whether one was owed. */
  giveUp(): boolean;
  /**
   * Takes bytes that were received at `at` and tells what they complete, in order. An answer that is
   * doubted is passed over, and the request goes on waiting.
   */
  take(bytes: Uint8Array, at: UptimeMs, doubts?: Doubts): readonly Found[];
  /** Whether as many bytes came as the answer has, and make no frame. */
  readonly isGarbled: boolean;
  /** Bytes thrown away so far. */
  readonly discarded: number;
}

/** What the answer to a request must look like. */
export type Expected = {
  readonly unit: number;
  readonly functionCode: number;
  /**
   * The byte behind the function: how many data bytes follow, or the first that is repeated; null
   * where it may be any.
   */
  readonly third: number | null;
  /** Bytes of the answer, in serial-line form; the least where the answer tells itself. */
  readonly length: number;
  /** Whether the answer tells its length itself; no if left out. */
  readonly isSelfTelling?: boolean;
};

/** Set in the function code of an exception (Modbus Application Protocol V1.1b3, 7). */
export const EXCEPTION_BIT = 0x80;

/** Bytes of an answer besides its data: unit, function, byte count, check sum. */
export const FRAME_OVERHEAD = 5;

/** The shortest frame there is, an exception: unit, function, code, check sum. */
export const EXCEPTION_LENGTH = 5;

/** The longest frame (Modbus over serial line V1.02, 2.5.1). */
export const FRAME_MAX = 256;

/**
 * How long the answers are that repeat what was asked, in serial-line form: the writes of one and
 * of several coils and registers, the mask write, and the diagnostic that returns data (Modbus
 * Application Protocol V1.1b3, 6.5, 6.6, 6.11, 6.12, 6.16 and 6.8.1).
 */
const REPEATING: Readonly<Record<number, number>> = { 5: 8, 6: 8, 8: 8, 15: 8, 16: 8, 22: 10 };

/**
 * What the answers to queries look like that are no reads: exception status, server ID and
 * identification (Modbus Application Protocol V1.1b3, 6.7, 6.13 and 6.21).
 */
const QUERIED: Readonly<Record<number, Omit<Expected, "unit" | "functionCode">>> = {
  7: { third: null, length: FRAME_OVERHEAD },
  17: { third: null, length: FRAME_OVERHEAD, isSelfTelling: true },
  43: { third: 14, length: 10, isSelfTelling: true },
};

/**
 * Whether the answer to `request`, in serial-line form, may be that request again, byte by byte: an
 * order's, and that to a read whose address begins with the number of bytes it asks for, as with 17
 * to 24 bits from 768 to 1023 on.
 */
export function isRepeated(request: Uint8Array): boolean {
  const { third, length } = expectedOf(request);
  return length === request.length && third === request[2];
}

/**
 * How long the answer that begins `bytes` is, in serial-line form; null while what came does not
 * tell.
 */
export function expectedLength(expected: Expected, bytes: Uint8Array): number | null {
  if (expected.isSelfTelling !== true) return expected.length;
  if (expected.functionCode === 17) return FRAME_OVERHEAD + (bytes[2] ?? 0);
  const count = bytes[7];
  if (count === undefined) return null;
  let end = 8;
  for (let n = 0; n < count; n++) {
    const length = bytes[end + 1];
    if (length === undefined) return null;
    end += 2 + length;
  }
  return end + 2;
}

/** How long an answer with this function is that repeats the request; null where none does. */
export function repeatedLength(functionCode: number): number | null {
  return REPEATING[functionCode] ?? null;
}

/**
 * How long an answer with this function and third byte is, in serial-line form; null where there
 * is none such.
 */
export function answerLength(functionCode: number, third: number): number | null {
  if (!isAnswered(functionCode)) return null;
  if (functionCode & EXCEPTION_BIT) return EXCEPTION_LENGTH;
  const repeated = repeatedLength(functionCode);
  if (repeated !== null) return repeated;
  const isWhole = functionCode <= 2 || third % 2 === 0;
  const length = FRAME_OVERHEAD + third;
  return third > 0 && isWhole && length <= FRAME_MAX ? length : null;
}

/**
 * How long the answer or exception says it is that begins `bytes`, in serial-line form; null where
 * it does not, or what came does not tell.
 */
export function toldLength(bytes: Uint8Array): number | null {
  const [unit = 0, functionCode = 0, third = 0] = bytes;
  const queried = QUERIED[functionCode];
  const isQueried = queried !== undefined && (queried.third ?? third) === third;
  if (isQueried) return expectedLength({ unit, functionCode, ...queried }, bytes);
  return functionCode & EXCEPTION_BIT ? EXCEPTION_LENGTH : answerLength(functionCode, third);
}

/** Whether an answer, or an exception, with this function is known here. */
export function isAnswered(functionCode: number): boolean {
  const plain = functionCode & ~EXCEPTION_BIT;
  return (plain >= 1 && plain <= 4) || plain === 23 || repeatedLength(plain) !== null;
}

/** What the answer to `request`, in serial-line form, must look like. */
export function expectedOf(request: Uint8Array): Expected {
  const view = new DataView(request.buffer, request.byteOffset, request.byteLength);
  const unit = view.getUint8(0);
  const functionCode = view.getUint8(1);
  const repeated = repeatedLength(functionCode);
  if (repeated !== null) {
    return { unit, functionCode, third: view.getUint8(2), length: repeated };
  }
  const queried = QUERIED[functionCode];
  if (queried !== undefined) return { unit, functionCode, ...queried };
  const count = view.getUint16(4);
  const third = functionCode <= 2 ? Math.ceil(count / 8) : count * 2;
  return { unit, functionCode, third, length: FRAME_OVERHEAD + third };
}

/** What is known of an answer to `request` that may be of any length: from `length` on. */
export function openExpected([unit = 0, functionCode = 0]: Uint8Array): Expected {
  return { unit, functionCode, third: 0, length: EXCEPTION_LENGTH };
}

/** Bytes of the requests that have a length of their own, in serial-line form. */
const REQUEST_LENGTHS: Readonly<Record<number, number>> = {
  1: 8,
  2: 8,
  3: 8,
  4: 8,
  5: 8,
  6: 8,
  22: 10,
};

/** Where the byte count of the requests stands that carry data, in serial-line form. */
const BYTE_COUNT_AT: Readonly<Record<number, number>> = { 15: 6, 16: 6, 23: 10 };

/**
 * Whether it is known how long the answer to `request`, in serial-line form, is: the function is
 * known here, and the request is one of it.
 */
export function isPredictable(request: Uint8Array): boolean {
  const functionCode = request[1] ?? 0;
  const countAt = BYTE_COUNT_AT[functionCode];
  const length =
    countAt === undefined ? REQUEST_LENGTHS[functionCode] : countAt + 3 + (request[countAt] ?? 0);
  if (length !== request.length) return false;
  if (repeatedLength(functionCode) !== null) return true;
  const { third } = expectedOf(request);
  if (third === null) return false;
  return answerLength(functionCode, third & 0xff) === FRAME_OVERHEAD + third;
}

/** Whether `a` and `b` are the same, byte by byte. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** The bytes of `a` and behind them those of `b`. */
export function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
