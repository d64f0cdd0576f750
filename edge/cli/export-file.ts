import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";

/** So many bytes are written at once. */
const CHUNK_BYTES = 1 << 18;

/**
 * A file that is there only when it is whole: it grows under another name, `FILE.part`, and gets
 * its own at the end. Every call throws what the system says of a file.
 */
export class ExportFile {
  readonly path: string;
  readonly #part: string;
  readonly #descriptor: number;
  readonly #mayReplace: boolean;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #bytes = 0;
  #isOpen = true;

  constructor(path: string, mayReplace: boolean) {
    this.path = path;
    this.#part = `${path}.part`;
    this.#mayReplace = mayReplace;
    this.#refuseToReplace();
    this.#descriptor = openSync(this.#part, "w");
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes + this.#waitingBytes;
  }

  write(data: string | Uint8Array): void {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= CHUNK_BYTES) this.#flush();
  }

  /** The disk has all of it, and the file its name. */
  finish(): void {
    this.#flush();
    fsyncSync(this.#descriptor);
    this.#close();
    this.#refuseToReplace();
    renameSync(this.#part, this.path);
  }

  /** Leaves nothing behind where it was not finished. */
  [Symbol.dispose](): void {
    if (this.#isOpen) this.#close();
    rmSync(this.#part, { force: true });
  }

  #close(): void {
    this.#isOpen = false;
    closeSync(this.#descriptor);
  }

  /** A memory stick knows no links, by which a name could be taken and refused in one step. */
  #refuseToReplace(): void {
    if (!this.#mayReplace && existsSync(this.path)) throw new FileExists(this.path);
  }

  #flush(): void {
    for (const bytes of [Buffer.concat(this.#waiting)])
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    this.#bytes += this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

/** There is a file of that name, which must not be replaced. */
export class FileExists extends Error {}
