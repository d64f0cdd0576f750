import type { SeqRange } from "./seq-set.ts";
import type { ClockState, UptimeMs, WallMs } from "./time.ts";

/** A time counts as known that is at most so far from the truth, in milliseconds. */
export const KNOWN_WITHIN_MS = 1000;

/** How fast elapsed time may run off by itself: a crystal's 50 parts in a million. */
const DRIFT = 50e-6;

/** What was learnt of wall time at one moment of a boot. */
export type Anchor = {
  /** By how much wall time is ahead of elapsed time, in milliseconds. */
  readonly offsetMs: number;
  /** When it was learnt. */
  readonly uptime: UptimeMs;
  /** How far it may be wrong, in milliseconds. */
  readonly errorMs: number;
};

/** The earliest and the latest wall time that something can have had, in milliseconds. */
export type Bounds = readonly [from: number, to: number];

/**
 * By what times are told that were stored before the time was known. `known`: the time was learnt
 * in the same boot; what seems a little older than `notBefore`, a known time before it, is not.
 * `between`: it never was, and the boot lies between two times that are known.
 */
export type Basis =
  | ({ readonly kind: "known"; readonly notBefore: number | null } & Anchor)
  | { readonly kind: "between"; readonly offsetMs: number; readonly bounds: Bounds };

/** The times of these seqs are to be told by `basis`, for ever. */
export type Correction = SeqRange & { readonly basis: Basis };

/** How a time is told. */
export type ToldTime = {
  readonly at: WallMs;
  readonly clock: ClockState;
  /** Where the truth lies for certain; null where that cannot be told, or `at` is known. */
  readonly between: Bounds | null;
};

/** How far the wall time of the moment `uptime` may be wrong that `anchor` gives, in milliseconds. */
export function errorAt(anchor: Anchor, uptime: number): number {
  return anchor.errorMs + DRIFT * Math.abs(uptime - anchor.uptime);
}

/** Whether `anchor` gives the wall time of the moment `uptime`. */
export function isKnownAt(anchor: Anchor, uptime: number): boolean {
  return errorAt(anchor, uptime) <= KNOWN_WITHIN_MS;
}

/** How the time of what lasted from `uptime` on for `spanMs` is told by `basis`. */
export function toldBy(basis: Basis, uptime: UptimeMs, spanMs: number): ToldTime {
  const placed = Math.round(basis.offsetMs + uptime) as WallMs;
  if (basis.kind === "between") {
    const [from, to] = basis.bounds;
    const at = Math.max(from, Math.min(placed, to - spanMs)) as WallMs;
    return { at, clock: "unsynced", between: basis.bounds };
  }
  const errorMs = Math.max(errorAt(basis, uptime), errorAt(basis, uptime + spanMs));
  // What was stored later may be older all the same: points are committed in their own intervals.
  const backMs = (basis.notBefore ?? placed) - placed;
  const at = (placed + (backMs > 0 && backMs + errorMs <= KNOWN_WITHIN_MS ? backMs : 0)) as WallMs;
  if (errorMs <= KNOWN_WITHIN_MS) return { at, clock: "corrected", between: null };
  const between = [Math.floor(placed - errorMs), Math.ceil(at + spanMs + errorMs)] as const;
  return { at, clock: "unsynced", between };
}

/** A boot that never knew the time, as far as something was stored of it. */
export type LostBoot = {
  readonly boot: number;
  /** Its last moment that was stored. */
  readonly last: number;
  /** By how much its wall time was ahead of elapsed time, in milliseconds. */
  readonly offsetMs: number;
  /** The last time that was known before it, or null. */
  readonly after: number | null;
};

/**
 * Where the boots lie that never knew the time, and after which came one that began at `before`:
 * each where its own clock says, or moved by as little as brings it into its bounds and keeps the
 * order of the boots.
 */
export function boundedBy(
  lost: readonly LostBoot[],
  before: number,
): ReadonlyMap<number, Extract<Basis, { readonly kind: "between" }>> {
  const bases = new Map<number, Extract<Basis, { readonly kind: "between" }>>();
  // Room is left for the boots before.
  let end = 0;
  const inOrder = lost
    .toSorted((a, b) => a.boot - b.boot)
    .map((one) => {
      const earliest = Math.max(one.after ?? 0, end);
      end = earliest + one.last;
      return { ...one, earliest };
    });
  let next = before;
  for (const { boot, last, offsetMs, earliest, after } of inOrder.toReversed()) {
    const placed = Math.max(earliest, Math.min(offsetMs, next - last));
    // Bounds that do not hold the boot are not to be believed to the millisecond.
    const bounds = [Math.floor(after ?? 0), Math.ceil(Math.max(earliest, before))] as const;
    bases.set(boot, { kind: "between", offsetMs: placed, bounds });
    next = Math.min(next, placed);
  }
  return bases;
}
