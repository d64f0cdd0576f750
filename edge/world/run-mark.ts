import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../core/errors.ts";
import { markIn, markOf, type RunMark, type StartStatus, startStatus } from "../core/last-run.ts";
import type { Clock } from "../core/time.ts";
import { bootId } from "./boot-id.ts";
import { writeDurably } from "./durable-file.ts";

/** In the directory of the buffer: what this run and those before it left. */
const MARK = "runs.json";
/** Beside it: what the supervisor wrote when the run before had ended (ota/systemd). */
const RESULT = "service-result";
/** What is told of an error that ended a run, in characters. */
const WHY_MAX = 300;

/**
 * Keeps how each run of the gateway began and ended, in `folder`, so that the next start can say
 * why it was needed. Written at a start and at an end only, for the sake of the card.
 */
export class RunMarks {
  readonly #file: string;
  readonly #result: string;
  readonly #onTrouble: (why: string) => void;
  #mark: RunMark | null = null;
  #begun: StartStatus | null = null;

  /** `onTrouble` is told why the disk does not take it, which is no reason not to run. */
  constructor(folder: string, onTrouble: (why: string) => void) {
    this.#file = join(folder, MARK);
    this.#result = join(folder, RESULT);
    this.#onTrouble = onTrouble;
  }

  /** A run begins, or goes on with another configuration: says how the one before ended. */
  begin(clock: Clock, boot = bootId()): StartStatus | null {
    if (this.#begun !== null) return { ...this.#begun, isTold: true };
    const result = textOf(this.#result)?.trim().split(" ")[0] ?? null;
    const before = markIn(textOf(this.#file) ?? "");
    const now = { at: clock.now(), boot, uptime: clock.uptime(), result };
    this.#mark = markOf(before, now);
    this.#write(this.#mark);
    // Of the run before only: the next is not to find it again.
    if (result !== null) rmSync(this.#result, { force: true });
    this.#begun = startStatus(this.#mark);
    return this.#begun;
  }

  /** The run ends, because it was asked to or because of `error`. */
  end(error: unknown = null): void {
    if (this.#mark === null) return;
    const why = error === null ? null : messageOf(error).slice(0, WHY_MAX);
    this.#write({ ...this.#mark, end: { found: error === null ? "stopped" : "failed", why } });
  }

  /** Nothing more is written: the disk hangs, and whoever writes to it would too. */
  forget(): void {
    this.#mark = null;
  }

  #write(mark: RunMark): void {
    try {
      writeDurably(this.#file, `${JSON.stringify(mark)}\n`, 0o640);
    } catch (error) {
      this.#onTrouble(messageOf(error));
    }
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // There is none before the first run, or the disk does not give it.
    return null;
  }
}
