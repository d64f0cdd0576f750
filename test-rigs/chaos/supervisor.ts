import { setTimeout as sleep } from "node:timers/promises";
import type { Child } from "../processes/child.ts";

/** When something was so, in Unix milliseconds by the true clock. */
export type Span = { readonly from: number; readonly to: number; readonly why: string };

/** As `RestartSec` of the unit. */
const RESTART_MS = 1_000;
/** A machine that does much else starts a gateway slowly. */
const START_MS = 60_000;
/** For a gateway that is asked to end. */
const STOP_MS = 60_000;

/** Keeps a gateway running, as systemd does by `Restart=always`. */
export class Supervisor {
  readonly #start: () => Child;
  readonly #spans: Span[] = [];
  readonly #crashes: string[] = [];
  readonly #log: string[] = [];
  #child: Child | null = null;
  #downSince = Date.now();
  #stoppedSince: number | null = null;
  #isKilled = false;
  #isEnding = false;
  #starts = 0;

  /** `start` starts it once. */
  constructor(start: () => Child) {
    this.#start = start;
  }

  /** When it did not run, or stood still. */
  get spans(): readonly Span[] {
    return this.#spans;
  }

  /** How it ended by itself, which nobody wanted. */
  get crashes(): readonly string[] {
    return this.#crashes;
  }

  /** What all of its lives printed. */
  get log(): readonly string[] {
    return [...this.#log, ...(this.#child?.lines ?? [])];
  }

  get starts(): number {
    return this.#starts;
  }

  /** Its process; null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Runs it until `stop`. */
  async run(): Promise<void> {
    while (!this.#isEnding) {
      const child = this.#start();
      this.#child = child;
      this.#starts += 1;
      this.#isKilled = false;
      const up = child.waitFor(/gateway \S+ runs/, START_MS).then(
        () => this.#up(),
        (error: Error) => {
          if (!this.#isKilled && !this.#isEnding) this.#crashes.push(error.message);
        },
      );
      const how = await child.exited;
      await up;
      this.#child = null;
      this.#log.push(...child.lines, `-- ended: ${how}`);
      this.#downSince = Math.min(this.#downSince, Date.now());
      const isWanted = this.#isKilled || (this.#isEnding && how === 0);
      if (!isWanted)
        this.#crashes.push(`ended by itself: ${how}\n${child.lines.slice(-15).join("\n")}`);
      if (!this.#isEnding) await sleep(RESTART_MS);
    }
  }

  /** Kills it; it is started again. */
  kill(): void {
    if (this.#child === null) return;
    this.#downSince = Math.min(this.#downSince, Date.now());
    this.#isKilled = true;
    this.thaw();
    this.#child.signal("SIGKILL");
  }

  /** Has it stand still, until `thaw`. */
  freeze(): void {
    if (this.#child === null) return;
    this.#child.signal("SIGSTOP");
    this.#stoppedSince ??= Date.now();
  }

  thaw(): void {
    if (this.#stoppedSince === null) return;
    this.#spans.push({ from: this.#stoppedSince, to: Date.now(), why: "stopped" });
    this.#stoppedSince = null;
    this.#child?.signal("SIGCONT");
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    const child = this.#child;
    if (child === null) return;
    child.signal("SIGTERM");
    const timer = setTimeout(() => child.signal("SIGKILL"), STOP_MS);
    await child.exited;
    clearTimeout(timer);
  }

  #up(): void {
    this.#spans.push({ from: this.#downSince, to: Date.now(), why: "not running" });
    this.#downSince = Number.POSITIVE_INFINITY;
  }
}
