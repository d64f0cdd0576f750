import type { Clock, UptimeMs } from "../../edge/core/time.ts";
import type { PointReading } from "../driver.ts";
import type { Heard } from "../heard.ts";

/** Points whose values programs on this machine tell. Nothing is asked, and nothing can break. */
export class LocalSession {
  /** The one listener for what they tell. */
  onHeard: ((heard: Heard) => void) | null = null;
  readonly readyAt: UptimeMs;
  /** Resolves, with why, when it is closed: there is no line that could go. Never rejects. */
  readonly closed: Promise<string>;
  readonly #close: (why: string) => void;
  #messages = 0;

  constructor(clock: Clock) {
    this.readyAt = clock.uptime();
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.#close = resolve;
  }

  /** Takes what a program tells of now, each of a point that is told here. */
  tell(readings: readonly PointReading[]): void {
    this.#messages++;
    this.onHeard?.({ kind: "message", readings });
  }

  /** Programs tell by themselves. */
  ask(): void {}

  /** What is told from now on is nobody's. */
  close(): void {
    this.onHeard = null;
    this.#close("the gateway stops");
  }

  counters(): Readonly<Record<string, number>> {
    return { messages: this.#messages };
  }
}
