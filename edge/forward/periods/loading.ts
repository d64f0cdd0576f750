import { GatewayError } from "../../core/errors.ts";
import type { World } from "../../world.ts";

/** How long to wait before reading again what could not be read, in milliseconds. */
const READ_AGAIN_MS = 1_000;

/**
 * Reads from the buffer beside a loop that must not wait for it: one thing at a time, and what
 * cannot be read now again a little later.
 */
export class Loading {
  readonly #world: Pick<World, "clock" | "log">;
  readonly #signal: AbortSignal;
  readonly #onDone: () => void;
  #isBusy = false;
  #failure: { readonly error: unknown } | null = null;

  /** `onDone` is called after each reading, whatever came of it. */
  constructor(world: Pick<World, "clock" | "log">, signal: AbortSignal, onDone: () => void) {
    this.#world = world;
    this.#signal = signal;
    this.#onDone = onDone;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Begins `read` unless one is under way. Throws what an earlier one has failed with for good. */
  start(read: () => Promise<void>): void {
    if (this.#failure !== null) throw this.#failure.error;
    if (this.#isBusy) return;
    this.#isBusy = true;
    void this.#patiently(read)
      .catch((error) => {
        this.#failure = { error };
      })
      .then(() => {
        this.#isBusy = false;
        this.#onDone();
      });
  }

  async #patiently(read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof GatewayError) || error.remedy !== "retry") throw error;
      this.#world.log("error", `buffer: ${error.message}`, { code: error.code });
      await this.#world.clock.sleep(READ_AGAIN_MS, this.#signal);
    }
  }
}
