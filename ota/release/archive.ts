import { readFileSync } from "node:fs";
import { join } from "node:path";
import { constants, zstdCompressSync } from "node:zlib";
import { createTar } from "nanotar";
import { parseRelease, parseRuntime, RELEASE_FILE, type RUNTIME_FILE } from "./manifest.ts";

/** One file of an archive. */
export type PackedFile = {
  /** Below the slot, with slashes; at most 100 bytes. */
  readonly path: string;
  readonly mode: "0644" | "0755";
  /** Asked for when its turn comes, so that not all are in memory at once. */
  bytes(): Uint8Array;
};

/** A tar is made of blocks of so many bytes. */
export const BLOCK_BYTES = 512;
/** What a tar ends with: two empty blocks. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK_BYTES);

/**
 * The canonical tar of `files`, part by part (USTAR; POSIX.1-1988, 10.1.1): only regular files,
 * by the bytes of their paths, of root's and of 1970, then two empty blocks. The same files are the
 * same bytes, whoever packs them: what is installed, packed anew, is the base of a delta.
 */
export function* tarParts(files: readonly PackedFile[]): Generator<Uint8Array> {
  for (const { path, mode, bytes } of files.toSorted(byPath)) {
    const data = bytes();
    yield tarHeader({ path, mode, size: data.length });
    yield data;
    yield new Uint8Array(paddingOf(data.length));
  }
  yield TAR_END;
}

/** What stands before a file of `size` bytes in the canonical tar: one block. */
export function tarHeader(file: {
  readonly path: string;
  readonly mode: PackedFile["mode"];
  readonly size: number;
}): Uint8Array {
  const attrs = { mode: file.mode.slice(1), uid: 0, gid: 0, mtime: 0 };
  const tar = createTar([{ name: file.path, data: new Uint8Array(), attrs }]);
  const header = Buffer.from(tar.subarray(0, BLOCK_BYTES));
  // The size, and the sum over all with blanks where it stands itself, in octal digits.
  header.write(file.size.toString(8).padStart(11, "0"), 124, "latin1");
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.fill(0, 148, 156).write(sum.toString(8), 148, "latin1");
  return header;
}

/** How many empty bytes follow a file of `size` bytes, up to the next block. */
export function paddingOf(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** `tarParts` in one piece. */
export function tarOf(files: readonly PackedFile[]): Uint8Array {
  return Buffer.concat([...tarParts(files)]);
}

/**
 * The files of the slot `folder` as its list `list` names them, for `tarParts`. Whatever else lies
 * there is left out. Throws `ota.malformed` where the list is none, or what the system says.
 */
export function slotFiles(
  folder: string,
  list: typeof RELEASE_FILE | typeof RUNTIME_FILE,
): readonly PackedFile[] {
  const text = readFileSync(join(folder, list));
  const { files } = list === RELEASE_FILE ? parseRelease(text) : parseRuntime(text);
  const named = Object.entries(files).map(([path, { mode }]): PackedFile => {
    return { path, mode, bytes: () => readFileSync(join(folder, path)) };
  });
  return [{ path: list, mode: "0644", bytes: () => text }, ...named];
}

/** `tar` as it is published: a frame of Zstandard (RFC 8878) that says its length and check sum. */
export function compressed(tar: Uint8Array, level = 19): Uint8Array {
  return zstdCompressSync(tar, {
    pledgedSrcSize: tar.length,
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
}

/** The order of files in a canonical tar. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
}
