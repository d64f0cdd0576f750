import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { type JournalLine, journalIn } from "../../edge/core/update-notes.ts";
import { flushFolder, readIfThere } from "../trust/durable.ts";

/**
 * Appends a line to the journal `file`; on the disk when it returns. The boot guard writes and reads
 * it too, by the order of the keys.
 */
export function appendJournal(file: string, line: JournalLine): void {
  const { at, boot, step, release, from, reason, command = null, note } = line;
  const text = JSON.stringify({ at, boot, step, release, from, reason, command, note });
  const handle = openSync(file, "a+", 0o644);
  try {
    fchmodSync(handle, 0o644);
    const { size } = fstatSync(handle);
    const last = Buffer.alloc(1);
    // A line that a cut has torn must not spoil this one.
    const isTorn = size > 0 && readSync(handle, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
    writeSync(handle, `${isTorn ? "\n" : ""}${text}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  flushFolder(dirname(file));
}

/** All lines of the journal `file`, the oldest first. Throws what the system says. */
export function readJournal(file: string): readonly JournalLine[] {
  return journalIn(readIfThere(file)?.toString() ?? "");
}
