import { existsSync } from "node:fs";
import { join } from "node:path";
import { Reader } from "../../buffer/reader.ts";
import { SystemClock } from "../world/clock.ts";
import { wallTime } from "../world/wall-text.ts";
import { sayAlarms } from "./alarms-text.ts";
import { type Invocation, misuse } from "./invocation.ts";
import { refuse } from "./refuse.ts";
import { usableConfig } from "./usable-config.ts";

/** A time to look at: from and to in Unix milliseconds, open where not asked for, and now. */
export type Asked = { readonly from: number; readonly to: number; readonly now: number };

/**
 * Lets `look` read the stored events beside the running gateway or without one, over the time that
 * the options ask for; the exit code.
 */
export async function lookBack(
  invocation: Invocation,
  look: (reader: Reader, asked: Asked) => number,
): Promise<number> {
  const { lang, database } = invocation;
  const now = new SystemClock().now();
  const times = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  for (const bound of ["from", "to"] as const) {
    const text = invocation[bound];
    if (text === undefined) continue;
    const at = wallTime(text, now);
    if (at === null) {
      return misuse(sayAlarms(lang, "noTime", { option: `--${bound}`, text }), invocation);
    }
    times[bound] = at;
  }
  let file = database;
  if (file === undefined) {
    const config = await usableConfig(invocation);
    if (config === null) return 1;
    file = join(config.buffer.dir, "lifeline.db");
  }
  if (!existsSync(file)) return refuse(sayAlarms(lang, "noDatabase", { file }), invocation);
  const reader = new Reader(file);
  try {
    return look(reader, { ...times, now });
  } finally {
    reader.close();
  }
}
