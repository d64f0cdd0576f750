/** How long to wait between tries, as data. */
export type Backoff = {
  /** Before the second try, in milliseconds. */
  readonly firstMs: number;
  /** Never longer than this, in milliseconds. */
  readonly maxMs: number;
};

/**
 * How long to wait after `failures` (at least 1) tries in a row have failed: doubling up to the
 * maximum, then scattered to between half and all of that so that gateways which lost the same
 * broker do not return together. `random` is in [0, 1).
 */
export function backoffMs(backoff: Backoff, failures: number, random: number): number {
  const full = Math.min(backoff.maxMs, backoff.firstMs * 2 ** (failures - 1));
  return full * (0.5 + random / 2);
}
