import { isRestartDue, type LoopHealth } from "./core/progress.ts";
import type { Clock } from "./core/time.ts";
import type { Supervisor } from "./world/supervisor.ts";

/** It is told so many times within the time that it waits: a lost message is no hung gateway. */
const TIMES = 3;

export type WatchdogParts = {
  readonly clock: Clock;
  readonly supervisor: Pick<Supervisor, "watchdogMs" | "alive">;
  readonly loops: () => readonly LoopHealth[];
  /** A loop hangs: from now on the supervisor hears nothing. Called once. */
  readonly onHung: (loops: readonly LoopHealth[]) => void;
};

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
