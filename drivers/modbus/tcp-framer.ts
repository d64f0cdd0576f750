import { withCrc } from "./crc16.ts";
import {
  answerLength,
  EXCEPTION_BIT,
  type Expected,
  expectedOf,
  type Found,
  type Framer,
  joined,
} from "./framer.ts";

/** Transaction and protocol identifier and length (Modbus messaging on TCP/IP V1.0b, 3.1.3). */
const HEADER = 6;

/** What serial-line form has behind unit and PDU. */
const CRC_LENGTH = 2;

/** What the length field may say: unit, function and one byte, up to unit and the longest PDU. */
const LENGTH_MIN = 3;
const LENGTH_MAX = 254;

/**
 * Frames of Modbus TCP. The answer is known by its transaction identifier, so a late one can never
 * be taken for the next; unit, function and length are checked all the same. There is nothing
 * to find a frame's start by, so after a header that cannot be the link is worth nothing.
 */
export class TcpFramer implements Framer {
  #bytes = new Uint8Array(0);
  #transaction = 0;
  #expected: Expected | null = null;
  #discarded = 0;
  #isLost = false;

  /** A stream that TCP carries is whole or the link is closed. */
  readonly isGarbled = false;

  get discarded(): number {
    return this.#discarded;
  }

  ask(request: Uint8Array): Uint8Array {
    this.#transaction = (this.#transaction + 1) & 0xffff;
    this.#expected = expectedOf(request);
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

  take(bytes: Uint8Array): readonly Found[] {
    if (this.#isLost) {
      this.#discarded += bytes.length;
      return [];
    }
    this.#bytes = joined(this.#bytes, bytes);
    const found: Found[] = [];
    while (this.#step(found));
    return found;
  }

  #step(found: Found[]): boolean {
    if (this.#bytes.length < HEADER) return false;
    const view = new DataView(this.#bytes.buffer);
    const length = view.getUint16(4);
    if (view.getUint16(2) !== 0 || length < LENGTH_MIN || length > LENGTH_MAX) {
      this.#isLost = true;
      this.#discarded += this.#bytes.length;
      this.#bytes = new Uint8Array(0);
      found.push({ kind: "nonsense" });
      return false;
    }
    const end = HEADER + length;
    if (this.#bytes.length < end) return false;
    found.push(this.#judge(view.getUint16(0), this.#bytes.subarray(HEADER, end)));
    this.#bytes = this.#bytes.slice(end);
    return true;
  }

  #judge(transaction: number, unitAndPdu: Uint8Array): Found {
    const [unit, functionCode, third] = unitAndPdu as unknown as [number, number, number];
    const expected = this.#expected;
    const isAwaited = transaction === this.#transaction && unit === expected?.unit;
    if (expected === null || !isAwaited) return { kind: "stray", unit };
    this.giveUp();
    const isException = functionCode === (expected.functionCode | EXCEPTION_BIT);
    const isAnswer =
      functionCode === expected.functionCode &&
      (expected.third === null || third === expected.third) &&
      unitAndPdu.length + CRC_LENGTH === answerLength(expected, unitAndPdu);
    if (!isAnswer && !(isException && unitAndPdu.length === 3)) return { kind: "misfit" };
    return { kind: "answer", adu: withCrc(unitAndPdu) };
  }
}
