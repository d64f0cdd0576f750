import { constants, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { readIfThere } from "./durable.ts";

/**
 * So much of a part may be lost when the power goes: a hundredth of it, within these bounds in bytes.
 * Over a slow line that is half a minute; over a fast one no more than some hundred flushes in all.
 */
const FLUSH_LEAST_BYTES = 65_536;
const FLUSH_MOST_BYTES = 1_048_576;

/** So much is read at once. */
const PIECE_BYTES = 262_144;

/** A file that comes in bit by bit, and outlives what cuts it off. */
export class PartFile implements AsyncDisposable {
  readonly #path: string;
  readonly #file: FileHandle;
  #length: number;
  #unflushed = 0;

  private constructor(path: string, file: FileHandle, length: number) {
    this.#path = path;
    this.#file = file;
    this.#length = length;
  }

  /** Opens `path`, or creates it; a link is not followed. Rejects with what the system says. */
  static async open(path: string): Promise<PartFile> {
    const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
    const file = await open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o644);
    return new PartFile(path, file, (await file.stat()).size);
  }

  /** How much of it there is, in bytes. */
  get length(): number {
    return this.#length;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#file.write(bytes, 0, bytes.length, this.#length);
    this.#length += bytes.length;
    this.#unflushed += bytes.length;
    const share = Math.floor(this.#length / 100);
    const atMost = Math.min(FLUSH_MOST_BYTES, Math.max(FLUSH_LEAST_BYTES, share));
    if (this.#unflushed >= atMost) await this.flush();
  }

  /** All that was appended is on the disk when it resolves. */
  async flush(): Promise<void> {
    await this.#file.sync();
    this.#unflushed = 0;
  }

  /** Begins anew. */
  async empty(): Promise<void> {
    await this.#file.truncate(0);
    this.#length = 0;
    forgetTag(this.#path);
  }

  /** Remembers that what begins here came from `url`, which calls it `tag`. */
  rememberTag(url: string, tag: string): void {
    // Torn, it is another tag: then all is fetched anew, and no wrong byte is kept.
    forgetTag(this.#path);
    writeFileSync(`${this.#path}.tag`, JSON.stringify([url, tag]), { flag: "wx" });
  }

  /** What `url` called the file when this part was begun from it; undefined where it was not. */
  tagAt(url: string): string | undefined {
    try {
      const known: unknown = JSON.parse(`${readIfThere(`${this.#path}.tag`) ?? "null"}`);
      if (!Array.isArray(known) || known[0] !== url) return undefined;
      return typeof known[1] === "string" ? known[1] : undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** Its bytes from the first on, piece by piece. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    const piece = new Uint8Array(PIECE_BYTES);
    for (let at = 0; at < this.#length; ) {
      const { bytesRead } = await this.#file.read(piece, 0, PIECE_BYTES, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#file.sync();
    } finally {
      await this.#file.close();
    }
  }
}

/** Removes what a part at `path` remembered of where it came from. */
export function forgetTag(path: string): void {
  rmSync(`${path}.tag`, { force: true });
}
