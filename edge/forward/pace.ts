import { after, type UptimeMs } from "../core/time.ts";

/**
 * How much backlog one destination takes at a time, judged by what came of the messages before:
 * additive increase, multiplicative decrease (as RFC 5681 3.1 does for segments), steered by how
 * long acknowledgements take before anything is lost. Immutable.
 */
export type Pace = {
  /** Messages of backlog that may be under way, at least 1; only whole ones count. */
  readonly window: number;
  /** Up to here the window doubles a round; beyond it grows slowly, because it was too much once. */
  readonly threshold: number;
  /** How long the last messages took that went alone, in milliseconds, the newest last. */
  readonly alone: readonly number[];
  /** How long messages take now, smoothed, in milliseconds; null after each decrease. */
  readonly latencyMs: number | null;
  /** When the window was last made smaller: messages sent before say nothing new. */
  readonly cutAt: UptimeMs;
  /** When a message last went alone. */
  readonly aloneAt: UptimeMs;
};

/** A message that the broker has answered. */
export type Answer = {
  readonly sentAt: UptimeMs;
  readonly at: UptimeMs;
  /** Whether nothing else was under way when it was sent. */
  readonly wasAlone: boolean;
  /** Whether the window was full with it: only then its answer tells whether more would do. */
  readonly wasFull: boolean;
};

/** What is left of the window when it was too much. */
const DECREASE = 0.7;
/** Beyond the threshold the window grows by one message in so many full rounds. */
const ROUNDS_A_STEP = 16;
/** Acknowledgements are late from this many times on that a message takes which goes alone. */
const LATE = 1.5;
/** A delay that is no sign of anything: the other end's timers, this end's other work. */
const SLACK_MS = 1;
/** How much of the smoothed latency is the newest message's. */
const SMOOTHING = 0.25;
/** What a message takes that goes alone is the median of so many. */
const ALONE_KEPT = 5;
/** So often one message goes alone, in milliseconds, because the way to a broker changes. */
const ALONE_EVERY_MS = 30_000;
/** The part of all messages under way that the backlog leaves free for events and live messages. */
const RESERVED = 0.25;

/** The first session's pace: one message alone, then twice as many a round. */
export function firstPace(now: UptimeMs): Pace {
  const threshold = Infinity;
  return { window: 1, threshold, alone: [], latencyMs: null, cutAt: now, aloneAt: now };
}

/**
 * The pace of the session that follows: the way may be another one now. Where backlog was under
 * way when the last one was lost, that may have been why: it grows carefully from half of it on.
 */
export function nextPace(last: Pace, wasDraining: boolean, now: UptimeMs): Pace {
  const threshold = wasDraining && last.window > 1 ? last.window / 2 : last.threshold;
  return { ...firstPace(now), threshold };
}

/**
 * How many messages of backlog may be under way where `most` of all kinds may: at least 1. It is 1
 * while it is to be found out anew what a message takes that goes alone.
 */
export function backlogWindow(pace: Pace, most: number, now: UptimeMs): number {
  const { window, alone, aloneAt } = pace;
  if (alone.length === 0 || now >= after(aloneAt, ALONE_EVERY_MS)) return 1;
  return Math.max(1, Math.min(Math.floor(window), Math.floor(most * (1 - RESERVED))));
}

/** What a message takes that goes alone, in milliseconds; null before the first. */
export function floorOf({ alone }: Pace): number | null {
  return alone.toSorted((a, b) => a - b)[Math.floor(alone.length / 2)] ?? null;
}

/** The broker has acknowledged a message. `most` messages of all kinds may be under way. */
export function paceAfterAck(pace: Pace, answer: Answer, most: number): Pace {
  const tookMs = answer.at - answer.sentAt;
  const noted = answer.wasAlone
    ? { ...pace, alone: [...pace.alone, tookMs].slice(-ALONE_KEPT), aloneAt: answer.at }
    : pace;
  if (answer.sentAt < pace.cutAt) return noted;
  const before = pace.latencyMs ?? tookMs;
  const latencyMs = before + SMOOTHING * (tookMs - before);
  const floorMs = floorOf(noted);
  const isLate = floorMs !== null && latencyMs > LATE * floorMs + SLACK_MS;
  if (isLate && !answer.wasAlone) return cut({ ...noted, latencyMs }, answer.at);
  return grown({ ...noted, latencyMs }, answer, most);
}

/** The broker has refused a message, or had nobody to hand it to. */
export function paceAfterRefusal(pace: Pace, { sentAt, at }: Pick<Answer, "sentAt" | "at">): Pace {
  return sentAt < pace.cutAt ? pace : cut(pace, at);
}

/** One decrease for all that was under way together. */
function cut(pace: Pace, at: UptimeMs): Pace {
  const window = Math.max(1, pace.window * DECREASE);
  return { ...pace, window, threshold: window, latencyMs: null, cutAt: at };
}

function grown(pace: Pace, { wasFull }: Answer, most: number): Pace {
  if (!wasFull) return pace;
  const { window, threshold } = pace;
  const step = window < threshold ? 1 : 1 / (ROUNDS_A_STEP * window);
  return { ...pace, window: Math.min(most, window + step) };
}
