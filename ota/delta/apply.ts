import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { zstdDecompressSync } from "node:zlib";
import { GatewayError, messageOf } from "../../edge/core/errors.ts";
import { HEAD_BYTES, MAGIC, type PieceHead, parseHead } from "./format.ts";

/** What is made, as it was signed. */
export type Wanted = {
  readonly length: number;
  /** In hexadecimal. */
  readonly sha256: string;
};

/** What a delta leads from, wherever it lies. */
export type Base = {
  /** Reads into `into` from byte number `at` on; resolves with how many: fewer where it ends before. */
  read(at: number, into: Buffer): Promise<number>;
};

/** One step from `base` by the file `delta` to the file `out`, which is made anew and flushed. */
export type DeltaStep = {
  readonly base: Base;
  readonly delta: string;
  readonly out: string;
};

/**
 * Writes `out`, which `delta` makes of `base`, and resolves when it is what is `wanted` and on the
 * disk. Of each file at most one piece is in memory, and `out` is never longer than `wanted`.
 * Rejects with `ota.malformed`, `ota.length` or `ota.hash` where the delta is none, or leads from
 * another base or elsewhere: then the whole file is to be fetched; with the reason of `signal`, or
 * what the system says. What then stands at `out` is of no use.
 */
export async function applyDelta(
  { base, delta: deltaFile, out: outFile }: DeltaStep,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<void> {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  await using delta = await open(deltaFile, "r");
  await using out = await open(outFile, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o644);
  const sum = createHash("sha256");
  let length = 0;
  for await (const piece of piecesOf(base, delta)) {
    signal.throwIfAborted();
    length += piece.length;
    if (length > wanted.length) throw new GatewayError("ota.length", "the delta makes too much");
    sum.update(piece);
    await out.writeFile(piece);
  }
  if (length < wanted.length) {
    const why = `the delta makes ${length} of ${wanted.length} bytes`;
    throw new GatewayError("ota.length", why);
  }
  if (sum.digest("hex") !== wanted.sha256) {
    throw new GatewayError("ota.hash", "the delta makes another file than the one that was signed");
  }
  await out.sync();
}

async function* piecesOf(base: Base, delta: FileHandle): AsyncGenerator<Uint8Array> {
  const { size } = await delta.stat();
  if (!(await bytesAt(delta, 0, MAGIC.length)).equals(MAGIC)) throw malformed("it is no delta");
  // One for all pieces: each of its own would be left to the collector, which comes late.
  const room = { frame: Buffer.alloc(0), dictionary: Buffer.alloc(0) };
  for (let at = MAGIC.length; at < size; ) {
    const head = parseHead(await bytesAt(delta, at, HEAD_BYTES));
    room.frame = roomFor(room.frame, head.frameBytes);
    room.dictionary = roomFor(room.dictionary, head.baseBytes);
    const frame = room.frame.subarray(0, head.frameBytes);
    await fillFrom(delta, at + HEAD_BYTES, frame);
    const dictionary = room.dictionary.subarray(0, head.baseBytes);
    await fillDictionary(base, head, dictionary);
    at += HEAD_BYTES + frame.length;
    yield decompressed(frame, dictionary, head);
  }
}

function decompressed(frame: Buffer, dictionary: Buffer, { bytes }: PieceHead): Uint8Array {
  const piece = inflated(frame, dictionary, bytes);
  if (piece.length === bytes) return piece;
  throw malformed(`a piece is ${piece.length} bytes, not ${bytes}`);
}

function inflated(frame: Buffer, dictionary: Buffer, bytes: number): Uint8Array {
  // It stops at what the piece says to be: a bomb takes no more memory than an honest piece.
  const chunkSize = Math.max(64, bytes);
  const options = {
    maxOutputLength: bytes,
    chunkSize,
    ...(dictionary.length > 0 && { dictionary }),
  };
  try {
    // Its memory is free again at once, as that of the asynchronous one is not.
    return zstdDecompressSync(frame, options);
  } catch (error) {
    throw malformed(`a piece cannot be decompressed: ${messageOf(error)}`, error);
  }
}

async function fillDictionary(base: Base, { baseFrom }: PieceHead, into: Buffer): Promise<void> {
  const count = await base.read(baseFrom, into);
  if (count === into.length) return;
  throw malformed(`the base has ${count} bytes at ${baseFrom}, not ${into.length}`);
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await fillFrom(file, at, bytes);
  return bytes;
}

async function fillFrom(file: FileHandle, at: number, into: Buffer): Promise<void> {
  const { bytesRead } = await file.read(into, 0, into.length, at);
  if (bytesRead === into.length) return;
  throw malformed(`${bytesRead} bytes stand at ${at}, not ${into.length}`);
}

/** `room`, or a larger one. */
function roomFor(room: Buffer<ArrayBuffer>, bytes: number): Buffer<ArrayBuffer> {
  return room.length >= bytes ? room : Buffer.alloc(bytes);
}

function malformed(why: string, cause?: unknown): GatewayError {
  return new GatewayError("ota.malformed", `the delta cannot be used: ${why}`, { cause });
}
