import { GatewayError } from "../../edge/core/errors.ts";
import type { RepositoryTransport } from "../../edge/core/repository.ts";
import type { Clock } from "../../edge/core/time.ts";

/**
 * How slow a repository may be: in every window of `windowMs` milliseconds at least `leastBytes`
 * arrive. No limit is set to the whole: over a slow line a large file takes hours.
 */
export type PaceRule = {
  readonly windowMs: number;
  readonly leastBytes: number;
};

/** Below the slowest line that is of use: 2G at its edge carries some 100 bytes in a second. */
export const LEAST_PACE: PaceRule = { windowMs: 60_000, leastBytes: 1_500 };

/** Counts what comes over a line that is not to be used as one likes. */
export interface Meter {
  /** A file is about to be asked for. Rejects with `ota.budget`, or the reason of `signal`. */
  admit(signal: AbortSignal): Promise<void>;
  /** A connection is made for it. Throws `ota.disk` where that cannot be kept. */
  open(): void;
  /** So many bytes came. Throws `ota.disk` where that cannot be kept. */
  count(bytes: number): void;
}

/** What reads a repository, and how long it waits. */
export type Reader = {
  readonly transport: RepositoryTransport;
  readonly clock: Clock;
  readonly pace: PaceRule;
  /** Left out where the line costs nothing, as a folder does. */
  readonly meter?: Meter;
};

/** What a repository sends: where it begins and what it says of the file, then bytes in any split. */
export type Sent = Beginning | Part;

type Beginning = {
  readonly kind: "from";
  readonly at: number;
  readonly tag: string | undefined;
  readonly length: number | undefined;
};

type Part = { readonly kind: "part"; readonly bytes: Uint8Array };

/**
 * Reads what stands at `url` from byte `from` on, where it is still called `tag`; first tells where
 * the bytes really begin. Throws `GatewayError` `ota.absent` where nothing stands there, `ota.slow`
 * where it falls below the pace, `ota.budget`, `ota.busy`, `ota.unreachable`; the reason of `signal`
 * where that aborts. While the meter makes it wait, the repository is not the one that is slow.
 */
export async function* readPaced(
  { transport, clock, pace, meter }: Reader,
  url: string,
  from: number,
  signal: AbortSignal,
  tag?: string,
): AsyncGenerator<Sent> {
  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);
  const window = new Window(clock, pace, url, until);
  try {
    await meter?.admit(until);
    meter?.open();
    const file = await window.wait(transport.open(url, from, until, tag));
    if (file === null) throw new GatewayError("ota.absent", `nothing stands at ${url}`);
    yield { kind: "from", at: file.from, tag: file.tag, length: file.length };
    const parts = file.parts[Symbol.asyncIterator]();
    for (;;) {
      const next = await window.wait(parts.next());
      if (next.done === true) return;
      window.count(next.value.length);
      meter?.count(next.value.length);
      yield { kind: "part", bytes: next.value };
      await meter?.admit(until);
    }
  } finally {
    // Breaks off the transport as well, in whatever it waits.
    ending.abort(new Error("no longer wanted"));
  }
}

/** How much came in the window of time that runs: time in which the repository is waited for. */
class Window {
  readonly #clock: Clock;
  readonly #pace: PaceRule;
  readonly #url: string;
  readonly #signal: AbortSignal;
  #waitedMs = 0;
  #bytes = 0;

  constructor(clock: Clock, pace: PaceRule, url: string, signal: AbortSignal) {
    this.#clock = clock;
    this.#pace = pace;
    this.#url = url;
    this.#signal = signal;
  }

  count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#waitedMs >= this.#pace.windowMs) this.#turn();
  }

  /** What comes of `promise`. Throws `ota.slow` where windows end below the pace meanwhile. */
  async wait<T>(promise: Promise<T>): Promise<T> {
    const value = promise.then((got) => ({ got }));
    for (;;) {
      const from = this.#clock.uptime();
      const first = await this.#race(value, this.#pace.windowMs - this.#waitedMs);
      this.#waitedMs += this.#clock.uptime() - from;
      if (first !== null) return first.got;
      this.#turn();
    }
  }

  /** What `value` resolves with, within `ms` milliseconds; null where it does not. */
  async #race<T>(value: Promise<T>, ms: number): Promise<T | null> {
    const over = new AbortController();
    const until = AbortSignal.any([this.#signal, over.signal]);
    try {
      const end = this.#clock.sleep(Math.max(0, ms), until).then(() => null);
      return await Promise.race([value, end]);
    } finally {
      over.abort(new Error("came in time"));
    }
  }

  #turn(): void {
    const { windowMs, leastBytes } = this.#pace;
    if (this.#bytes < leastBytes) {
      const why = `${this.#url} sent ${this.#bytes} bytes in ${windowMs / 1000} s`;
      throw new GatewayError("ota.slow", `${why}, less than ${leastBytes}`);
    }
    this.#waitedMs = 0;
    this.#bytes = 0;
  }
}
