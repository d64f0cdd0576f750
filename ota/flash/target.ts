import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { GatewayError, messageOf } from "../../edge/core/errors.ts";

/** A card is written and read in blocks of so many bytes: cards are quickest with several MiB. */
export const BLOCK = 4_194_304;
/** What direct writing must begin and end at (open(2), O_DIRECT). */
export const GRAIN = 4_096;
/** The size of a page of WebAssembly. */
const PAGE = 65_536;

/**
 * A card, or a file in its place, opened so that what was written is on it when a write returns, and
 * what is read comes from it and not from memory: past the cache where the system lets it.
 */
export class Target {
  readonly path: string;
  /** Whether the cache is passed by. */
  readonly isDirect: boolean;
  readonly #handle: FileHandle;
  // Memory of WebAssembly begins at a page, as direct writing needs.
  readonly #block = new Uint8Array(new WebAssembly.Memory({ initial: BLOCK / PAGE }).buffer);

  private constructor(path: string, handle: FileHandle, isDirect: boolean) {
    this.path = path;
    this.#handle = handle;
    this.isDirect = isDirect;
  }

  /** Alone, where it is a device: O_EXCL is refused while anything uses it. Rejects with `card.open`. */
  static async open(path: string, isDevice: boolean): Promise<Target> {
    const { O_RDWR, O_CREAT, O_EXCL, O_DIRECT, O_DSYNC } = constants;
    const own = O_RDWR | (isDevice ? O_EXCL : O_CREAT);
    try {
      return new Target(path, await open(path, own | O_DIRECT, 0o600), true);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EINVAL") throw unopened(path, error);
    }
    try {
      return new Target(path, await open(path, own | O_DSYNC, 0o600), false);
    } catch (error) {
      throw unopened(path, error);
    }
  }

  /** Writes `bytes`, at most a block, at `at`. Rejects with `card.write`. */
  async write(bytes: Uint8Array, at: number): Promise<void> {
    const length = Math.ceil(bytes.length / GRAIN) * GRAIN;
    this.#block.fill(0, bytes.length, length);
    this.#block.set(bytes);
    try {
      for (let done = 0; done < length; ) {
        const { bytesWritten } = await this.#handle.write(
          this.#block,
          done,
          length - done,
          at + done,
        );
        if (bytesWritten === 0) throw new Error("it takes no more");
        done += bytesWritten;
      }
    } catch (error) {
      throw failed(this.path, at, error);
    }
  }

  /** What stands at `at`, `length` bytes, at most a block; good until the next use. Rejects as `write`. */
  async read(at: number, length: number): Promise<Uint8Array> {
    const whole = Math.ceil(length / GRAIN) * GRAIN;
    try {
      let done = 0;
      while (done < length) {
        const { bytesRead } = await this.#handle.read(this.#block, done, whole - done, at + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return this.#block.subarray(0, Math.min(done, length));
    } catch (error) {
      throw failed(this.path, at, error);
    }
  }

  /** All of it is on the card when this resolves; also what the card's own reader held. */
  async flush(): Promise<void> {
    try {
      await this.#handle.sync();
    } catch (error) {
      throw failed(this.path, 0, error);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

function unopened(path: string, cause: unknown): GatewayError {
  return new GatewayError("card.open", `${path}: ${messageOf(cause)}`, { cause });
}

function failed(path: string, at: number, cause: unknown): GatewayError {
  const mib = Math.floor(at / 1_048_576);
  return new GatewayError("card.write", `${path}, at ${mib} MiB: ${messageOf(cause)}`, { cause });
}
