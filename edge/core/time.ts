/** Wall time: milliseconds since the Unix epoch, UTC. May step when the clock is corrected. */
export type WallMs = number & { readonly __brand: "WallMs" };

/**
 * Elapsed time: milliseconds since the machine was started, with fractions. Never steps, and goes on
 * over a restart of the process; from one boot to the next it begins anew.
 */
export type UptimeMs = number & { readonly __brand: "UptimeMs" };

/**
 * How far wall time can be believed: `synced` to a time source, `corrected` after the fact, or
 * `unsynced` (contract v1, field `clock`).
 */
export type ClockState = "synced" | "corrected" | "unsynced";

/** Time and waiting, as the gateway sees them: the only source of either. */
export interface Clock {
  /** Wall time now. For stamping readings and events, never for measuring a delay. */
  now(): WallMs;
  /** Elapsed time now. For due times, time-outs and delays. */
  uptime(): UptimeMs;
  /** Whether wall time can be believed now. */
  state(): ClockState;
  /** Whether that has been found out yet: at the start it takes a moment. */
  isStateKnown(): boolean;
  /** Which boot of the machine this is, as no other is called. */
  readonly boot: string;
  /** Resolves `ms` milliseconds from now, never early; rejects with the reason of `signal`. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** One moment by both times. */
export type Stamp = { readonly at: WallMs; readonly uptime: UptimeMs };

/** Now. */
export function stampOf(clock: Clock): Stamp {
  return { at: clock.now(), uptime: clock.uptime() };
}

/** The moment `ms` milliseconds after `from`. */
export function after(from: UptimeMs, ms: number): UptimeMs {
  return (from + ms) as UptimeMs;
}
