import { writeFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { branchLines, reachedLines, Tally } from "./coverage.ts";
import { PHASES, runSeed, type SeedResult } from "./run-seed.ts";

/**
 * `npm run swarm -- --seeds N [--seed FIRST] [--minutes M] [--coverage [--out FILE]]`: the gateway
 * through N disasters.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
    /** Simulated minutes of faults. */
    minutes: { type: "string", default: String(PHASES.safetyMs / 60_000) },
    /** The first seed that fails is the last. */
    "until-failure": { type: "boolean", default: false },
    /** Tells which faults and which branches were reached; a fault that none reached fails. */
    coverage: { type: "boolean", default: false },
    /** Where that is written to, too. */
    out: { type: "string" },
  },
});
const first = Number(values.seed);
const count = Number(values.seeds);
const minutes = Number(values.minutes);
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
