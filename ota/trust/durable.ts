import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/**
 * Writes `bytes` to `file`, whole or not at all whatever is cut off: beside it, flushed, renamed,
 * and the folder flushed. On the disk when it returns; throws what the system says where it is not.
 */
export function writeDurably(file: string, bytes: Uint8Array): void {
  writeBeside(file, bytes);
  renameSync(besideOf(file), file);
  flushFolder(dirname(file));
}

/** Where what is to become `file` stands before it is renamed. */
export function besideOf(file: string): string {
  return `${file}.new`;
}

/** Writes `bytes` beside `file`, on the disk when it returns: all but the renaming. */
export function writeBeside(file: string, bytes: Uint8Array): void {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  const handle = openSync(besideOf(file), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o644);
  try {
    writeFileSync(handle, bytes);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** What was created, renamed or removed in `folder` is on the disk when this returns. */
export function flushFolder(folder: string): void {
  const handle = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** What stands in `file`; null where there is none. Throws what else the system says. */
export function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ENOENT") return null;
    throw error;
  }
}
