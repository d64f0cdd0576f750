import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { zstdDecompress } from "node:zlib";
import { GatewayError } from "../../edge/core/errors.ts";
import { HEAD_BYTES, MAGIC, type PieceHead, parseHead } from "./format.ts";

/** What is made, as it was signed. */
export type Wanted = {
  readonly length: number;
  /** In hexadecimal. */
  readonly sha256: string;
};

/** What a delta leads from, wherever it lies. */
export type Base = {
  /** The `length` bytes from byte number `at` on; fewer where it ends before. */
  read(at: number, length: number): Promise<Buffer>;
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
  for (let at = MAGIC.length; at < size; ) {
    const head = parseHead(await bytesAt(delta, at, HEAD_BYTES));
    const frame = await bytesAt(delta, at + HEAD_BYTES, head.frameBytes);
    at += HEAD_BYTES + frame.length;
    yield await decompressed(frame, await dictionaryOf(base, head), head);
  }
}

async function decompressed(
  frame: Buffer,
  dictionary: Buffer,
  { bytes }: PieceHead,
): Promise<Uint8Array> {
  const piece = await inflated(frame, dictionary, bytes);
  if (piece.length === bytes) return piece;
  throw malformed(`a piece is ${piece.length} bytes, not ${bytes}`);
}

function inflated(frame: Buffer, dictionary: Buffer, bytes: number): Promise<Uint8Array> {
  // It stops at what the piece says to be: a bomb takes no more memory than an honest piece.
  const options = { maxOutputLength: bytes, ...(dictionary.length > 0 && { dictionary }) };
  return new Promise((resolve, reject) => {
    zstdDecompress(frame, options, (error, piece) => {
      if (error === null) resolve(piece);
      else reject(malformed(`a piece cannot be decompressed: ${error.message}`, error));
    });
  });
}

async function dictionaryOf(base: Base, { baseFrom, baseBytes }: PieceHead): Promise<Buffer> {
  const bytes = await base.read(baseFrom, baseBytes);
  if (bytes.length === baseBytes) return bytes;
  throw malformed(`the base has ${bytes.length} bytes at ${baseFrom}, not ${baseBytes}`);
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, at);
  if (bytesRead === length) return buffer;
  throw malformed(`${bytesRead} bytes stand at ${at}, not ${length}`);
}

function malformed(why: string, cause?: unknown): GatewayError {
  return new GatewayError("ota.malformed", `the delta cannot be used: ${why}`, { cause });
}
