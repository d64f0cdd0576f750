import process from "node:process";
import type { Steps } from "../../buffer/verify.ts";
import { SystemClock } from "../world/clock.ts";
import { sayBuffer } from "./buffer-text.ts";
import { endSignal } from "./end-signal.ts";
import { formatAge } from "./format.ts";
import type { Invocation } from "./invocation.ts";
import { Progress } from "./progress.ts";

/** A signal is heard at the latest after so long, in milliseconds. */
const LISTEN_EVERY_MS = 50;

/** Does all of `steps`, telling a person how far it is; null where a signal ended it before. */
export async function pursue<Result>(
  steps: Generator<Steps, Result>,
  { lang, json }: Pick<Invocation, "lang" | "json">,
): Promise<Result | null> {
  const clock = new SystemClock();
  const ended = endSignal();
  const progress = new Progress({
    clock,
    isLive: process.stderr.isTTY === true,
    write: (text) => process.stderr.write(text),
    tell: (percent, leftMs) =>
      sayBuffer(lang, "progress", { percent, left: formatAge(leftMs, lang) }),
  });
  let listenedAt = clock.uptime();
  try {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (json !== true) progress.at(step.value.done, step.value.total);
      if (clock.uptime() - listenedAt < LISTEN_EVERY_MS) continue;
      await clock.sleep(0);
      listenedAt = clock.uptime();
      if (ended.aborted) return null;
    }
  } finally {
    progress.end();
    steps.return(undefined as Result);
  }
}
