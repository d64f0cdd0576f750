import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import type { Clock, ClockState, UptimeMs, WallMs } from "../core/time.ts";

/** How often to look whether the system clock is synchronised, in milliseconds. */
const LOOK_EVERY_MS = 10_000;

/** Written by systemd-timesyncd once the clock has been set from a server in this boot. */
const TIMESYNCD_MARK = "/run/systemd/timesync/synchronized";

/** The machine's clocks: CLOCK_REALTIME for wall time, CLOCK_MONOTONIC for elapsed time. */
export class SystemClock implements Clock {
  #state: ClockState = existsSync(TIMESYNCD_MARK) ? "synced" : "unsynced";

  constructor() {
    this.#look();
    setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  now(): WallMs {
    return Date.now() as WallMs;
  }

  uptime(): UptimeMs {
    return performance.now() as UptimeMs;
  }

  state(): ClockState {
    return this.#state;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const due = performance.now() + ms;
      let timer: NodeJS.Timeout;
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      // The loop's clock counts whole milliseconds, so a timer can fire early: look again.
      const arm = () => {
        timer = setTimeout(
          () => {
            if (performance.now() < due) return arm();
            signal?.removeEventListener("abort", stop);
            resolve();
          },
          Math.max(0, due - performance.now()),
        );
      };
      signal?.addEventListener("abort", stop, { once: true });
      arm();
    });
  }

  /** timesyncd leaves a mark; for chrony and ntpd the kernel's flag, which timedatectl shows. */
  #look(): void {
    if (existsSync(TIMESYNCD_MARK)) {
      this.#state = "synced";
      return;
    }
    const args = ["show", "--property=NTPSynchronized", "--value"];
    const asked = execFile("timedatectl", args, { timeout: 5000 }, (error, stdout) => {
      this.#state = !error && stdout.trim() === "yes" ? "synced" : "unsynced";
    });
    asked.unref();
  }
}
