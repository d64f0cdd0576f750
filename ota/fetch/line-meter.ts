import { GatewayError } from "../../edge/core/errors.ts";
import type { Clock, UptimeMs } from "../../edge/core/time.ts";
import type { Meter } from "../trust/pace.ts";
import { MonthLedger } from "./month-ledger.ts";

/** What a connection takes beside what is fetched over it: TLS and the heads of HTTP, in bytes. */
const CONNECTION_BYTES = 6_000;

/** How a line may be used. */
export type LineRules = {
  /** The most in a second, in bytes; null: as fast as it goes. */
  readonly bytesPerS: number | null;
  /** The most in a calendar month (UTC), in bytes; null: without end, as where somebody ordered it. */
  readonly monthlyBytes: number | null;
};

/**
 * Holds what is fetched to the rules of the line. All is counted, over restarts too; what was ordered
 * counts and is not held back, so that one month's data are not spent twice.
 */
export class LineMeter implements Meter {
  readonly #rules: LineRules;
  readonly #clock: Clock;
  readonly #ledger: MonthLedger;
  /** When what came until now may have come, at the rate that is allowed. */
  #paidUntil = 0 as UptimeMs;

  /** `file`: where it is kept how much was used. Throws `ota.disk`. */
  constructor(file: string, rules: LineRules, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
    this.#ledger = new MonthLedger(file, clock);
  }

  /** What was fetched in this month, in bytes. */
  get usedBytes(): number {
    return this.#ledger.used;
  }

  async admit(signal: AbortSignal): Promise<void> {
    const { monthlyBytes } = this.#rules;
    const { used, nextMonth } = this.#ledger;
    if (monthlyBytes !== null && used >= monthlyBytes) {
      this.#ledger.settle();
      const why = `${used} bytes were fetched this month, and ${monthlyBytes} are allowed`;
      throw new GatewayError("ota.budget", `${why}; it goes on on ${nextMonth} (UTC)`);
    }
    const waitMs = this.#paidUntil - this.#clock.uptime();
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
  }

  open(): void {
    this.#ledger.add(CONNECTION_BYTES);
  }

  count(bytes: number): void {
    this.#ledger.add(bytes);
    const { bytesPerS } = this.#rules;
    if (bytesPerS === null) return;
    const from = Math.max(this.#paidUntil, this.#clock.uptime());
    this.#paidUntil = (from + (bytes / bytesPerS) * 1_000) as UptimeMs;
  }

  /** Keeps what was really used; called when nothing more is fetched. Throws `ota.disk`. */
  settle(): void {
    this.#ledger.settle();
  }
}
