import type { Random } from "./random.ts";

/** How often each mishap befalls an answer, as probabilities that add up to at most 1. */
export type Faults<Kind extends string> = Readonly<Partial<Record<Kind, number>>>;

/**
 * What can befall an answer over TCP.
 *
 * - `silent`: the unit does not answer
 * - `late`: it comes near the time-out or long after it, also piece by piece around it
 * - `held`: it waits, and comes in front of the next answer in one piece
 * - `wrong-unit`, `wrong-transaction`: a valid frame, but under another unit or transaction
 * - `wrong-length`: the header tells another length, so that the stream is out of step
 * - `garbage`: bytes in front of it that are no header
 * - `exception`: the unit, or the gateway in front of it, refuses
 * - `joined`: it comes twice in one piece
 * - `reset`: the connection is reset in the middle of it
 * - `half-open`: the connection stays, and nothing comes on it any more
 */
export type TcpFault =
  | "silent"
  | "late"
  | "held"
  | "wrong-unit"
  | "wrong-transaction"
  | "wrong-length"
  | "garbage"
  | "exception"
  | "joined"
  | "reset"
  | "half-open";

/** Every mishap of an answer over TCP. */
export const TCP_FAULTS: readonly TcpFault[] = [
  "silent",
  "late",
  "held",
  "wrong-unit",
  "wrong-transaction",
  "wrong-length",
  "garbage",
  "exception",
  "joined",
  "reset",
  "half-open",
];

/**
 * What can befall an answer over UDP.
 *
 * - `silent`: the request or its answer is lost
 * - `late`: it comes near the time-out or long after it
 * - `twice`: it comes twice, the second time later
 * - `wrong-unit`, `wrong-transaction`: a valid frame, but under another unit or transaction
 * - `truncated`, `trailing`: the datagram is shorter or longer than its header says
 * - `exception`: the unit, or the gateway in front of it, refuses
 */
export type UdpFault =
  | "silent"
  | "late"
  | "twice"
  | "wrong-unit"
  | "wrong-transaction"
  | "truncated"
  | "trailing"
  | "exception";

/** Every mishap of an answer over UDP. */
export const UDP_FAULTS: readonly UdpFault[] = [
  "silent",
  "late",
  "twice",
  "wrong-unit",
  "wrong-transaction",
  "truncated",
  "trailing",
  "exception",
];

/** One of `kinds`, by its probability, or null for an undisturbed answer. Always one draw. */
export function drawFault<Kind extends string>(
  random: Random,
  kinds: readonly Kind[],
  faults: Faults<Kind>,
): Kind | null {
  let left = random.next();
  for (const kind of kinds) {
    left -= faults[kind] ?? 0;
    if (left < 0) return kind;
  }
  return null;
}

/** `bytes` cut into one to `most` chunks, none empty. */
export function split(random: Random, bytes: Uint8Array, most: number): readonly Uint8Array[] {
  const cuts = Array.from({ length: random.integer(0, most - 1) }, () =>
    random.integer(1, Math.max(1, bytes.length - 1)),
  );
  const ends = [...new Set([...cuts, bytes.length])].toSorted((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

/** `count` random bytes. */
export function noise(random: Random, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, () => random.integer(0, 255));
}

/** `bytes` with one to three bits inverted, each another one: the check sum always shows it. */
export function flipBits(random: Random, bytes: Uint8Array): Uint8Array {
  const flipped = bytes.slice();
  const bits = new Set<number>();
  const count = random.integer(1, 3);
  while (bits.size < count) bits.add(random.integer(0, bytes.length * 8 - 1));
  for (const bit of bits) flipped[bit >> 3]! ^= 1 << (bit & 7);
  return flipped;
}
