import type { WallMs } from "../core/time.ts";
import type { LogLevel } from "../world.ts";
import { Ring } from "./ring.ts";

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
  readonly #ring = new Ring<LogEntry>(LINES_MAX);

  constructor(since: WallMs) {
    this.#since = since;
  }

  add(line: LogEntry): void {
    this.#ring.add(line);
  }

  /** What is kept from line `from` on (null: all), at most `PAGE_MAX` lines. */
  page(from: number | null): LogPage {
    const { items, ...page } = this.#ring.page(from, PAGE_MAX);
    return { v: 1, since: this.#since, ...page, lines: items };
  }
}
