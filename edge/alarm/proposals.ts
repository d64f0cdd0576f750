import { withoutDust } from "../core/dust.ts";
import { CHATTER_COUNT, FLEETING_MS, isFleeting, mostWithin, type Occurrence } from "./figures.ts";

/**
 * What would have kept an alarm from calling in vain. Nothing is ever changed by itself.
 *
 * - `deadband`: raised to `to`, in the point's unit
 * - `offDelay`, `onDelay`: lengthened to `to` milliseconds
 */
export type Proposal = {
  readonly alarm: string;
  readonly kind: "deadband" | "offDelay" | "onDelay";
  readonly to: number;
  /** How many of the `of` calls would not have come. */
  readonly saved: number;
  readonly of: number;
};

/** A proposal must deal with so much of what was in vain. */
const SHARE = 0.9;
/** No delay longer than this is proposed. */
const DELAY_MAX_MS = 60_000;
/** Fewer calls than these teach nothing. */
const LEAST = 3;
const MINUTE = 60_000;

/** What the history proposes for each alarm that chatters or is fleeting. */
export function proposalsFor(occurrences: readonly Occurrence[]): readonly Proposal[] {
  const byAlarm = Map.groupBy(occurrences, ({ alarm }) => alarm);
  return [...byAlarm.values()].flatMap((own) => {
    if (own.length < LEAST) return [];
    const isChattering =
      mostWithin(
        own.map(({ from }) => from),
        MINUTE,
      ) >= CHATTER_COUNT;
    if (isChattering) return deadbandFor(own) ?? offDelayFor(own) ?? [];
    return onDelayFor(own) ?? [];
  });
}

/** The values with which it came back say how far a deadband would have had to reach. */
function deadbandFor(own: readonly Occurrence[]): Proposal | null {
  const depths = own.flatMap(({ limit, setpoint, returned }) => {
    const isLimit = limit === "high" || limit === "low";
    if (!isLimit || typeof setpoint !== "number" || typeof returned !== "number") return [];
    return withoutDust(Math.abs(setpoint - returned), Math.abs(setpoint));
  });
  if (depths.length < LEAST) return null;
  const to = roundedUp(quantile(depths));
  const range = Math.abs(Number(own[0]?.setpoint));
  // A fifth of the setpoint is no deadband any more: something else is wrong.
  if (to <= 0 || (range > 0 && to > range / 5)) return null;
  const saved = depths.filter((depth) => depth < to).length;
  return { alarm: alarmOf(own), kind: "deadband", to, saved, of: own.length };
}

/** The pauses between two calls say how long it should wait before it clears. */
function offDelayFor(own: readonly Occurrence[]): Proposal | null {
  const pauses = own.flatMap(({ from }, i) => {
    const before = own[i - 1]?.to ?? null;
    return before === null || from - before > DELAY_MAX_MS ? [] : from - before;
  });
  if (pauses.length < LEAST - 1) return null;
  const to = wholeSeconds(quantile(pauses));
  const saved = pauses.filter((pause) => pause < to).length;
  return { alarm: alarmOf(own), kind: "offDelay", to, saved, of: own.length };
}

/** Of what calls for help at once none is proposed: a delay there is a delay of the rescue. */
function onDelayFor(own: readonly Occurrence[]): Proposal | null {
  const isGrave = own.some(({ severity }) => severity === "red" || severity === "orange");
  const spans = own.filter(isFleeting).map(({ from, to }) => (to ?? from) - from);
  if (isGrave || spans.length < LEAST || spans.length < own.length / 2) return null;
  const to = wholeSeconds(quantile(spans));
  if (to > FLEETING_MS) return null;
  const saved = spans.filter((span) => span < to).length;
  return { alarm: alarmOf(own), kind: "onDelay", to, saved, of: own.length };
}

function alarmOf(own: readonly Occurrence[]): string {
  return own[0]?.alarm ?? "";
}

/** What nine of ten are at most. */
function quantile(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(SHARE * sorted.length) - 1] ?? 0;
}

/** The next whole second that is longer. */
function wholeSeconds(ms: number): number {
  return (Math.floor(ms / 1000) + 1) * 1000;
}

/** `value` and a little more, in two digits. */
function roundedUp(value: number): number {
  if (value === 0) return 0;
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number(((Math.floor(value / step) + 1) * step).toPrecision(2));
}
