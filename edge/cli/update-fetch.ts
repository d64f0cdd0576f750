import process from "node:process";
import type { ObtainStep } from "../../ota/fetch/obtain.ts";
import { SystemClock } from "../world/clock.ts";
import { complain, type Invocation } from "./invocation.ts";
import { Progress } from "./progress.ts";
import { sayUpdate } from "./update-text.ts";

/** Tells a person at a terminal how far a release was fetched. */
export function fetchTold({ lang, json }: Invocation): {
  readonly tell: (step: ObtainStep) => void;
  readonly end: () => void;
} {
  const isLive = process.stderr.isTTY === true && json !== true;
  let [done, all] = [0, 0];
  const progress = new Progress({
    clock: new SystemClock(),
    isLive,
    write: (text) => process.stderr.write(text),
    tell: () => {
      const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
      return sayUpdate(lang, "progress", { done: mb(done), all: mb(all) });
    },
  });
  const tell = (step: ObtainStep) => {
    if (step.kind === "fallback" && json !== true) {
      complain(sayUpdate(lang, "fallback", { code: step.code }));
    }
    if (step.kind !== "received" || !isLive) return;
    [done, all] = [step.bytes, step.length];
    progress.at(step.bytes, step.length);
  };
  return { tell, end: () => progress.end() };
}
