import { statSync, utimesSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { type ErrorCode, GatewayError } from "../edge/core/errors.ts";

/**
 * What says that the database itself is damaged. Keys count too: the engine assigns them all, so
 * one that is taken or is no number stands on a page out of order.
 */
const DAMAGE = /^SQLITE_(CORRUPT|NOTADB|MISMATCH|CONSTRAINT_(PRIMARYKEY|ROWID|UNIQUE))/;

/** SQLite's primary result codes (sqlite.org/rescode.html) and what they are to the gateway. */
const CODES: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^SQLITE_FULL/, "buffer.full"],
  [/^SQLITE_(BUSY|LOCKED)/, "buffer.busy"],
  [DAMAGE, "buffer.damaged"],
  [/^SQLITE_(IOERR|READONLY|CANTOPEN|PERM)/, "buffer.io"],
];

/** What the kernel says of a file system that takes nothing. */
export const READ_ONLY = "read-only file system";

/** Does `work` on the file `file`; what SQLite says of the disk becomes a `GatewayError`. */
export function guarded<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw asGatewayError(file, error);
  }
}

/** Does `work` as far as SQLite lets it. */
export function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
  }
}

/** Whether `error` says that the database itself is damaged. */
export function isDamage(error: unknown): boolean {
  const code = codeOf(error);
  return DAMAGE.test(code) || code === "buffer.damaged";
}

/** Whether `error` says that something stored cannot be read, now or ever. */
export function isUnreadable(error: unknown): boolean {
  return isDamage(error) || codeOf(error).startsWith("SQLITE_IOERR");
}

/** Whether `error` says that a statement does not fit the tables. */
export function isMisfit(error: unknown): boolean {
  return codeOf(error) === "SQLITE_ERROR";
}

/** Whether `error` says that the index of the log, a file of its own, could not be made. */
export function isIndexRefused(error: unknown): boolean {
  return codeOf(error).startsWith("SQLITE_IOERR_SHM");
}

function asGatewayError(file: string, error: unknown): unknown {
  if (error instanceof GatewayError) return error;
  const code = codeOf(error);
  const known = CODES.find(([pattern]) => pattern.test(code));
  if (known !== undefined) {
    const [, said] = known;
    const told = said === "buffer.io" && isOnReadOnly(file) ? "buffer.read-only" : said;
    return new GatewayError(told, `${file}: ${(error as Error).message}`, { cause: error });
  }
  if (code === "EROFS") {
    return new GatewayError("buffer.read-only", `${file}: ${READ_ONLY}`, { cause: error });
  }
  if (/^(EACCES|ENOENT|ENOTDIR|EIO|EPERM|EEXIST)$/.test(code)) {
    return new GatewayError("buffer.io", `${file}: ${(error as Error).message}`, { cause: error });
  }
  if (code === "ENOSPC") {
    return new GatewayError("buffer.full", `${file}: no space left`, { cause: error });
  }
  return error;
}

/**
 * Whether the file system refuses every write, as the kernel has it after an error of the card.
 * SQLite says the same of that and of any other failure, and where it happens while the buffer is
 * in use nothing but a write shows it: the directory gets the times that it has.
 */
export function isOnReadOnly(file: string): boolean {
  const dir = dirname(file);
  try {
    const { atime, mtime } = statSync(dir);
    utimesSync(dir, atime, mtime);
    return false;
  } catch (error) {
    return codeOf(error) === "EROFS";
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Database.SqliteError) return error.code;
  const code = error instanceof Error && "code" in error ? error.code : "";
  return typeof code === "string" ? code : "";
}
