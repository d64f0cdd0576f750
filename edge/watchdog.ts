import { isRestartDue, type LoopHealth } from "./core/progress.ts";
import { after, type Clock } from "./core/time.ts";
import type { Supervisor } from "./world/supervisor.ts";

/** It is told so many times within the time that it waits: a lost message is no hung gateway. */
const TIMES = 3;

/** What a start that goes on is given each time, and how often it says so, in milliseconds. */
const START_MS = 60_000;
const STARTING_EVERY_MS = 15_000;
/** The longest that the buffer may take: what is damaged is salvaged before the gateway is ready. */
const START_MAX_MS = 15 * 60_000;

export type WatchdogParts = {
  readonly clock: Clock;
  readonly supervisor: Pick<Supervisor, "watchdogMs" | "alive">;
  readonly loops: () => readonly LoopHealth[];
  /** A loop hangs: from now on the supervisor hears nothing. Called once. */
  readonly onHung: (loops: readonly LoopHealth[]) => void;
};

/**
 * Tells the supervisor that the start goes on, until `opening` settles or is too long about it; gives
 * what comes of that. One that hangs tells nothing, and is ended long before.
 */
export async function keepStarting<Result>(
  opening: Promise<Result>,
  supervisor: Pick<Supervisor, "starting"> | null,
  clock: Clock,
): Promise<Result> {
  const over = new AbortController();
  const telling = supervisor === null ? null : tellStarting(supervisor, clock, over.signal);
  try {
    return await opening;
  } finally {
    over.abort();
    await telling;
  }
}

async function tellStarting(
  supervisor: Pick<Supervisor, "starting">,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const end = after(clock.uptime(), START_MAX_MS);
  try {
    while (clock.uptime() < end) {
      await clock.sleep(STARTING_EVERY_MS, signal);
      supervisor.starting(START_MS);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/**
 * Tells the supervisor that the gateway goes on, for as long as each of its loops really does, until
 * `signal` aborts. Where one hangs that a restart may heal it tells nothing more, and is restarted.
 */
export async function keepAlive(parts: WatchdogParts, signal: AbortSignal): Promise<void> {
  const { clock, supervisor, loops, onHung } = parts;
  if (supervisor.watchdogMs === null) return;
  const everyMs = supervisor.watchdogMs / TIMES;
  let isTold = false;
  try {
    for (;;) {
      const state = loops();
      const isDue = isRestartDue(state);
      if (!isDue) supervisor.alive();
      else if (!isTold) onHung(state.filter((loop) => loop.state === "hung"));
      isTold = isDue;
      await clock.sleep(everyMs, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
