import { passesCrc } from "./crc16.ts";
import { EXCEPTION_BIT } from "./framer.ts";

/** The shortest frame: unit, function, check sum. */
const SHORTEST = 4;

/** The one function whose answer may be the request (Modbus Application Protocol V1.1b3, 6.8). */
export const DIAGNOSTICS = 8;

/** Whether the unit of `request` says something to its function in the frame that begins at `at`. */
export function isReply(request: Uint8Array, bytes: Uint8Array, at: number): boolean {
  const functionCode = (bytes[at + 1] ?? 0) & ~EXCEPTION_BIT;
  return bytes[at] === request[0] && functionCode === request[1];
}

/**
 * Where in `bytes`, behind which the line fell silent, the answer to `request` begins that goes on
 * to their end; null where none does. That its check sum is right there is all that shows its
 * length. The request itself is no answer, but for diagnostics: there the second of two is, or
 * where `isEchoLess` the only one.
 */
export function openAnswerAt(
  bytes: Uint8Array,
  request: Uint8Array,
  isEchoLess: boolean,
): number | null {
  for (let at = 0; at + SHORTEST <= bytes.length; at++) {
    if (!isReply(request, bytes, at) || !passesCrc(bytes, at, bytes.length)) continue;
    if (!isRequest(bytes.subarray(at), request)) return at;
    const before = bytes.subarray(Math.max(0, at - request.length), at);
    const isSecond = isRequest(before, request);
    if (request[1] === DIAGNOSTICS && (isSecond || isEchoLess)) return at;
  }
  return null;
}

/** Whether enough came to be an answer, and not only the request coming back. */
export function isMoreThanEcho(bytes: Uint8Array, request: Uint8Array): boolean {
  return bytes.length >= SHORTEST && !isRequest(bytes, request);
}

function isRequest(bytes: Uint8Array, request: Uint8Array): boolean {
  return bytes.length === request.length && bytes.every((byte, i) => byte === request[i]);
}
