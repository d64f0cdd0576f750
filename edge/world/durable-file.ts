import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes `text` to `file`, whole or not at all whatever is cut off: beside it, flushed, renamed, and
 * the folder flushed. On the disk when it returns; throws what the system says where it is not.
 */
export function writeDurably(file: string, text: string, mode: number): void {
  const beside = `${file}.new`;
  const handle = openSync(beside, "w", mode);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(beside, file);
  flushFolder(dirname(file));
}

/** What was created, renamed or removed in `folder` is on the disk when this returns. */
export function flushFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
