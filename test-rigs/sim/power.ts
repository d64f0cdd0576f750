import fs, { readFileSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** The header of a write-ahead log, and that of each frame, by sqlite.org/fileformat2, 4.1. */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** What a log begins with, but for its last bit. */
const MAGIC = 0x377f0682;
/** Where the salt stands in the log's header, and in that of a frame. */
const SALT = { from: 16, to: 24 } as const;
const FRAME_SALT = { from: 8, to: 16 } as const;

/** Up to where a log was flushed; a log with another salt was begun anew since. */
type Flushed = { readonly salt: string; readonly bytes: number };

/** By inode: what is to be there behind a power cut. */
const flushed = new Map<number, Flushed>();
const { fdatasyncSync, fsyncSync } = fs;
let isWatched = false;

/**
 * From now on it is noted how far each write-ahead log of this process is flushed. Flushes are seen
 * where Node makes them: the program itself must have nothing in it for a simulated disk.
 */
export function watchFlushes(): void {
  if (isWatched) return;
  isWatched = true;
  const noted = (flush: (fd: number) => void) => (fd: number) => {
    flush(fd);
    note(fd);
  };
  Object.assign(fs, { fdatasyncSync: noted(fdatasyncSync), fsyncSync: noted(fsyncSync) });
  syncBuiltinESMExports();
}

function note(fd: number): void {
  const stat = fs.fstatSync(fd);
  if (!stat.isFile() || stat.size < HEADER_BYTES) return;
  const { ino, size } = stat;
  const header = readAt(fd, 0, HEADER_BYTES);
  if (header.readUInt32BE(0) >>> 1 !== MAGIC >>> 1) return;
  const before = flushed.get(ino);
  const salt = header.toString("hex", SALT.from, SALT.to);
  const frameBytes = FRAME_HEADER_BYTES + header.readUInt32BE(8);
  let bytes = before?.salt === salt ? before.bytes : HEADER_BYTES;
  while (bytes + frameBytes <= size) {
    const frame = readAt(fd, bytes, FRAME_HEADER_BYTES);
    if (frame.toString("hex", FRAME_SALT.from, FRAME_SALT.to) !== salt) break;
    bytes += frameBytes;
  }
  flushed.set(ino, { salt, bytes });
}

function readAt(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  fs.readSync(fd, bytes, 0, length, at);
  return bytes;
}

/**
 * What the disk holds of the database `file` if power goes now: of its log no more than was flushed.
 * Returns what puts that in the place of what the process that dies with it still writes. What
 * SQLite moves from the log into the database it flushes by itself, before it begins the log anew.
 */
export function cutPower(file: string): () => void {
  const log = `${file}-wal`;
  const [database, written] = [readFileSync(file), readFileSync(log)];
  const kept = flushed.get(fs.statSync(log).ino);
  const isSame = kept?.salt === written.toString("hex", SALT.from, SALT.to);
  const left = written.subarray(0, isSame ? kept?.bytes : 0);
  return () => {
    rmSync(`${file}-shm`, { force: true });
    writeFileSync(file, database);
    writeFileSync(log, left);
  };
}
