import { fill } from "./bench-buffer.ts";
import { HISTORY_AT, readingsOf, UNIT } from "./drain-load.ts";

/** Fills a buffer in `dir` with `count` messages of 1,000 readings, one a second. */
export async function fillBuffer(dir: string, count: number): Promise<void> {
  await fill(dir, count, UNIT, (second) => readingsOf(second, HISTORY_AT + second * 1000));
}
