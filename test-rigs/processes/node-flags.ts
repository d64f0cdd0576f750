import { readFileSync } from "node:fs";

const PACKAGE = new URL("../../package.json", import.meta.url);

/**
 * What Node gets before the program in `script` of the package: the one place where it is written.
 * Throws where the script does not start the gateway's command line.
 */
export function nodeFlagsOf(script: "lifeline" | "start"): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(PACKAGE, "utf8")) as {
    scripts: Readonly<Record<string, string>>;
  };
  const [, flags] = /\bnode ((?:--\S+ )*)edge\/main\.ts/.exec(scripts[script] ?? "") ?? [];
  if (flags === undefined) throw new Error(`script ${script} does not start edge/main.ts`);
  return flags.split(" ").filter((flag) => flag !== "");
}

/**
 * As the package's scripts start the gateway, so do the rigs and the demo:
 * - A young generation of twice 2 MB from the start. One of 4 MB takes 4 megabytes more and saves a
 *   tenth of the processor time at 125,000 points a second; one of 1 MB is outlived by readings.
 * - No pretenuring: V8 finds that readings live until the next group commit, makes them among what
 *   is old from then on, and lets 12 MB of dead ones gather there before it looks.
 * - No Maglev, the compiler between the baseline and TurboFan: its code, what it is compiled from
 *   and the holes that it leaves in malloc's heap are 8 MB; TurboFan takes what is hot all the same.
 * - One thread beside the main one for what V8 does beside it.
 * `--memory-saver-mode` and `--optimize-for-size` would save some megabytes more at 1,000 points a
 * second, and cost up to a third and two thirds more processor time.
 */
export const NODE_FLAGS: readonly string[] = nodeFlagsOf("lifeline");
