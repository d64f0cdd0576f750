import {
  type AlarmRule,
  type AlarmState,
  isLatched,
  SHELVE_MAX_MS,
  type Shelf,
} from "../core/alarm.ts";
import type { AlarmStimulus } from "../core/alarm-life.ts";
import { after, type ClockState, type Stamp } from "../core/time.ts";

/** What somebody wants of an alarm. */
export type AlarmOrder = {
  readonly who: string;
  /** Why; needed for all but `acknowledge`, `reset` and `unshelve`. */
  readonly reason?: string;
} & (
  | { readonly kind: "acknowledge" | "reset" | "unshelve" | "return" }
  /** Back by itself after `forMs` milliseconds; left out: when it is put back. */
  | { readonly kind: "remove"; readonly forMs?: number }
  /** `forMs` null: until its condition goes away, or as long as it may. */
  | { readonly kind: "shelve"; readonly forMs: number | null }
);

/**
 * What the desk makes of an order.
 *
 * - `done`
 * - `no-effect`: the alarm is not in a state that needs it
 * - `unknown`: there is no such alarm
 * - `latched`: it waits for an acknowledgement and a reset, and must not be silenced before
 * - `out-of-service`: it is out of service, and silent already
 * - `too-long`: longer than it may be shelved
 * - `never-shelved`: it may not be shelved at all
 */
export type AlarmOrderOutcome =
  | "done"
  | "no-effect"
  | "unknown"
  | "latched"
  | "out-of-service"
  | "too-long"
  | "never-shelved";

/** Why `order` is refused for the alarm of `rule` in `state`; null where it is not. */
export function refusalOf(
  order: AlarmOrder,
  rule: AlarmRule,
  state: AlarmState,
): Exclude<AlarmOrderOutcome, "done" | "unknown"> | null {
  const isSilencing = order.kind === "shelve" || order.kind === "remove";
  if (isSilencing && isLatched(state.name)) return "latched";
  if (order.kind !== "shelve") return null;
  if (state.isOut) return "out-of-service";
  const most = rule.shelveMaxMs ?? SHELVE_MAX_MS;
  if (most === 0) return "never-shelved";
  return order.forMs !== null && order.forMs > most ? "too-long" : null;
}

/** `order` at `now` as the life cycle takes it. */
export function stimulusOf(
  order: AlarmOrder,
  rule: AlarmRule,
  now: Stamp & { readonly clock: ClockState; readonly boot: string },
): AlarmStimulus {
  if (order.kind === "remove") {
    const { forMs, ...rest } = order;
    return forMs === undefined ? rest : { ...rest, shelf: shelfOf("timed", forMs, now) };
  }
  if (order.kind !== "shelve") return order;
  const { forMs: asked, ...rest } = order;
  const forMs = asked ?? rule.shelveMaxMs ?? SHELVE_MAX_MS;
  return { ...rest, shelf: shelfOf(asked === null ? "one-shot" : "timed", forMs, now) };
}

function shelfOf(
  kind: Shelf["kind"],
  forMs: number,
  { at: from, clock, uptime, boot }: Stamp & { readonly clock: ClockState; readonly boot: string },
): Shelf {
  return { kind, from, clock, forMs, until: after(uptime, forMs), boot };
}
