import type { WallMs } from "../core/time.ts";
import type { LogLevel } from "../world.ts";

/** One thing that the gateway's log told. */
export type LogEntry = {
  readonly at: WallMs;
  readonly level: LogLevel;
  /** In the language that the gateway runs with. */
  readonly text: string;
  /** The evidence. */
  readonly fields: Readonly<Record<string, unknown>>;
};

/** Some of what the log told, the oldest first. */
export type LogPage = {
  readonly v: 1;
  /** When the gateway's process began: since then lines have been numbered from 0. */
  readonly since: WallMs;
  /** The line to ask for next. */
  readonly next: number;
  /** Lines asked for that are kept no more. */
  readonly missed: number;
  readonly lines: readonly LogEntry[];
};

/** So many lines are kept, and told in one answer. */
export const LINES_MAX = 1_000;
export const PAGE_MAX = 200;

/** The newest lines of a log. */
export class LogRing {
  readonly #since: WallMs;
  readonly #lines: LogEntry[] = [];
  #next = 0;

  constructor(since: WallMs) {
    this.#since = since;
  }

  add(line: LogEntry): void {
    this.#lines[this.#next % LINES_MAX] = line;
    this.#next++;
  }

  /** What is kept from line `from` on (null: all), at most `PAGE_MAX` lines. */
  page(from: number | null): LogPage {
    const oldest = Math.max(0, this.#next - LINES_MAX);
    const first = Math.min(Math.max(from ?? oldest, oldest), this.#next);
    const next = Math.min(first + PAGE_MAX, this.#next);
    const lines: LogEntry[] = [];
    for (let at = first; at < next; at++) {
      lines.push(this.#lines[at % LINES_MAX] as LogEntry);
    }
    const missed = from === null ? 0 : Math.max(0, oldest - from);
    return { v: 1, since: this.#since, next, missed, lines };
  }
}
