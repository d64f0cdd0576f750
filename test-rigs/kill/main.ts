import process from "node:process";
import { asked } from "../../ota/release/asked.ts";
import { tempDir } from "../processes/child.ts";
import { killWriters, textOf } from "./kills.ts";

const { values } = asked({
  name: "npm run kills",
  about: `Processes that record into one buffer, each killed at a random moment and what
it left examined. Exits 1 where anything was lost or damaged.`,
  options: {
    times: { kind: "whole", least: 1, usual: 500, says: "how many are killed" },
    seed: { kind: "whole", least: 0, says: "by which the moments are drawn" },
  },
});
const { times, seed = Date.now() % 2 ** 32 } = values;
const say = (line: string) => process.stdout.write(`${line}\n`);
say(`seed ${seed}`);
const started = performance.now();
const tally = await killWriters(tempDir("kills"), times, seed);
say(`in ${((performance.now() - started) / 1000).toFixed(0)} s`);
say(textOf(tally));
process.exitCode = tally.faults.length === 0 ? 0 : 1;
