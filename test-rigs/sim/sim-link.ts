import type { Link } from "../../edge/core/link.ts";

/** One opening of a simulated port or connection. */
export class SimLink implements Link {
  onData: ((bytes: Uint8Array) => void) | null = null;
  readonly closed: Promise<string>;
  readonly #tellClosed: (why: string) => void;
  readonly #onWrite: (bytes: Uint8Array) => void;
  readonly #onClose: () => void;
  #isOpen = true;

  constructor(onWrite: (bytes: Uint8Array) => void, onClose: () => void) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.#tellClosed = resolve;
    this.#onWrite = onWrite;
    this.#onClose = onClose;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  write(bytes: Uint8Array): void {
    if (this.#isOpen) this.#onWrite(bytes.slice());
  }

  close(): void {
    this.end("closed by the gateway");
  }

  /** Hands received bytes to the gateway; says whether it was listening. */
  deliver(bytes: Uint8Array): boolean {
    if (!this.#isOpen || this.onData === null) return false;
    this.onData(bytes.slice());
    return true;
  }

  /** The port or connection is gone. */
  end(why: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onClose();
    this.#tellClosed(why);
  }

  /** The process that held it is dead: nothing is said to it any more. */
  orphan(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.onData = null;
    this.#onClose();
  }
}
