import { after, type Clock, type UptimeMs } from "../core/time.ts";

/** Not told more often than this, in milliseconds. */
const TELL_EVERY_MS = 60_000;

/** Something that may happen often and is told now and then. */
export class Seldom {
  readonly #clock: Clock;
  #toldAt: UptimeMs | null = null;
  #times = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** It happened: tells it by `log`, with how often it has since it was told, or does not. */
  tell(log: (times: number) => void): void {
    this.#times++;
    const now = this.#clock.uptime();
    if (this.#toldAt !== null && now < after(this.#toldAt, TELL_EVERY_MS)) return;
    log(this.#times);
    this.#toldAt = now;
    this.#times = 0;
  }
}
