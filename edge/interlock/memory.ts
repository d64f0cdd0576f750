import type { InterlockMemory, InterlockRule } from "../core/interlock.ts";
import { after, type Clock, type UptimeMs, type WallMs } from "../core/time.ts";
import { keptOverride, resumedOverride } from "./override.ts";
import { type InterlockState, NEVER_TRIPPED } from "./state.ts";

/** What is kept of `state` over a restart. */
export function memoryOf(
  rule: InterlockRule,
  state: InterlockState,
  clock: Clock,
): InterlockMemory {
  const { name, trip, isSpent, spentOf, isOn, onSince, override, test } = state;
  const wall = (at: UptimeMs) => (clock.now() + (at - clock.uptime())) as WallMs;
  const { write, value } = rule;
  return {
    interlock: rule.name,
    state: name,
    trip,
    isSpent,
    spentOf,
    isOn,
    onSince: onSince === null ? null : wall(onSince),
    ...(onSince === null ? {} : { onBoot: { id: clock.boot, since: onSince } }),
    override: override && keptOverride(override, clock),
    before: test?.before ?? null,
    basis: { write, value },
  };
}

/** Whether `memory` is of the output and the value that `rule` is about. */
export function isOf(memory: InterlockMemory, rule: InterlockRule): boolean {
  const { write, value } = memory.basis;
  return write === rule.write && value === rule.value;
}

/**
 * The state to go on from. What was being done when the gateway ended is looked at anew: a trip is
 * the same trip as before, and a test is over. The time on is told by elapsed time within a boot of
 * the machine, and by wall time over one; an override ends when it was to. `standing` are the alarms of the rule
 * whose condition was present at the end.
 */
export function resumedFrom(
  memory: InterlockMemory,
  rule: InterlockRule,
  standing: readonly string[],
  clock: Clock,
): InterlockState {
  const now = clock.uptime();
  const { trip, isOn, before } = memory;
  const goneMs = goneMsOf(memory, clock);
  const onSince = goneMs === null ? null : after(now, -goneMs);
  const isOver = rule.maxOnMs !== null && goneMs !== null && goneMs >= rule.maxOnMs;
  const isSpent = memory.isSpent || isOver;
  const known = memory.isSpent ? memory.spentOf : null;
  const spentOf = isSpent ? standing.filter((alarm) => known?.includes(alarm) ?? true) : [];
  const kept = { ...NEVER_TRIPPED, trip, isSpent, spentOf, isOn, onSince };
  switch (memory.state) {
    case "idle":
    case "blocked":
      return { ...kept, name: "idle" };
    case "held":
    case "spent":
      return { ...kept, name: memory.state };
    case "overridden": {
      const { override } = memory;
      if (override === null) return { ...kept, name: "idle" };
      return { ...kept, name: "overridden", override: resumedOverride(override, clock) };
    }
    case "testing":
    case "releasing":
    case "not-obeying":
      if (before === null) return { ...kept, name: isOn ? "resuming" : "idle" };
      return { ...kept, name: "testing", test: { who: "", before, until: now } };
    case "tripping":
    case "tripped":
    case "holding":
    case "resuming":
      return { ...kept, name: "resuming" };
  }
}

/** For how long the output has been on, in milliseconds; null where it is not known to be. */
function goneMsOf({ onSince, onBoot }: InterlockMemory, clock: Clock): number | null {
  if (onSince === null) return null;
  const isOfThisBoot = onBoot?.id === clock.boot;
  return Math.max(0, isOfThisBoot ? clock.uptime() - onBoot.since : clock.now() - onSince);
}
