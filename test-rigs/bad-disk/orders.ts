import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { constants } from "node:os";

/** What a disk answers that takes nothing. */
export type DiskError = "EIO" | "EROFS" | "ENOSPC";

const FOR_EVER = 0xffff_ffff;
const BYTES = 16;

/** Has the writes below a directory fail, as `refusing.c` is told in a file of orders. */
export class Orders {
  readonly #file: number;

  /** Takes over the file of orders `path`, as `Orders.make` has made it. */
  constructor(path: string) {
    this.#file = openSync(path, "r+");
  }

  /** Makes a file of orders by which nothing fails. */
  static make(path: string): void {
    const file = openSync(path, "w");
    writeSync(file, Buffer.alloc(BYTES));
    closeSync(file);
  }

  /** From the write behind the next `skip` on, `count` writes fail with `error`. */
  refuse(error: DiskError, skip = 0, count = FOR_EVER): void {
    const orders = new Uint32Array([constants.errno[error], skip, count]);
    writeSync(this.#file, new Uint8Array(orders.buffer), 0, orders.byteLength, 0);
  }

  /** Nothing fails from now on. */
  allow(): void {
    this.refuse("EIO", 0, 0);
  }

  /** How many writes have failed so far. */
  get failed(): number {
    const orders = new Uint32Array(BYTES / 4);
    readSync(this.#file, orders, 0, BYTES, 0);
    return orders[3] ?? 0;
  }
}
