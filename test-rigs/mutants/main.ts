import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { asked } from "../../ota/release/asked.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { MUTANTS, type Mutant, planted } from "./mutants.ts";

const { values } = asked({
  name: "npm run swarm:mutants",
  about: `Plants each fault in a copy of the sources and lets the swarm look for it. Exits 1
where one is not found, or cannot be planted any more.`,
  options: {
    seeds: { kind: "whole", least: 1, usual: 200, says: "within how many seeds" },
    only: { kind: "text", value: "WORDS", usual: "", says: "faults whose names hold WORDS" },
  },
});
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ROOMS = ["edge", "drivers", "config", "buffer", "ota", "test-rigs", "package.json"];
/** A swarm that takes longer for its seeds hangs. */
const SWARM_MS = 3_600_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

/** The copy in which faults are planted. */
const tree = tempDir("mutants");
for (const room of ROOMS) {
  const isOwn = (path: string) => !path.includes("node_modules");
  cpSync(join(ROOT, room), join(tree, room), { recursive: true, filter: isOwn });
}
symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));

/** The first seed from `first` on that fails in the copy as it is now, and by what; null for none. */
async function firstFailure(first: number, seeds: number) {
  const main = join(tree, "test-rigs", "swarm", "main.ts");
  const args = [main, "--until-failure", "--seed", `${first}`, "--seeds", `${seeds}`];
  const swarm = startChild(process.execPath, args);
  const over = await swarm.waitFor(/seeds passed in/, SWARM_MS);
  await swarm.exited;
  const failed = swarm.lines.find((line) => / FAILED: /.test(line));
  const [, seed = "", by = ""] = /^seed (\d+) FAILED: (.*)/.exec(failed ?? "") ?? [];
  return failed === undefined ? null : { seed: Number(seed), by, over };
}

/** Why the swarm did not do with `mutant` what it has to, and null where it did. */
async function whyNotFound(mutant: Mutant): Promise<string | null> {
  const file = join(tree, mutant.file);
  const text = readFileSync(file, "utf8");
  const began = performance.now();
  writeFileSync(file, planted(text, mutant));
  const found = await firstFailure(1, values.seeds);
  writeFileSync(file, text);
  if (found === null) return `not found within ${values.seeds} seeds`;
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  say(`found   ${mutant.name}: seed ${found.seed}, ${seconds} s, "${found.by}"`);
  const without = await firstFailure(found.seed, 1);
  return without === null ? null : `seed ${found.seed} fails without it too: "${without.by}"`;
}

let missed = 0;
const tried = MUTANTS.filter(({ name }) => name.includes(values.only));
for (const mutant of tried) {
  const why = await whyNotFound(mutant).catch((error: Error) => error.message);
  if (why === null) continue;
  missed++;
  say(`MISSED  ${mutant.name}: ${why}`);
}
say(`${tried.length - missed} of ${tried.length} mutants found.`);
process.exit(missed === 0 && tried.length > 0 ? 0 : 1);
