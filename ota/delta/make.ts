import { constants, zstdCompressSync } from "node:zlib";
import { headBytes, MAGIC, PIECE_BYTES, windowAt } from "./format.ts";

/**
 * What leads from `base` to `wanted`, for `applyDelta`: pieces of `wanted`, each a frame of
 * Zstandard (RFC 8878) whose dictionary is the part of `base` about the same place. The same two
 * are the same bytes. `level` is that of Zstandard, 1 to 22.
 */
export function makeDelta(base: Uint8Array, wanted: Uint8Array, level = 19): Uint8Array {
  const parts: Uint8Array[] = [MAGIC];
  for (let at = 0; at < wanted.length; at += PIECE_BYTES) {
    const piece = wanted.subarray(at, at + PIECE_BYTES);
    const { from, bytes } = windowAt(at, base.length);
    const frame = compressedBy(base.subarray(from, from + bytes), piece, level);
    const head = { baseFrom: from, baseBytes: bytes, bytes: piece.length };
    parts.push(headBytes({ ...head, frameBytes: frame.length }), frame);
  }
  return Buffer.concat(parts);
}

function compressedBy(dictionary: Uint8Array, piece: Uint8Array, level: number): Uint8Array {
  return zstdCompressSync(piece, {
    ...(dictionary.length > 0 && { dictionary }),
    pledgedSrcSize: piece.length,
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      ...reachOver(dictionary.length + piece.length),
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
}

/**
 * Parameters that reach over `bytes`, and remember all places in them: as the level sets them, most
 * of the base would be forgotten. Takes up to 450 MiB of memory.
 */
function reachOver(bytes: number): Record<number, number> {
  const log = Math.min(26, Math.max(10, Math.ceil(Math.log2(bytes + 1))));
  return {
    [constants.ZSTD_c_windowLog]: log,
    [constants.ZSTD_c_hashLog]: Math.min(24, log),
    [constants.ZSTD_c_chainLog]: log,
  };
}
