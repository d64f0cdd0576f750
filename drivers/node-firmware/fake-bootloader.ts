import type { Link } from "../../edge/core/link.ts";

const PAGE_BYTES = 128;
const SIGNATURE = 0x75;

/** A board's bootloader behind a link whose other end is a test. */
export class FakeBootloader implements Link {
  onData: ((bytes: Uint8Array) => void) | null = null;
  readonly closed: Promise<string>;
  readonly flash = new Uint8Array(32_768).fill(0xff);
  signature = [0x1e, 0x95, 0x0f];
  /** Answers from this command on no more; sync does not count. */
  diesAt = Number.POSITIVE_INFINITY;
  /** What the byte at this address reads as, whatever was written. */
  stuck: { readonly address: number; readonly value: number } | null = null;
  /** Answers that were on their way before. */
  late: readonly number[] = [];
  /** The first question for the signature gets a late answer to a sync. */
  isConfused = false;
  /** What DTR was set to. */
  readonly ready: boolean[] = [];
  /** Called at each command but sync, before its answer. */
  onCommand: (count: number) => void = () => {};
  hasDtr = true;
  isAwake = true;
  hasLeft = false;
  #address = 0;
  #commands = 0;
  readonly #lose: (why: string) => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.#lose = resolve;
  }

  setReady(isReady: boolean): Promise<boolean> {
    this.ready.push(isReady);
    return Promise.resolve(this.hasDtr);
  }

  close(): void {
    this.#lose("closed");
  }

  write(bytes: Uint8Array): void {
    if (!this.isAwake) return;
    const [code = 0] = bytes;
    if (code === 0x30) {
      const { late } = this;
      this.late = [];
      this.#send(...late, 0x14, 0x10);
      return;
    }
    if (this.isConfused && code === SIGNATURE) {
      this.isConfused = false;
      this.#send(0x14, 0x10);
      return;
    }
    this.#commands++;
    this.onCommand(this.#commands);
    if (this.#commands < this.diesAt) this.#send(0x14, ...this.#answer(code, bytes), 0x10);
  }

  #answer(code: number, bytes: Uint8Array): readonly number[] {
    switch (code) {
      case SIGNATURE:
        return this.signature;
      case 0x55:
        this.#address = 2 * (((bytes[2] ?? 0) << 8) | (bytes[1] ?? 0));
        return [];
      case 0x64:
        this.flash.set(bytes.subarray(4, 4 + PAGE_BYTES), this.#address);
        if (this.stuck !== null) this.flash[this.stuck.address] = this.stuck.value;
        return [];
      case 0x74:
        return [...this.flash.subarray(this.#address, this.#address + PAGE_BYTES)];
      case 0x51:
        this.hasLeft = true;
        return [];
      default:
        return [];
    }
  }

  #send(...bytes: readonly number[]): void {
    for (const byte of bytes) this.onData?.(Uint8Array.of(byte));
  }
}
