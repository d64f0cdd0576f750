import { CRC_LENGTH, withCrc } from "./crc16.ts";
import {
  EXCEPTION_BIT,
  type Expected,
  expectedLength,
  expectedOf,
  type Found,
  type Framer,
  joined,
  openExpected,
} from "./framer.ts";
import { type SidePackets, sidePacketAt } from "./side-packets.ts";

/** Transaction and protocol identifier and length (Modbus messaging on TCP/IP V1.0b, 3.1.3). */
export const HEADER = 6;

/** What the length field may say: unit, function and one byte, up to unit and the longest PDU. */
const LENGTH_MIN = 3;
const LENGTH_MAX = 254;

/** The transactions of one connection, numbered in a row from 1 that comes round. */
export class Transactions {
  #last = 0;

  /** From 0 to 65535. */
  next(): number {
    this.#last = (this.#last + 1) & 0xffff;
    return this.#last;
  }
}

/**
 * Frames of Modbus TCP. The answer is known by its transaction identifier, so a late one can never
 * be taken for the next; unit, function and length are checked all the same. There is nothing
 * to find a frame's start by, so after a header that cannot be, and is no side packet, the link is
 * worth nothing.
 */
export class TcpFramer implements Framer {
  readonly #sidePackets: SidePackets;
  readonly #transactions: Transactions;
  #bytes = new Uint8Array(0);
  #transaction = 0;
  #expected: Expected | null = null;
  /** Whether the answer may be of any length: its header tells it. */
  #isOpen = false;
  #discarded = 0;
  #isLost = false;

  constructor(sidePackets: SidePackets = [], transactions = new Transactions()) {
    this.#sidePackets = sidePackets;
    this.#transactions = transactions;
  }

  /** A stream that TCP carries is whole or the link is closed. */
  readonly isGarbled = false;

  get discarded(): number {
    return this.#discarded;
  }

  ask(request: Uint8Array, isOpen = false): Uint8Array {
    this.#transaction = this.#transactions.next();
    this.#expected = isOpen ? openExpected(request) : expectedOf(request);
    this.#isOpen = isOpen;
    const unitAndPdu = request.subarray(0, -CRC_LENGTH);
    const frame = new Uint8Array(HEADER + unitAndPdu.length);
    const view = new DataView(frame.buffer);
    view.setUint16(0, this.#transaction);
    view.setUint16(4, unitAndPdu.length);
    frame.set(unitAndPdu, HEADER);
    return frame;
  }

  giveUp(): boolean {
    const wasAwaited = this.#expected !== null;
    this.#expected = null;
    return wasAwaited;
  }

  /** Silence tells nothing where frames tell their length. */
  quiet(): readonly Found[] {
    return [];
  }

  take(bytes: Uint8Array): readonly Found[] {
    if (this.#isLost) {
      this.#discarded += bytes.length;
      return [];
    }
    this.#bytes = joined(this.#bytes, bytes);
    const found: Found[] = [];
    let from = 0;
    for (;;) {
      const length = this.#step(this.#bytes.subarray(from), found);
      if (length === 0) break;
      from += length;
    }
    // Once for all of them: a peer may send many.
    this.#bytes = this.#isLost ? new Uint8Array(0) : this.#bytes.slice(from);
    return found;
  }

  /** Takes the frame or side packet that begins `bytes`; says how long it is, 0 where none does. */
  #step(bytes: Uint8Array, found: Found[]): number {
    if (bytes.length < HEADER) return 0;
    const end = frameLength(bytes);
    if (end === null) return this.#skipSidePacket(bytes, found);
    if (bytes.length < end) return 0;
    found.push(this.#judge(transactionOf(bytes), bytes.subarray(HEADER, end)));
    return end;
  }

  /** How long the side packet is that begins `bytes`. What else stands there ends all. */
  #skipSidePacket(bytes: Uint8Array, found: Found[]): number {
    const match = sidePacketAt(bytes, 0, this.#sidePackets);
    if (match.kind === "whole") return match.length;
    if (match.kind === "none") {
      this.#isLost = true;
      this.#discarded += bytes.length;
      found.push({ kind: "nonsense" });
    }
    return 0;
  }

  #judge(transaction: number, unitAndPdu: Uint8Array): Found {
    const [unit, functionCode, third] = unitAndPdu as unknown as [number, number, number];
    const expected = this.#expected;
    const isAwaited = transaction === this.#transaction && unit === expected?.unit;
    if (expected === null || !isAwaited) return { kind: "stray", unit };
    this.giveUp();
    const isException = functionCode === (expected.functionCode | EXCEPTION_BIT);
    const fits =
      (expected.third === null || third === expected.third) &&
      unitAndPdu.length + CRC_LENGTH === expectedLength(expected, unitAndPdu);
    const isAnswer = functionCode === expected.functionCode && (this.#isOpen || fits);
    if (!isAnswer && !(isException && unitAndPdu.length === 3)) return { kind: "misfit" };
    return { kind: "answer", adu: withCrc(unitAndPdu) };
  }
}

/** How long the frame is that begins `bytes`; null where its header is not whole or cannot be. */
export function frameLength(bytes: Uint8Array): number | null {
  if (bytes.length < HEADER) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint16(4);
  const canBe = view.getUint16(2) === 0 && length >= LENGTH_MIN && length <= LENGTH_MAX;
  return canBe ? HEADER + length : null;
}

/** The transaction of the frame that begins `bytes`, which hold its header. */
export function transactionOf(bytes: Uint8Array): number {
  return ((bytes[0] as number) << 8) | (bytes[1] as number);
}
