import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Base } from "../delta/apply.ts";
import { byPath, paddingOf, TAR_END, tarHeader } from "../release/archive.ts";
import {
  parseRelease,
  parseRuntime,
  RELEASE_FILE,
  type RUNTIME_FILE,
} from "../release/manifest.ts";

/** So much is read at once to take the hash, in bytes. */
const PIECE_BYTES = 1_048_576;

/** A stretch of the tar: bytes that are known, or those of a file. */
type Stretch = { readonly at: number; readonly size: number } & (
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "file"; readonly file: string }
);

/**
 * The canonical tar of an installed slot, read from the slot's own files wherever it is asked for:
 * it takes no room on the disk, and no more memory than what is read at once.
 */
export class SlotTar implements Base {
  readonly #stretches: readonly Stretch[];
  /** How long it is, in bytes. */
  readonly length: number;

  /**
   * Of the slot `folder` as its list `list` names it. Throws `ota.malformed` where the list is none,
   * or what the system says.
   */
  constructor(folder: string, list: typeof RELEASE_FILE | typeof RUNTIME_FILE) {
    const text = readFileSync(join(folder, list));
    const { files } = list === RELEASE_FILE ? parseRelease(text) : parseRuntime(text);
    const named = Object.entries(files).map(([path, { mode, size }]) => ({ path, mode, size }));
    const all = [...named, { path: list, mode: "0644" as const, size: text.length }];
    const stretches: Stretch[] = [];
    let at = 0;
    const add = (stretch: Stretch) => {
      stretches.push(stretch);
      at += stretch.size;
    };
    const addBytes = (bytes: Uint8Array) => add({ at, size: bytes.length, kind: "bytes", bytes });
    for (const each of all.toSorted(byPath)) {
      addBytes(tarHeader(each));
      add({ at, size: each.size, kind: "file", file: join(folder, each.path) });
      addBytes(new Uint8Array(paddingOf(each.size)));
    }
    addBytes(TAR_END);
    this.#stretches = stretches;
    this.length = at;
  }

  /** Rejects with what the system says where a file of the slot cannot be read. */
  async read(at: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.length - at)));
    for (const stretch of this.#stretches) {
      const from = Math.max(at, stretch.at);
      const to = Math.min(at + bytes.length, stretch.at + stretch.size);
      if (from >= to) continue;
      const into = bytes.subarray(from - at, to - at);
      if (stretch.kind === "file") await readInto(into, stretch.file, from - stretch.at);
      else into.set(stretch.bytes.subarray(from - stretch.at, to - stretch.at));
    }
    return bytes;
  }

  /** Of the whole, in hexadecimal. */
  async sha256(signal: AbortSignal): Promise<string> {
    const sum = createHash("sha256");
    for (let at = 0; at < this.length; at += PIECE_BYTES) {
      signal.throwIfAborted();
      sum.update(await this.read(at, PIECE_BYTES));
    }
    return sum.digest("hex");
  }
}

/** What a file lacks of what its list says stays zero: the hash of the whole tells. */
async function readInto(into: Buffer, file: string, at: number): Promise<void> {
  await using handle = await open(file, "r");
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await handle.read(into, done, into.length - done, at + done);
    if (bytesRead === 0) return;
    done += bytesRead;
  }
}
