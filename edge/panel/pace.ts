import type { Clock } from "../core/time.ts";

/** So far apart are requests answered, in milliseconds: a gateway has other work. */
const GAP_MS = 5;
/** So many come together, as when a page is opened, and wait for nothing. */
const BURST = 40;
/** Who would have to wait longer is sent away, in milliseconds. */
const WAIT_MAX_MS = 2_000;

/** Spaces answers, whoever asks: at most 200 a second, however greedy a client is. */
export class Pace {
  readonly #clock: Clock;
  #next = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits for its turn; false, at once, where that is too far off. Rejects when `signal` aborts. */
  async turn(signal: AbortSignal): Promise<boolean> {
    const now = this.#clock.uptime();
    const at = Math.max(this.#next, now - BURST * GAP_MS);
    if (at - now > WAIT_MAX_MS) return false;
    this.#next = at + GAP_MS;
    if (at > now) await this.#clock.sleep(at - now, signal);
    return true;
  }
}
