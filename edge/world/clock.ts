import type { Clock, ClockState, UptimeMs, WallMs } from "../core/time.ts";
import { bootId } from "./boot-id.ts";
import { isSystemClockSynced, TIMESYNCD_MARK } from "./clock-sync.ts";
import { uptimeNow } from "./uptime.ts";

/** How often to ask whether the system clock is synchronised, in milliseconds. */
const ASK_EVERY_MS = 60_000;

/** Wall time that moves against elapsed time by more than this was set, in milliseconds. */
const STEP_MS = 500;

/**
 * A wait up to so long, in milliseconds, ends on time and not at the loop's next whole millisecond:
 * it is the silence of a serial line, of which one millisecond is much (at 115200 baud, half).
 */
const EXACT_UP_TO_MS = 5;
/** A timer takes no more, and fires at once instead: longer sleeps are made of several. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** A wait that ends later than this, in milliseconds, ends behind what came in meanwhile. */
const LATE_MS = 5;

/** What nobody ever wakes. */
const NOBODY = new Int32Array(new SharedArrayBuffer(4));

/** How a clock finds out whether it is synchronised; all of it may be left out. */
export type SystemClockSettings = {
  readonly askEveryMs?: number;
  /** The file that systemd-timesyncd touches whenever it has synchronised the clock. */
  readonly mark?: string;
};

/**
 * The machine's clocks: CLOCK_REALTIME for wall time, CLOCK_MONOTONIC for elapsed time. Wall time
 * counts as synchronised while `isSystemClockSynced` says so. That is asked at the start, every
 * minute, and whenever wall time was set; until the answer is there the clock is unsynced.
 */
export class SystemClock implements Clock {
  readonly boot = bootId();
  readonly #mark: string;
  #state: ClockState = "unsynced";
  #offset = offsetNow();
  #isAsking = false;
  #isAnswered = false;

  constructor({ askEveryMs = ASK_EVERY_MS, mark = TIMESYNCD_MARK }: SystemClockSettings = {}) {
    this.#mark = mark;
    void this.#ask();
    setInterval(() => void this.#ask(), askEveryMs).unref();
  }

  now(): WallMs {
    return Date.now() as WallMs;
  }

  uptime(): UptimeMs {
    return uptimeNow();
  }

  state(): ClockState {
    // By hand, or by whoever synchronises it: that is for the answer to tell.
    if (Math.abs(offsetNow() - this.#offset) > STEP_MS) {
      this.#state = "unsynced";
      void this.#ask();
    }
    return this.#state;
  }

  isStateKnown(): boolean {
    return this.#isAnswered;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const due = performance.now() + ms;
      let timer: NodeJS.Timeout | undefined;
      let turn: NodeJS.Immediate | undefined;
      const stop = () => {
        clearTimeout(timer);
        clearImmediate(turn);
        reject(signal?.reason);
      };
      const end = () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      };
      // The loop's clock counts whole milliseconds, so a timer can fire early: look again.
      const look = () => {
        const leftMs = due - performance.now();
        if (leftMs > 0) return arm(leftMs);
        if (leftMs >= -LATE_MS) return end();
        // The loop was busy, and runs timers before it hears what came in: that goes first, or an
        // answer that was there in time would be missed.
        turn = setImmediate(() => {
          turn = setImmediate(end);
        });
      };
      const arm = (leftMs: number) => {
        if (ms > EXACT_UP_TO_MS || leftMs >= 1) {
          timer = setTimeout(look, Math.min(leftMs, TIMER_MAX_MS));
          return;
        }
        // Standing still costs no processor time. What came in meanwhile is heard before the end:
        // between two turns the loop looks whether anything did.
        Atomics.wait(NOBODY, 0, 0, leftMs);
        turn = setImmediate(() => {
          turn = setImmediate(look);
        });
      };
      signal?.addEventListener("abort", stop, { once: true });
      arm(Math.max(0, ms));
    });
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const offset = offsetNow();
    try {
      this.#state = (await isSystemClockSynced(this.#mark)) ? "synced" : "unsynced";
      this.#isAnswered = true;
    } finally {
      this.#isAsking = false;
    }
    // As it was before: had time been set since, the answer would not know, and is asked for anew.
    this.#offset = offset;
  }
}

/** How far wall time is ahead of elapsed time, in milliseconds: it changes where time was set. */
function offsetNow(): number {
  return Date.now() - performance.now();
}
