import type { Random } from "../sim/random.ts";

/**
 * What a line carries where two devices answer to one unit: `first`, and `second` whose first byte
 * comes `behind` bytes later. Bytes that overlap keep the bits in which they agree, the others are
 * as `random` has it. Neither frame is sound as `isSound` sees it: one in 65,536 would be by
 * chance, one in 256 in ASCII, which no client can tell.
 */
export function collided(
  first: Uint8Array,
  second: Uint8Array,
  behind: number,
  isSound: (frame: Uint8Array) => boolean,
  random: Random,
): Uint8Array {
  const from = Math.min(behind, first.length - 1);
  const to = Math.min(first.length, from + second.length);
  const bytes = new Uint8Array(Math.max(first.length, from + second.length));
  bytes.set(second, from);
  bytes.set(first);
  for (let at = from; at < to; at++) {
    const differing = (first[at] as number) ^ (second[at - from] as number);
    bytes[at]! ^= differing & random.integer(0, 255);
  }
  const isHeard = () =>
    isSound(bytes.subarray(0, first.length)) || isSound(bytes.subarray(from, from + second.length));
  for (let bit = 0; isHeard(); bit++) bytes[to - 1]! ^= 1 << (bit & 7);
  return bytes;
}

/** The answer of a device that has the same unit as another: the same form, other data. */
export function otherAnswer(pdu: Uint8Array, random: Random): Uint8Array {
  const headLength = (pdu[0] ?? 0) & 0x80 ? 1 : 2;
  return pdu.map((byte, at) => (at < headLength ? byte : random.integer(0, 255)));
}
