import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** So much may be lost of a part when the power goes, in bytes. */
const FLUSH_EVERY_BYTES = 1_048_576;

/** So much is read at once. */
const PIECE_BYTES = 262_144;

/** A file that comes in bit by bit, and outlives what cuts it off. */
export class PartFile implements AsyncDisposable {
  readonly #file: FileHandle;
  #length: number;
  #unflushed = 0;

  private constructor(file: FileHandle, length: number) {
    this.#file = file;
    this.#length = length;
  }

  /** Opens `path`, or creates it; a link is not followed. Rejects with what the system says. */
  static async open(path: string): Promise<PartFile> {
    const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
    const file = await open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o644);
    return new PartFile(file, (await file.stat()).size);
  }

  /** How much of it there is, in bytes. */
  get length(): number {
    return this.#length;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#file.write(bytes, 0, bytes.length, this.#length);
    this.#length += bytes.length;
    this.#unflushed += bytes.length;
    if (this.#unflushed >= FLUSH_EVERY_BYTES) await this.flush();
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
