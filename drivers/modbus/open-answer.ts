import { passesCrc } from "./crc16.ts";
import { EXCEPTION_BIT, toldLength } from "./framer.ts";

/** The shortest frame: unit, function, check sum. */
const SHORTEST = 4;

/** The one function whose answer may be the request (Modbus Application Protocol V1.1b3, 6.8). */
export const DIAGNOSTICS = 8;

/** Whether the unit of `request` says something to its function in the frame that begins at `at`. */
export function isReply(request: Uint8Array, bytes: Uint8Array, at: number): boolean {
  const functionCode = (bytes[at + 1] ?? 0) & ~EXCEPTION_BIT;
  return bytes[at] === request[0] && functionCode === request[1];
}

/** The place of a frame: from, and up to but not including, to. */
type Place = { readonly from: number; readonly to: number };

/**
 * Where in `bytes`, behind which the line fell silent, the answer to `request` is; null where none
 * is. An exception has one length, and the answers to many functions tell theirs: what stands behind
 * is none of it. The others go on to the end of the bytes: that the check sum is right there is all
 * that shows their length, and zeros behind it, which leave it right, are taken for data. The
 * request itself is no answer, but for diagnostics: there the second of two is, or where
 * `isEchoLess` the only one.
 */
export function openAnswerIn(
  bytes: Uint8Array,
  request: Uint8Array,
  isEchoLess: boolean,
): Place | null {
  for (let from = 0; from + SHORTEST <= bytes.length; from++) {
    if (!isReply(request, bytes, from)) continue;
    const to = endOf(bytes, from);
    if (to === null) continue;
    if (!isRequest(bytes.subarray(from, to), request)) return { from, to };
    const before = bytes.subarray(Math.max(0, from - request.length), from);
    const isSecond = isRequest(before, request);
    if (request[1] === DIAGNOSTICS && (isSecond || isEchoLess)) return { from, to };
  }
  return null;
}

/** Where the frame that begins at `from` ends with its check sum right; null where nowhere. */
function endOf(bytes: Uint8Array, from: number): number | null {
  const told = toldLength(bytes.subarray(from));
  if (told !== null && from + told <= bytes.length && passesCrc(bytes, from, from + told)) {
    return from + told;
  }
  const isException = ((bytes[from + 1] as number) & EXCEPTION_BIT) !== 0;
  return !isException && passesCrc(bytes, from, bytes.length) ? bytes.length : null;
}

/** Whether enough came to be an answer, and not only the request coming back. */
export function isMoreThanEcho(bytes: Uint8Array, request: Uint8Array): boolean {
  return bytes.length >= SHORTEST && !isRequest(bytes, request);
}

/** Whether `bytes` are the request, perhaps with zeros behind it. */
function isRequest(bytes: Uint8Array, request: Uint8Array): boolean {
  return bytes.length >= request.length && bytes.every((byte, i) => byte === (request[i] ?? 0));
}
