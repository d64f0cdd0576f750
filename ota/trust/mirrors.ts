import { type Backoff, backoffMs } from "../../edge/core/backoff.ts";
import type { GatewayError } from "../../edge/core/errors.ts";
import { RepositoryBusy } from "../../edge/core/repository.ts";
import type { Clock } from "../../edge/core/time.ts";

/** How long a download is gone on with while nothing comes. */
export type Patience = {
  readonly backoff: Backoff;
  /** So many tries in a row that bring next to nothing are made at each mirror. */
  readonly triesMax: number;
};

/** A server that asks for more than this is not waited for, in milliseconds. */
const BUSY_WAIT_MAX_MS = 120_000;

type Mirror = { readonly url: string; vain: number; readyAt: number };

/**
 * Where the same file stands, and whose turn it is. One mirror is kept to until it fails for good,
 * because bytes of two might not be of one file.
 */
export class Mirrors {
  readonly #patience: Patience;
  readonly #clock: Clock;
  readonly #random: () => number;
  #mirrors: Mirror[];
  #at = 0;

  /** `urls`: at least one, the first to be asked first; `random` is in [0, 1). */
  constructor(
    urls: readonly string[],
    patience: Patience,
    { clock, random }: { readonly clock: Clock; random(): number },
  ) {
    this.#patience = patience;
    this.#clock = clock;
    this.#random = random;
    this.#mirrors = urls.map((url) => ({ url, vain: 0, readyAt: 0 }));
  }

  /** Waits until a mirror may be asked, and tells which. Rejects with the reason of `signal`. */
  async turn(signal: AbortSignal): Promise<string> {
    const { url, readyAt } = this.#now;
    const waitMs = readyAt - this.#clock.uptime();
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
    return url;
  }

  /** The one whose turn it is brought something, and then failed: it is gone on with. */
  advanced(): void {
    for (const mirror of this.#mirrors) mirror.vain = 0;
    this.#rest(this.#now, 1);
  }

  /** It brought next to nothing, and may do better later. Throws `why` where no mirror is left. */
  failed(why: GatewayError): void {
    const mirror = this.#now;
    const isHeld = why instanceof RepositoryBusy;
    const waitMs = isHeld ? why.waitMs : 0;
    mirror.vain = waitMs > BUSY_WAIT_MAX_MS ? this.#patience.triesMax : mirror.vain + 1;
    this.#rest(mirror, mirror.vain, waitMs);
    if (mirror.vain >= this.#patience.triesMax || isHeld) this.#goOn(why);
  }

  /** It does not have the file, or another one. Throws `why` where no mirror is left. */
  drop(why: GatewayError): void {
    this.#mirrors = this.#mirrors.filter((mirror) => mirror !== this.#now);
    this.#at -= 1;
    this.#goOn(why);
  }

  get #now(): Mirror {
    return this.#mirrors[this.#at] as Mirror;
  }

  #rest(mirror: Mirror, vain: number, leastMs = 0): void {
    const ms = backoffMs(this.#patience.backoff, Math.max(1, vain), this.#random());
    mirror.readyAt = this.#clock.uptime() + Math.max(leastMs, ms);
  }

  #goOn(why: GatewayError): void {
    for (let step = 1; step <= this.#mirrors.length; step++) {
      const index = (this.#at + step) % this.#mirrors.length;
      if ((this.#mirrors[index]?.vain ?? 0) >= this.#patience.triesMax) continue;
      this.#at = index;
      return;
    }
    throw why;
  }
}
