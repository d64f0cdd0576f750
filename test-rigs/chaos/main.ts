import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { asked } from "../../ota/release/asked.ts";
import { installLine, missingPackages } from "../debian/packages.ts";
import { Random } from "../sim/random.ts";
import { CHAOS_PACKAGES, SPACES, whyNoChaos } from "./able.ts";
import { MISHAPS, type Mishap } from "./mishaps.ts";
import { drawTruth } from "./plant.ts";
import { befall, isAllWell, waitFor } from "./run.ts";
import { drawSchedule } from "./schedule.ts";
import { openSite, type Site } from "./site.ts";
import { lineOf, linesOf } from "./text.ts";
import { verdictOn } from "./verdict.ts";

const { values } = asked({
  name: "npm run chaos",
  about: `The built gateway on real processes in networks of their own, as root, with faults
drawn from a seed, then calm. A line for each fault; exits 1 where a reading or an
alarm is missing, there twice, or not true.`,
  options: {
    minutes: { kind: "number", least: 0.1, usual: 20, says: "how long faults come" },
    seed: { kind: "whole", least: 0, says: "by which they are drawn" },
    pace: { kind: "number", least: 0.01, usual: 1, says: "0.2: faults are as much shorter" },
    only: { kind: "list", value: "TEXT,…", says: "faults whose names hold one of the texts" },
    out: {
      ...{ kind: "text", value: "DIR" },
      says: "where the gateway's log and buffer are left, and what the centres stored",
    },
    within: { kind: "flag", says: "this is the second start, within namespaces" },
  },
});
const { minutes, pace, only, seed = Date.now() % 2 ** 32 } = values;
const chosen = MISHAPS.filter(({ kind }) => {
  return only.length === 0 || only.some((text) => kind.includes(text));
});
if (chosen.length === 0) {
  const kinds = MISHAPS.map(({ kind }) => kind).join(", ");
  process.stderr.write(`there is no fault ${only.join(", ")}; there are: ${kinds}\n`);
  process.exit(2);
}
if (!values.within) {
  const missing = missingPackages(CHAOS_PACKAGES);
  const whyNot = whyNoChaos() ?? (missing.length === 0 ? null : installLine(missing));
  if (whyNot === null) enterNamespaces();
  process.stderr.write(`there can be no chaos here: ${whyNot}\n`);
  process.exit(2);
}

// The first process of a namespace hears only the signals that it asks for.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

/** How long a level stays as it is, in milliseconds, and how long the plant must know of its future. */
const TURN_MS = [15_000, 45_000] as const;
const FUTURE_MS = 3_600_000;
/** For the first start, and all centres reached. */
const BEGIN_S = 120;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const random = new Random(seed);
const schedule = drawSchedule(chosen, minutes * 60, pace, random.stream("schedule"));
say(`seed ${seed}: ${schedule.length} faults in ${minutes} minutes, pace ${pace}, then calm`);
const [from, to] = TURN_MS;
const turns = [from * Math.max(pace, 0.3), to * Math.max(pace, 0.3)] as const;
const truth = drawTruth(Date.now(), minutes * 60_000 + FUTURE_MS, turns, random.stream("truth"));
const site = await openSite(truth, seed);
const running = site.gateway.run();
try {
  if (!(await waitFor(site, isAllWell(MISHAPS), BEGIN_S))) {
    throw new Error(`it did not start well:\n${site.gateway.log.join("\n")}`);
  }
  const mishaps = new Map<string, Mishap>(chosen.map((mishap) => [mishap.kind, mishap]));
  const seen = await befall(site, schedule, mishaps, seed, (befallen) => say(lineOf(befallen)));
  await site.gateway.stop();
  await running;
  const verdict = await verdictOn(site, seen, truth);
  for (const line of linesOf(seen, verdict)) say(line);
  process.exitCode = verdict.faults.length > 0 ? 1 : 0;
} catch (error) {
  // It must be seen, whatever becomes of what follows.
  console.error(error);
  process.exitCode = 1;
} finally {
  if (values.out !== undefined) keep(site, values.out);
  await site.close();
}
process.exit();

/** Starts this program once more as the same process, in namespaces that go away with it. */
function enterNamespaces(): never {
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const args = ["unshare", ...SPACES, ...again, "--seed", String(seed), "--within"];
  process.execve?.("/usr/bin/unshare", args, process.env);
  throw new Error("this Node cannot start another program in its place");
}

/** Leaves what is needed to find out why in the folder `out`. */
function keep({ dir, gateway }: Site, out: string): void {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "gateway.log"), gateway.log.join("\n"));
  for (const name of ["city.jsonl", "county.jsonl", "gateway.yaml", "disk"]) {
    cpSync(join(dir, name), join(out, name), { recursive: true });
  }
  say(`logs and archives are in ${out}`);
}
