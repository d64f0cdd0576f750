import type { Override } from "../core/interlock.ts";
import { after, type Clock, type UptimeMs, type WallMs } from "../core/time.ts";
import type { OverrideState } from "./state.ts";

/** What is kept of `override` over a restart. */
export function keptOverride(override: OverrideState, clock: Clock): Override {
  const { who, reason, forMs, until, end, isGuessed } = override;
  const leftMs = until - clock.uptime();
  const at = (clock.now() + leftMs) as WallMs;
  const isKnown = end !== null || (!isGuessed && clock.state() !== "unsynced");
  const boot = { id: clock.boot, until };
  return { who, reason, forMs, until: end ?? at, isKnown, leftMs, boot, isGuessed };
}

/**
 * The override to go on with. Its end stays what it was: by elapsed time, which goes on within a boot
 * of the machine, or by wall time where then and now can be believed. Where nothing tells how long
 * the machine was off, it goes on for what was left when it was last stored, or until the time is
 * known; once, for starts without the time must not add up: the next such start ends it.
 */
export function resumedOverride(kept: Override, clock: Clock): OverrideState {
  const { who, reason, forMs, until, isKnown = false, boot } = kept;
  const now = clock.uptime();
  const whole = { who, reason, forMs, end: isKnown ? until : null };
  if (boot?.id === clock.boot) {
    return { ...whole, until: boot.until, isGuessed: kept.isGuessed ?? false };
  }
  const mostMs = Math.min(forMs, Math.max(0, kept.leftMs ?? forMs));
  const isTold = isKnown && clock.state() !== "unsynced";
  if (isTold) return { ...whole, until: endAt(until, mostMs, clock), isGuessed: false };
  const leftMs = kept.isGuessed === true ? 0 : mostMs;
  return { ...whole, until: after(now, leftMs), isGuessed: true };
}

/** `override` with the end that it was given, once the time is known; as it is where it has that. */
export function placedOverride(override: OverrideState, clock: Clock): OverrideState {
  const { isGuessed, end, until } = override;
  if (!isGuessed || end === null || clock.state() === "unsynced") return override;
  const leftMs = Math.max(0, until - clock.uptime());
  return { ...override, until: endAt(end, leftMs, clock), isGuessed: false };
}

/** Elapsed time at wall time `end`, not before now and in `mostMs` at most. */
function endAt(end: WallMs, mostMs: number, clock: Clock): UptimeMs {
  return after(clock.uptime(), Math.min(mostMs, Math.max(0, end - clock.now())));
}
