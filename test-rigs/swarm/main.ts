import process from "node:process";
import { parseArgs } from "node:util";
import { PHASES, runSeed, type SeedResult } from "./run-seed.ts";

/** `npm run swarm -- --seeds N [--seed FIRST] [--minutes M]`: the gateway through N disasters. */
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
    /** Simulated minutes of faults. */
    minutes: { type: "string", default: String(PHASES.safetyMs / 60_000) },
    /** The first seed that fails is the last. */
    "until-failure": { type: "boolean", default: false },
  },
});
const first = Number(values.seed);
const count = Number(values.seeds);
const minutes = Number(values.minutes);
const phases = {
  safetyMs: minutes * 60_000,
  livenessMs: PHASES.livenessMs,
};

/** What a seed came to whose run or whose judges threw. */
function thrown(error: Error): Pick<SeedResult, "failure" | "counts" | "digest"> {
  const [why = "", ...trace] = String(error.stack).split("\n");
  return { failure: { invariant: "nothing throws", why, trace }, counts: {}, digest: "" };
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const started = performance.now();
const totals: Record<string, number> = {};
let failed = 0;
for (let seed = first; seed < first + count; seed++) {
  const { failure, counts, digest } = await runSeed(seed, phases).catch(thrown);
  for (const [name, value] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + value;
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
const seconds = ((performance.now() - started) / 1000).toFixed(1);
say(`${count - failed} of ${count} seeds passed in ${seconds} s; ${JSON.stringify(totals)}`);
process.exitCode = failed === 0 ? 0 : 1;
