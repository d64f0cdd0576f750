import { createHash, type Hash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Parser, type ReadEntry } from "tar";
import { GatewayError } from "../../edge/core/errors.ts";
import {
  FILES_MAX,
  isSlotPath,
  parseRelease,
  parseRuntime,
  RELEASE_FILE,
  type ReleaseContents,
  type RUNTIME_FILE,
  type RuntimeContents,
} from "../release/manifest.ts";
import { flushFolder } from "../trust/durable.ts";

/** What was signed of an archive once it is decompressed. */
export type SignedTar = { readonly length: number; readonly sha256: string };

/** Which list of files an archive brings. */
export type SlotList = typeof RELEASE_FILE | typeof RUNTIME_FILE;

type Written = { readonly sha256: string; readonly size: number; readonly mode: string };

/**
 * Unpacks the archive `tar`, in whatever pieces it comes, into the new folder `folder`: what lay
 * there goes. Nothing but regular files of the names and rights that releases have is ever made,
 * and not a byte more than was signed is taken. All of it is on the disk when this resolves, with
 * what its list says of it. Rejects with `ota.length`, `ota.hash`, `ota.malformed` or what the
 * system says; what was made stays until the next attempt.
 */
export async function unpack(
  tar: AsyncIterable<Uint8Array>,
  signed: SignedTar,
  folder: string,
  list: SlotList,
): Promise<ReleaseContents | RuntimeContents> {
  rmSync(folder, { recursive: true, force: true });
  const writing = new Writing(folder, signed.length);
  const parser = new Parser({ strict: true, onReadEntry: (entry) => writing.take(entry) });
  parser.on("error", (error: Error) => writing.fail(error));
  // What the parser would read for itself, or pass over: our packer writes none of it.
  parser.on("meta", () => writing.fail(odd("a header", "has more attributes than releases have")));
  parser.on("ignoredEntry", ({ path, type }: ReadEntry) =>
    writing.fail(odd(path, `is a ${type}, not a file`)),
  );
  const sum = createHash("sha256");
  let length = 0;
  for await (const bytes of tar) {
    length += bytes.length;
    if (length > signed.length) throw tooLong(signed);
    sum.update(bytes);
    parser.write(Buffer.from(bytes));
    writing.check();
  }
  parser.end();
  writing.check();
  if (length !== signed.length) {
    throw new GatewayError("ota.length", `the archive is ${length} bytes, not ${signed.length}`);
  }
  if (sum.digest("hex") !== signed.sha256) {
    throw new GatewayError("ota.hash", "the archive is not the one that was signed");
  }
  const contents = listIn(folder, list);
  compare(writing.files, contents, list);
  writing.flush();
  return contents;
}

/** What the list of the slot `folder` says. Throws `ota.malformed`. */
export function listIn(folder: string, list: SlotList): ReleaseContents | RuntimeContents {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(folder, list));
  } catch (cause) {
    throw new GatewayError("ota.malformed", `it has no ${list}`, { cause });
  }
  return list === RELEASE_FILE ? parseRelease(bytes) : parseRuntime(bytes);
}

function tooLong({ length }: SignedTar): GatewayError {
  return new GatewayError("ota.length", `the archive is longer than the ${length} bytes signed`);
}

/** Exactly what the list names is there, as it says. */
function compare(
  files: ReadonlyMap<string, Written>,
  { files: named }: Pick<ReleaseContents, "files">,
  list: SlotList,
): void {
  for (const path of files.keys()) {
    if (path !== list && !Object.hasOwn(named, path)) throw odd(path, `is not in ${list}`);
  }
  for (const [path, { sha256, size, mode }] of Object.entries(named)) {
    const file = files.get(path);
    if (file === undefined) throw odd(path, "is missing");
    const isSame = file.sha256 === sha256 && file.size === size && file.mode === mode;
    if (!isSame) throw odd(path, `is not what ${list} says`);
  }
}

function odd(path: string, why: string): GatewayError {
  return new GatewayError("ota.malformed", `${JSON.stringify(path)} in the archive ${why}`);
}

/** The files of an archive on their way to the disk. */
class Writing {
  readonly files = new Map<string, Written>();
  readonly #folder: string;
  readonly #made = new Set<string>();
  #room: number;
  #error: unknown = null;

  constructor(folder: string, room: number) {
    this.#folder = folder;
    this.#room = room;
    this.#makeFolder(folder);
  }

  /** Throws what went wrong in what the parser called. */
  check(): void {
    if (this.#error === null) return;
    if (this.#error instanceof GatewayError) throw this.#error;
    const { code, message } = this.#error as NodeJS.ErrnoException & { readonly tarCode?: string };
    if (typeof code === "string" && !code.startsWith("TAR_")) throw this.#error;
    throw new GatewayError("ota.malformed", `the archive is no tar: ${message}`);
  }

  fail(error: unknown): void {
    this.#error ??= error;
  }

  take(entry: ReadEntry): void {
    // Only once something went wrong: nothing more is written.
    if (this.#error !== null) {
      entry.resume();
      return;
    }
    try {
      this.#write(entry, this.#open(entry));
    } catch (error) {
      this.fail(error);
      entry.resume();
    }
  }

  #open({ path, type, size, mode, extended, globalExtended }: ReadEntry): number {
    if (type !== "File" && type !== "OldFile") throw odd(path, `is a ${type}, not a file`);
    if (extended !== undefined || globalExtended !== undefined) {
      throw odd(path, "has more attributes than releases have");
    }
    if (!isSlotPath(path)) throw odd(path, "is no name that releases have");
    if (this.files.has(path)) throw odd(path, "is there twice");
    if (this.files.size > FILES_MAX) throw odd(path, `is one of more than ${FILES_MAX} files`);
    this.#room -= size;
    if (this.#room < 0) throw odd(path, "is longer than the archive was signed to be");
    const rights = (mode ?? 0) & 0o7777;
    if (rights !== 0o644 && rights !== 0o755) throw odd(path, `has the rights ${mode}`);
    const file = join(this.#folder, path);
    const isThrough = [...this.files.keys()].some((each) => path.startsWith(`${each}/`));
    if (isThrough || this.#made.has(file)) throw odd(path, "is a file and a folder");
    this.#makeFolder(dirname(file));
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    const handle = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, rights);
    // Whatever the mask of whoever typed the command: the gateway's user is to read it.
    fchmodSync(handle, rights);
    return handle;
  }

  #write(entry: ReadEntry, handle: number): void {
    const { path } = entry;
    const sum: Hash = createHash("sha256");
    let size = 0;
    // Known before its end, so that a second of the same name is refused.
    this.files.set(path, { sha256: "", size: -1, mode: "" });
    entry.on("data", (bytes: Buffer) => {
      try {
        sum.update(bytes);
        for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
        size += bytes.length;
      } catch (error) {
        this.fail(error);
      }
    });
    entry.on("end", () => {
      try {
        fsyncSync(handle);
      } catch (error) {
        this.fail(error);
      } finally {
        closeSync(handle);
      }
      const mode = (((entry.mode ?? 0) & 0o7777) === 0o755 ? "0755" : "0644") as string;
      this.files.set(path, { sha256: sum.digest("hex"), size, mode });
    });
  }

  #makeFolder(folder: string): void {
    if (this.#made.has(folder)) return;
    if (folder !== this.#folder) this.#makeFolder(dirname(folder));
    mkdirSync(folder, { recursive: folder === this.#folder });
    chmodSync(folder, 0o755);
    this.#made.add(folder);
  }

  /** The names of all files are on the disk. */
  flush(): void {
    for (const folder of this.#made) flushFolder(folder);
  }
}
