import process from "node:process";
import { parseArgs } from "node:util";
import { tempDir } from "../processes/child.ts";
import { killWriters, textOf } from "./kills.ts";

/**
 * `npm run kills -- --times N [--seed S]`: N processes that record into one buffer, each killed at
 * a random moment and what it left examined. Exits 1 where anything was lost or damaged.
 */
const { values } = parseArgs({
  options: {
    times: { type: "string", default: "500" },
    seed: { type: "string", default: String(Date.now() % 2 ** 32) },
  },
});
const times = Number(values.times);
const seed = Number(values.seed);
if (!(Number.isInteger(times) && times > 0) || !Number.isInteger(seed)) {
  process.stderr.write("--times and --seed are whole numbers\n");
  process.exit(2);
}
const say = (line: string) => process.stdout.write(`${line}\n`);
say(`seed ${seed}`);
const started = performance.now();
const tally = await killWriters(tempDir("kills"), times, seed);
say(`in ${((performance.now() - started) / 1000).toFixed(0)} s`);
say(textOf(tally));
process.exitCode = tally.faults.length === 0 ? 0 : 1;
