import type { UptimeMs } from "../core/time.ts";

/** So many wrong PINs from one address, and from all together, and no more are looked at. */
const WRONG_MAX = 5;
const WRONG_MAX_ALL = 30;
/** For so long, in milliseconds. */
export const LOCK_MS = 15 * 60_000;
/** So many addresses are told apart; from more than these all count as one. */
const ADDRESSES_MAX = 64;

/** Whether a PIN is looked at: for how long not, in milliseconds; null where it is. */
export type Lock = { readonly forMs: number } | null;

type Strikes = { readonly wrong: number; readonly until: UptimeMs };

/** Everybody together. */
const ALL = "*";

/**
 * Counts wrong PINs: five from one address, or thirty from all, within a quarter of an hour, and
 * none is looked at from there for a quarter of an hour. Six digits withstand that for months.
 */
export class PinGuard {
  readonly #strikes = new Map<string, Strikes>();

  /** Whether a PIN from `address` is looked at. */
  lock(address: string, now: UptimeMs): Lock {
    this.#forget(now);
    const locked = [
      { ...this.#strikes.get(address), most: WRONG_MAX },
      { ...this.#strikes.get(ALL), most: WRONG_MAX_ALL },
    ].filter(({ wrong = 0, most }) => wrong >= most);
    const until = Math.max(...locked.map(({ until }) => until ?? 0));
    return locked.length === 0 ? null : { forMs: until - now };
  }

  /** Takes note of a wrong PIN; true where no more are looked at now. */
  wrong(address: string, now: UptimeMs): boolean {
    const isRoom = this.#strikes.has(address) || this.#strikes.size < ADDRESSES_MAX;
    const own = isRoom ? this.#add(address, now) : 0;
    const all = this.#add(ALL, now);
    return own >= WRONG_MAX || all >= WRONG_MAX_ALL;
  }

  /** What was counted for `address` last was no wrong PIN, and those before were mistypings. */
  forgive(address: string): void {
    this.#strikes.delete(address);
    const all = this.#strikes.get(ALL);
    if (all !== undefined) this.#strikes.set(ALL, { ...all, wrong: all.wrong - 1 });
  }

  #add(address: string, now: UptimeMs): number {
    const wrong = (this.#strikes.get(address)?.wrong ?? 0) + 1;
    this.#strikes.set(address, { wrong, until: (now + LOCK_MS) as UptimeMs });
    return wrong;
  }

  #forget(now: UptimeMs): void {
    for (const [address, { until }] of this.#strikes) {
      if (until <= now) this.#strikes.delete(address);
    }
  }
}
