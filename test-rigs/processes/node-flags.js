import { readFileSync } from "node:fs";
const PACKAGE = new URL("../../package.json", import.meta.url);
/**
 * What Node gets before the program in `script` of the package: the one place where it is written.
 * Throws where the script does not start the gateway's command line.
 */
export function nodeFlagsOf(script) {
    const { scripts } = JSON.parse(readFileSync(PACKAGE, "utf8"));
    const [, flags] = /\bnode ((?:--\S+ )*)edge\/main\.ts/.exec(scripts[script] ?? "") ?? [];
    if (flags === undefined)
        throw new Error(`script ${script} does not start edge/main.ts`);
    return flags.split(" ").filter((flag) => flag !== "");
}
/**
 * As the package's scripts start the gateway, so do the rigs and the demo. `--optimize-for-size`
 * saves about a fifth of the memory at 1,000 points a second, and its price is the greatest
 * throughput: a third of the points a CPU-second, still ninety times that load.
 */
export const NODE_FLAGS = nodeFlagsOf("lifeline");
