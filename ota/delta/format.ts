import { GatewayError } from "../../edge/core/errors.ts";

/** What a file of a delta begins with; the number at its end is that of the format. */
export const MAGIC = Buffer.from("LLDELTA1", "latin1");

/** So much of what is made is made at once, in bytes: what applying takes of memory hangs on it. */
export const PIECE_BYTES = 8 * 1024 * 1024;

/** So much of the base a piece may be told by, in bytes. */
export const WINDOW_BYTES = 16 * 1024 * 1024;

/** The head of a piece, in bytes: four numbers of 32 bits, the least byte first. */
export const HEAD_BYTES = 16;

/** A piece of a delta: which bytes of the base it is told by, and how much it is and becomes. */
export type PieceHead = {
  readonly baseFrom: number;
  readonly baseBytes: number;
  /** How long it is once it is decompressed. */
  readonly bytes: number;
  /** How long the frame of Zstandard is that follows. */
  readonly frameBytes: number;
};

/** A frame is never much longer than what it holds (RFC 8878, 3.1.1.2: raw blocks). */
const FRAME_MAX_BYTES = PIECE_BYTES + 65_536;

export function headBytes(head: PieceHead): Uint8Array {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.writeUInt32LE(head.baseFrom, 0);
  bytes.writeUInt32LE(head.baseBytes, 4);
  bytes.writeUInt32LE(head.bytes, 8);
  bytes.writeUInt32LE(head.frameBytes, 12);
  return bytes;
}

/** Throws `ota.malformed` where a number is beyond what a piece may ask for. */
export function parseHead(bytes: Buffer): PieceHead {
  const head = {
    baseFrom: bytes.readUInt32LE(0),
    baseBytes: bytes.readUInt32LE(4),
    bytes: bytes.readUInt32LE(8),
    frameBytes: bytes.readUInt32LE(12),
  };
  const isInBounds =
    head.baseBytes <= WINDOW_BYTES &&
    head.bytes > 0 &&
    head.bytes <= PIECE_BYTES &&
    head.frameBytes > 0 &&
    head.frameBytes <= FRAME_MAX_BYTES;
  if (isInBounds) return head;
  throw new GatewayError("ota.malformed", "a piece of the delta is larger than any may be");
}

/** Which bytes of the base a piece at `at` is told by: those about the same place. */
export function windowAt(at: number, baseLength: number): { from: number; bytes: number } {
  const bytes = Math.min(WINDOW_BYTES, baseLength);
  const about = at - (WINDOW_BYTES - PIECE_BYTES) / 2;
  return { from: Math.max(0, Math.min(about, baseLength - bytes)), bytes };
}
