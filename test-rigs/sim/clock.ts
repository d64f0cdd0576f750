import type { Clock, ClockState, UptimeMs, WallMs } from "../../edge/core/time.ts";
import { TimerHeap } from "./timer-heap.ts";

/** 2026-01-01T00:00:00Z, where a simulated day starts unless it is told otherwise. */
export const SIM_EPOCH = Date.UTC(2026, 0, 1) as WallMs;

/** More timers than this at one moment are taken for a loop that never lets time pass. */
const FIRINGS_AT_ONE_MOMENT_MAX = 100_000;

/** What can be told apart of elapsed time, in milliseconds. */
const LEAST_MS = 1e-6;

/** How a simulated clock starts; all of it may be left out. */
export type SimClockSettings = {
  readonly wall?: WallMs;
  readonly state?: ClockState;
  /** Which boot of the machine it is. */
  readonly boot?: string;
  /** True time at the start, where `wall` is not that. */
  readonly truth?: WallMs;
  /** By how many parts in a million elapsed time goes too fast until the clock is synchronised. */
  readonly driftPpm?: number;
};

/**
 * A clock that moves only when told to. Timers fire in the order of their due times, those due at
 * the same moment in the order in which they were set; every promise that can settle has settled
 * before the next one fires.
 */
export class SimClock implements Clock {
  readonly #heap = new TimerHeap();
  #uptime = 0;
  #wallOffset: number;
  #state: ClockState;
  #boot: string;
  #boots = 1;
  /** When the machine was started last. */
  #bootAt = 0;
  /** By how much wall time was ever ahead of the time since the start of the simulation. */
  readonly #offsets: number[] = [];
  /** Whether it has been found out how far wall time can be believed. */
  isAnswered = true;
  /** True time at an uptime, and how fast it goes by that. */
  #truth: { readonly at: number; readonly uptime: number; readonly pace: number };

  constructor(settings: SimClockSettings = {}) {
    const { wall = SIM_EPOCH, state = "synced", boot = "boot-1", driftPpm = 0 } = settings;
    this.#wallOffset = wall;
    this.#state = state;
    this.#boot = boot;
    this.#offsets.push(wall);
    this.#truth = { at: settings.truth ?? wall, uptime: 0, pace: 1 / (1 + driftPpm * 1e-6) };
  }

  now(): WallMs {
    return this.#wallAt(this.#wallOffset);
  }

  uptime(): UptimeMs {
    return this.#uptime as UptimeMs;
  }

  get boot(): string {
    return this.#boot;
  }

  /** When the machine was started last, in milliseconds of the simulation. */
  get bootAt(): number {
    return this.#bootAt;
  }

  state(): ClockState {
    return this.#state;
  }

  isStateKnown(): boolean {
    return this.isAnswered;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal?.aborted) {
      reject(signal.reason);
      return promise;
    }
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = this.at(this.#uptime + Math.max(0, ms), () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
    return promise;
  }

  /**
   * Calls `fire` when uptime reaches `due` (now, when that is past). Returns how to cancel it;
   * cancelling twice, or after it fired, does nothing.
   */
  at(due: number, fire: () => void): () => void {
    const timer = this.#heap.push(Math.max(due, this.#uptime), fire);
    return () => this.#heap.remove(timer);
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#heap.size;
  }

  /**
   * Moves wall time by `ms` (may be negative) without moving uptime, as a correction does. A time
   * before 1970 no kernel lets itself be told: nothing moves (settimeofday(2), EINVAL).
   */
  stepWall(ms: number): void {
    if (this.now() + ms >= 0) this.#setOffset(this.#wallOffset + ms);
  }

  /** True time at `uptime`. */
  truthAt(uptime: number): number {
    const { at, uptime: from, pace } = this.#truth;
    return at + (uptime - from) * pace;
  }

  /** True time now is `at`, and has been so all the while. */
  setTruth(at: WallMs): void {
    this.#truth = { at, uptime: this.#uptime, pace: 1 };
  }

  /** Somebody sets wall time by `ms`: whether it is right is not known until it is synchronised. */
  setBy(ms: number): void {
    this.stepWall(ms);
    this.#state = "unsynced";
  }

  /** Wall time is synchronised with the truth, and kept so. */
  sync(): void {
    const at = this.truthAt(this.#uptime);
    this.#setOffset(Math.round(at - this.#uptime));
    this.#truth = { at, uptime: this.#uptime, pace: 1 };
    this.#state = "synced";
  }

  /**
   * The machine starts anew, with the wall time that it kept, of which nobody knows whether it is
   * right. Elapsed time goes on here, for all that is not this machine; see `ofMachine`.
   */
  reboot(wall: WallMs): void {
    this.#boots++;
    this.#boot = `boot-${this.#boots}`;
    this.#bootAt = Math.floor(this.#uptime);
    this.#setOffset(wall - this.#bootAt);
    this.#state = "unsynced";
  }

  /** The clock of the machine in this boot, whose elapsed time begins with that. */
  ofMachine(): Clock {
    const [from, boot] = [this.#bootAt, this.#boot];
    return {
      now: () => this.now(),
      uptime: () => (this.#uptime - from) as UptimeMs,
      state: () => this.state(),
      isStateKnown: () => this.isStateKnown(),
      boot,
      // A difference of the one elapsed time may be nothing in digits of the other.
      sleep: (ms, signal) => this.sleep(ms > 0 ? Math.max(ms, LEAST_MS) : ms, signal),
    };
  }

  /** Wall time as it would be if nobody ever set it. */
  ruler(): WallMs {
    return this.#wallAt(SIM_EPOCH);
  }

  /** The same, of wall time `at`, which was shown about when `uptime` was. */
  onRuler(at: number, uptime: number): WallMs {
    const shown = at - uptime;
    const nearest = this.#offsets.reduce((best, each) =>
      Math.abs(each - shown) < Math.abs(best - shown) ? each : best,
    );
    return (at - nearest + SIM_EPOCH) as WallMs;
  }

  /** What `state` returns from now on. */
  setState(state: ClockState): void {
    this.#state = state;
  }

  /**
   * Wall time that is `offset` ahead, in whole milliseconds of elapsed time: the sum of both has
   * fewer digits behind the point the later it is, and two offsets would round it apart.
   */
  #wallAt(offset: number): WallMs {
    return (Math.floor(this.#uptime) + Math.floor(offset)) as WallMs;
  }

  #setOffset(offset: number): void {
    this.#wallOffset = offset;
    this.#offsets.push(offset);
  }

  /**
   * Runs every timer due within the next `ms` milliseconds and returns how many fired. Throws
   * when time cannot pass because timers are set again and again for the same moment.
   */
  async advance(ms: number): Promise<number> {
    const end = this.#uptime + ms;
    let fired = 0;
    let firedNow = 0;
    await settle();
    for (let timer = this.#heap.first(); timer && timer.due <= end; timer = this.#heap.first()) {
      firedNow = timer.due > this.#uptime ? 0 : firedNow + 1;
      if (firedNow > FIRINGS_AT_ONE_MOMENT_MAX) {
        throw new Error(`time stands still at ${this.#uptime} ms: a loop sleeps 0 ms for ever`);
      }
      this.#heap.remove(timer);
      this.#uptime = timer.due;
      timer.fire();
      fired += 1;
      await settle();
    }
    this.#uptime = end;
    return fired;
  }
}

/** Lets every promise reaction and `process.nextTick` callback run before returning. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
