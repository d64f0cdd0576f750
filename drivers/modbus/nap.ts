import type { Clock, UptimeMs } from "../../edge/core/time.ts";

/** Why a nap was cut short: something happened, look again. */
const LOOK_AGAIN = new Error("something happened");

/** The waiting of one who looks again whenever something happened, needed or not. */
export class Nap {
  readonly #clock: Clock;
  #cut: AbortController | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits until `moment`, or shorter: the caller looks again. */
  async until(moment: UptimeMs): Promise<void> {
    const cut = new AbortController();
    this.#cut = cut;
    try {
      await this.#clock.sleep(moment - this.#clock.uptime(), cut.signal);
    } catch (error) {
      if (error !== LOOK_AGAIN) throw error;
    }
  }

  /** Ends the wait that is under way, if one is. */
  wake(): void {
    this.#cut?.abort(LOOK_AGAIN);
  }
}
