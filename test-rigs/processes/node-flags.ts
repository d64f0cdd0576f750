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
 * As the package's scripts start the gateway, so do the rigs and the demo: a young generation in
 * which a second's readings fit, and one thread beside the main one for what V8 does beside it.
 * `--optimize-for-size` would save up to 18 megabytes at 1,000 points a second, and cost two thirds
 * more processor time: it makes the young generation so small that readings outlive it.
 */
export const NODE_FLAGS: readonly string[] = nodeFlagsOf("lifeline");
