import Database from "better-sqlite3";
import { type ErrorCode, GatewayError } from "../edge/core/errors.ts";

const DAMAGE = /^SQLITE_(CORRUPT|NOTADB)/;

/** SQLite's primary result codes (sqlite.org/rescode.html) and what they are to the gateway. */
const CODES: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^SQLITE_FULL/, "buffer.full"],
  [/^SQLITE_(BUSY|LOCKED)/, "buffer.busy"],
  [DAMAGE, "buffer.damaged"],
  [/^SQLITE_(IOERR|READONLY|CANTOPEN|PERM)/, "buffer.io"],
];

/** Does `work` on the database `file`; what SQLite says of the disk becomes a `GatewayError`. */
export function guarded<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw asGatewayError(file, error);
  }
}

/** Whether `error` says that the database itself is damaged. */
export function isDamage(error: unknown): boolean {
  return DAMAGE.test(codeOf(error));
}

function asGatewayError(file: string, error: unknown): unknown {
  if (error instanceof GatewayError) return error;
  const code = codeOf(error);
  const known = CODES.find(([pattern]) => pattern.test(code));
  if (known !== undefined) {
    return new GatewayError(known[1], `${file}: ${(error as Error).message}`, { cause: error });
  }
  if (/^(EACCES|EROFS|ENOENT|ENOTDIR|EIO|EPERM|EEXIST)$/.test(code)) {
    return new GatewayError("buffer.io", `${file}: ${(error as Error).message}`, { cause: error });
  }
  if (code === "ENOSPC") {
    return new GatewayError("buffer.full", `${file}: no space left`, { cause: error });
  }
  return error;
}

function codeOf(error: unknown): string {
  if (error instanceof Database.SqliteError) return error.code;
  const code = error instanceof Error && "code" in error ? error.code : "";
  return typeof code === "string" ? code : "";
}
