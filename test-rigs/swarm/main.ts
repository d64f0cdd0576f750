import { writeFileSync } from "node:fs";
import process from "node:process";
import { asked } from "../../ota/release/asked.ts";
import { branchLines, reachedLines, Tally } from "./coverage.ts";
import { PHASES, runSeed, type SeedResult } from "./run-seed.ts";

const { values } = asked({
  name: "npm run swarm",
  about: `The simulated gateway through disasters, each drawn from a seed: minutes of faults,
then calm, and judges of what must hold. Exits 1 where a seed failed; a failure
prints how it is run again.`,
  options: {
    seeds: { kind: "whole", least: 1, usual: 50, says: "how many" },
    seed: { kind: "whole", least: 0, usual: 1, says: "the first of them" },
    minutes: {
      ...{ kind: "number", least: 0.01, usual: PHASES.safetyMs / 60_000 },
      says: "how long faults come, in virtual time",
    },
    "until-failure": { kind: "flag", says: "the first seed that fails is the last" },
    coverage: {
      kind: "flag",
      says: "tell which faults and which branches were reached; a fault that none reached fails",
    },
    out: { kind: "text", value: "FILE", says: "where that is written to, too" },
  },
});
const { seed: first, seeds: count, minutes } = values;
const phases = { safetyMs: minutes * 60_000, livenessMs: PHASES.livenessMs };

/** What a seed came to whose run or whose judges threw. */
function thrown(error: Error): Omit<SeedResult, "seed"> {
  const [why = "", ...trace] = String(error.stack).split("\n");
  const failure = { invariant: "nothing throws", why, trace };
  return { failure, counts: {}, reached: {}, digest: "" };
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const started = performance.now();
const totals: Record<string, number> = {};
const tally = new Tally();
// Only then what reads the branches is loaded.
const branches = values.coverage ? await import("./branches.ts") : null;
const session = await branches?.watchBranches();
let failed = 0;
for (let seed = first; seed < first + count; seed++) {
  const { failure, counts, reached, digest } = await runSeed(seed, phases).catch(thrown);
  for (const [name, value] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + value;
  tally.add(seed, reached);
  const done = seed - first + 1;
  if (count > 20 && done % 20 === 0) say(`${done} of ${count} seeds have run, ${failed} failed`);
  if (failure === null) {
    if (count <= 20) say(`seed ${seed} passed, digest ${digest.slice(0, 16)}`);
    continue;
  }
  failed++;
  say(`seed ${seed} FAILED: ${failure.invariant}`);
  say(`  ${failure.why}`);
  for (const line of failure.trace) say(`  ${line.slice(0, 200)}`);
  say(`  replay: npm run swarm -- --seed ${seed} --seeds 1 --minutes ${minutes}`);
  if (values["until-failure"]) break;
}
let missing: readonly string[] = [];
if (branches !== null && session !== undefined) {
  const files = await branches.branchesReached(session);
  const lines = [...reachedLines(tally, count), ...branchLines(files)];
  for (const line of lines) say(line);
  if (values.out !== undefined) writeFileSync(values.out, `${lines.join("\n")}\n`);
  missing = tally.missing;
  if (missing.length > 0) say(`NEVER REACHED: ${missing.join(", ")}`);
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
say(JSON.stringify(totals));
say(`${count - failed} of ${count} seeds passed in ${seconds} s`);
process.exitCode = failed === 0 && missing.length === 0 ? 0 : 1;
