import type { UptimeMs, WallMs } from "./time.ts";

/**
 * How the run before this one ended.
 *
 * - `first`: there was none, or nobody knows of it
 * - `stopped`: it was asked to
 * - `failed`: it could not go on, and said why
 * - `out-of-memory`: the system ended it for want of memory, or because it took more than it may
 * - `watchdog`: it no longer showed that it goes on
 * - `killed`: it was ended without a word, in this boot of the machine
 * - `power-lost`: it ended with the machine, without a word
 */
export type EndOfRun =
  | "first"
  | "stopped"
  | "failed"
  | "out-of-memory"
  | "watchdog"
  | "killed"
  | "power-lost";

/** A start of the gateway, and what it found. */
export type Start = {
  readonly at: WallMs;
  /** The boot of the machine that it was in, and how long after that began. */
  readonly boot: string;
  readonly uptime: UptimeMs;
  readonly found: EndOfRun;
  /** What is known beside that; null where nothing is. */
  readonly why: string | null;
};

/** What is kept on the disk of this run and those before it. */
export type RunMark = {
  readonly v: 1;
  /** The last of them is this run's, the oldest first. */
  readonly starts: readonly Start[];
  /** How this run ended; null while it has not. */
  readonly end: { readonly found: "stopped" | "failed"; readonly why: string | null } | null;
};

/** What is known at a start, beside the mark of the run before. */
export type StartNow = Pick<Start, "at" | "boot" | "uptime"> & {
  /** What the supervisor says of how the run before ended (systemd.exec(5), `$SERVICE_RESULT`). */
  readonly result: string | null;
};

/** So many starts are kept. */
const STARTS_MAX = 50;

/** The mark of a run that begins `now`, where `before` is that of the one before, null for none. */
export function markOf(before: RunMark | null, now: StartNow): RunMark {
  const { at, boot, uptime } = now;
  const start = { at, boot, uptime, ...endOf(before, now) };
  return { v: 1, starts: [...(before?.starts ?? []), start].slice(-STARTS_MAX), end: null };
}

function endOf(before: RunMark | null, { boot, result }: StartNow): Pick<Start, "found" | "why"> {
  const last = before?.starts.at(-1);
  if (before === null || last === undefined) return { found: "first", why: null };
  if (before.end !== null) return before.end;
  // What the supervisor wrote of a run in another boot was written before the machine ended.
  if (result === "watchdog" || result === "oom-kill") {
    return { found: result === "watchdog" ? "watchdog" : "out-of-memory", why: null };
  }
  if (last.boot !== boot) return { found: "power-lost", why: null };
  return { found: "killed", why: result };
}

/** The start of this run, and how many starts there were lately, this one included. */
export type StartStatus = Pick<Start, "found" | "why"> & {
  readonly inLastHour: number;
  readonly inLastDay: number;
  /** Whether an event has told of this start: the gateway has begun anew within it. */
  readonly isTold: boolean;
};

const HOUR_MS = 3_600_000;

/** What `mark` says at its own start; null for a mark without one. */
export function startStatus({ starts }: RunMark): StartStatus | null {
  const now = starts.at(-1);
  if (now === undefined) return null;
  // A clock that never steps where there is one for both, the other else.
  const ageMs = ({ boot, uptime, at }: Start) =>
    boot === now.boot ? now.uptime - uptime : now.at - at;
  const within = (ms: number) => starts.filter((start) => Math.abs(ageMs(start)) < ms).length;
  const { found, why } = now;
  return {
    ...{ found, why, isTold: false },
    inLastHour: within(HOUR_MS),
    inLastDay: within(24 * HOUR_MS),
  };
}

/** What the event of a start tells of the run before. */
export function foundOf(start: StartStatus): Readonly<Record<string, string | number>> {
  const { found, why, inLastHour } = start;
  return { found, inLastHour, ...(why === null ? {} : { why }) };
}

const FOUND: ReadonlySet<unknown> = new Set([
  "first",
  "stopped",
  "failed",
  "out-of-memory",
  "watchdog",
  "killed",
  "power-lost",
] satisfies EndOfRun[]);

/** The mark in `text`; null where that is none. */
export function markIn(text: string): RunMark | null {
  try {
    const mark = JSON.parse(text) as Partial<RunMark> | null;
    if (mark?.v !== 1 || !Array.isArray(mark.starts) || mark.end === undefined) return null;
    const isEnd = mark.end === null || FOUND.has(mark.end.found);
    return isEnd && mark.starts.every(isStart) ? (mark as RunMark) : null;
  } catch {
    return null;
  }
}

function isStart(start: Partial<Start> | null): boolean {
  const { at, boot, uptime, found } = start ?? {};
  return (
    Number.isFinite(at) && typeof boot === "string" && Number.isFinite(uptime) && FOUND.has(found)
  );
}
