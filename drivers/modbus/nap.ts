import type { Clock, UptimeMs } from "../../edge/core/time.ts";

/** Why a timer was called off: one for all, as making one with its stack costs more than the timer. */
const CALLED_OFF = new Error("nobody waits for it");

/**
 * The waiting of one who looks again whenever something happened, needed or not. Most waits are cut
 * short, and the next is for later: one timer, which is set anew when it is too early, serves many.
 */
export class Nap {
  readonly #clock: Clock;
  #wait: { readonly until: UptimeMs; readonly end: () => void } | null = null;
  /** What is set, and how it is called off. */
  #timer: { readonly at: UptimeMs; readonly off: AbortController } | null = null;
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits until `moment`, or shorter: the caller looks again. One wait at a time; none after the end. */
  until(moment: UptimeMs): Promise<void> {
    if (this.#wait !== null) throw new Error("two wait in one nap");
    if (this.#isOver) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wait = { until: moment, end: resolve };
    if (this.#timer === null || this.#timer.at > moment) this.#set(moment);
    return promise;
  }

  /** Ends the wait that is under way, if one is. */
  wake(): void {
    this.#wait?.end();
    this.#wait = null;
  }

  /** As `wake`, for good, and leaves no timer behind. */
  end(): void {
    this.#isOver = true;
    this.#callOff();
    this.wake();
  }

  #set(at: UptimeMs): void {
    this.#callOff();
    const timer = { at, off: new AbortController() };
    this.#timer = timer;
    const over = () => this.#over(timer);
    this.#clock.sleep(at - this.#clock.uptime(), timer.off.signal).then(over, over);
  }

  #over(timer: object): void {
    if (this.#timer !== timer) return;
    this.#timer = null;
    if (this.#wait !== null && this.#wait.until > this.#clock.uptime()) this.#set(this.#wait.until);
    else this.wake();
  }

  #callOff(): void {
    const timer = this.#timer;
    this.#timer = null;
    timer?.off.abort(CALLED_OFF);
  }
}
