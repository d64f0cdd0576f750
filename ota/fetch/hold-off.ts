import { type Backoff, backoffMs } from "../../edge/core/backoff.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import { RepositoryBusy } from "../../edge/core/repository.ts";
import type { Clock } from "../../edge/core/time.ts";
import { readIfThere, writeDurably } from "../trust/durable.ts";
import { diskFault } from "../trust/verdict.ts";

/** From a run that failed to the next that nobody ordered: so that a fleet is no burden when one thing is wrong. */
const BACKOFF: Backoff = { firstMs: 600_000, maxMs: 86_400_000 };
/** A hundred failures are no longer told apart. */
const FAILURES_MAX = 100;
const MINUTE_MS = 60_000;

type Held = { readonly failures: number; readonly until: number; readonly code: string };

/**
 * When fetching is tried again after it failed, over restarts and reboots: later each time, scattered,
 * and never before a server asked for it.
 */
export class HoldOff {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #random: () => number;

  /** `file`: where it is kept; `random` is in [0, 1). */
  constructor(file: string, clock: Clock, random: () => number) {
    this.#file = file;
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Does `step`, which fetches; not yet where it failed before and nobody ordered it: then it rejects
   * with `ota.held`. Rejects as `step` does, and with `ota.disk`.
   */
  async around<T>(isOrdered: boolean, step: () => Promise<T>): Promise<T> {
    if (!isOrdered) this.#check();
    try {
      const value = await step();
      this.#keep(null);
      return value;
    } catch (error) {
      // What waits for the month or is broken off did not fail.
      const isFailure = error instanceof GatewayError && error.code !== "ota.budget";
      if (isFailure) this.#failed(error);
      throw error;
    }
  }

  #check(): void {
    const { until, code } = this.#held();
    const waitMs = until - this.#clock.now();
    // What lies further ahead was written by a clock that was wrong.
    if (waitMs <= 0 || waitMs > BACKOFF.maxMs) return;
    const minutes = Math.ceil(waitMs / MINUTE_MS);
    throw new GatewayError("ota.held", `after ${code} it is tried again in ${minutes} min`);
  }

  #failed(error: GatewayError): void {
    const failures = Math.min(FAILURES_MAX, this.#held().failures + 1);
    const ms = backoffMs(BACKOFF, failures, this.#random());
    const askedMs = error instanceof RepositoryBusy ? error.waitMs : 0;
    // Scattered as well: all were told the same moment.
    const busyMs = askedMs * (1 + this.#random() / 4);
    const waitMs = Math.min(BACKOFF.maxMs, Math.max(ms, busyMs));
    this.#keep({ failures, until: this.#clock.now() + waitMs, code: error.code });
  }

  #held(): Held {
    const none = { failures: 0, until: 0, code: "" };
    try {
      const kept: unknown = JSON.parse(`${readIfThere(this.#file) ?? "null"}`);
      return isHeld(kept) ? kept : none;
    } catch (error) {
      if (error instanceof SyntaxError) return none;
      throw diskFault(error, "cannot read when fetching failed");
    }
  }

  #keep(held: Held | null): void {
    if (held === null && this.#held().failures === 0) return;
    try {
      writeDurably(this.#file, Buffer.from(`${JSON.stringify(held)}\n`));
    } catch (error) {
      throw diskFault(error, "cannot keep when fetching failed");
    }
  }
}

function isHeld(kept: unknown): kept is Held {
  const { failures, until, code } = (kept ?? {}) as Partial<Held>;
  return Number.isSafeInteger(failures) && Number.isFinite(until) && typeof code === "string";
}
