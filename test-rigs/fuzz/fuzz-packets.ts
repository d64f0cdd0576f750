import { withCrc } from "../../drivers/modbus/crc16.ts";
import { tcpFrame } from "../../drivers/modbus/fake-link.ts";
import type { Framer } from "../../drivers/modbus/framer.ts";
import { TcpFramer } from "../../drivers/modbus/tcp-framer.ts";
import { UdpFramer } from "../../drivers/modbus/udp-framer.ts";
import type { UptimeMs } from "../../edge/core/time.ts";
import { noise, split } from "../sim/bus-faults.ts";
import { Random } from "../sim/random.ts";
import { answerTo, drawExchange, type Exchange } from "./exchange.ts";
import { newTally, noteWrong, type Tally } from "./tally.ts";

/** How packets with the header of Modbus TCP are fuzzed. */
type Packets = { readonly open: () => Framer; readonly isStream: boolean };

export const PACKETS = {
  tcp: { open: () => new TcpFramer(), isStream: true },
  udp: { open: () => new UdpFramer(), isStream: false },
} as const satisfies Readonly<Record<string, Packets>>;

/** What can befall an answer in packets, and how often. None changes a byte: IP shows that. */
const MISHAPS = {
  none: 4,
  /** The answer stays away and comes before the next, or never where that is lost too. */
  late: 3,
  lost: 1,
  twice: 1,
  /** Another one's, or of another transaction, before it. */
  "other-unit": 1,
  "other-transaction": 2,
  /** To its transaction, of another length, and nothing behind it. */
  misfit: 1,
  /** The end is missing: a stream waits for it, a datagram is worth nothing. */
  cut: 1,
  noise: 1,
} as const;

type PacketMishap = keyof typeof MISHAPS;

/**
 * Sends `frames` answers through the framer, late, doubled, foreign, of the wrong length and, over
 * TCP, in any split. The transaction identifier tells what an answer belongs to, so nothing but the
 * pending request's own answer may be accepted: not one is left to chance but a number that comes
 * round, after 65536 requests.
 */
export function fuzzPackets({ open, isStream }: Packets, frames: number, seed: number): Tally {
  const random = new Random(seed);
  const tally = newTally(null);
  let framer = open();
  let late: Uint8Array | null = null;
  for (let frame = 0; frame < frames; frame++) {
    const exchange = drawExchange(random);
    const asked = framer.ask(exchange.request);
    const transaction = ((asked[0] as number) << 8) | (asked[1] as number);
    const mishap = random.weighted(MISHAPS);
    const packets = [...packetsOf(random, mishap, exchange, transaction)];
    if (late !== null) packets.unshift(late);
    late = mishap === "late" ? packet(transaction, exchange.answer) : null;
    const chunks = isStream ? split(random, Buffer.concat(packets), 5) : packets;
    let isLost = false;
    const accepted: Uint8Array[] = [];
    for (const chunk of chunks) {
      for (const found of framer.take(chunk, 0 as UptimeMs)) {
        if (found.kind === "answer") accepted.push(found.adu);
        isLost ||= found.kind === "nonsense";
      }
    }
    framer.giveUp();
    judge(tally, exchange, mishap, accepted, Buffer.concat(packets));
    // After these the connection is closed, or is waiting for bytes that never come.
    if (isStream && (isLost || mishap === "cut" || mishap === "noise")) {
      framer = open();
      late = null;
    }
  }
  return tally;
}

function packet(transaction: number, adu: Uint8Array): Uint8Array {
  return tcpFrame(transaction, [...adu.subarray(0, -2)]);
}

function packetsOf(
  random: Random,
  mishap: PacketMishap,
  { request, answer }: Exchange,
  transaction: number,
): readonly Uint8Array[] {
  const sent = packet(transaction, answer);
  const another = (transaction + random.integer(1, 0xffff)) & 0xffff;
  switch (mishap) {
    case "none":
      return [sent];
    case "late":
    case "lost":
      return [];
    case "twice":
      return [sent, sent];
    case "other-unit": {
      const body = [(request[0] as number) + 1, ...answer.subarray(1, -2)];
      return [tcpFrame(transaction, body), sent];
    }
    case "other-transaction":
      return [packet(another, answerTo(random, request)), sent];
    case "misfit":
      return [tcpFrame(transaction, [...answer.subarray(0, -2), ...noise(random, 2)])];
    case "cut":
      return [sent.subarray(0, random.integer(1, sent.length - 1))];
    case "noise":
      return [noise(random, random.integer(1, 30)), sent];
  }
}

/** In these cases the answer is there, or comes to what was asked. */
const ANSWERED: ReadonlySet<PacketMishap> = new Set(["none", "twice", "other-transaction"]);

function judge(
  tally: Tally,
  { request, answer }: Exchange,
  mishap: PacketMishap,
  accepted: readonly Uint8Array[],
  bytes: Uint8Array,
): void {
  tally.frames++;
  const [first, ...more] = accepted;
  if (first === undefined) {
    if (ANSWERED.has(mishap)) noteWrong(tally, `not found after ${mishap}`, request, bytes);
    return;
  }
  if (more.length > 0) noteWrong(tally, "two answers to one request", request, bytes);
  if (Buffer.compare(first, withCrc(answer.subarray(0, -2))) === 0) tally.right++;
  else noteWrong(tally, `accepted after ${mishap}`, request, bytes);
}
