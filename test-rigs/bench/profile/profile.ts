import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { cpus } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { tempDir } from "../../processes/child.ts";
import { busyLine, load as loadAverage, machineLines } from "../report/machine.ts";
import { type Load, type Peer, preparedGateway } from "../report/peers.ts";
import { type Started, startOn, watch } from "../report/started.ts";
import { MOST, MOST_BAR, STEADY } from "../report/steady.ts";
import { BundleSources } from "./bundle-sources.ts";
import { type CpuProfile, type Span, sharesIn } from "./cpu-profile.ts";
import { heapIn } from "./heap.ts";
import { pageOf, type Taken } from "./page.ts";
import { residentIn } from "./resident.ts";
import type { Stage } from "./stages.ts";
import { threadTimes, timesBetween } from "./threads.ts";

/** What a gateway does in this time after its first reading does not count, in milliseconds. */
const WARM_MS = 8000;
/** V8's own; the numbers of the threads in the names of the files (nodejs.org/api/cli.html). */
const MAIN_THREAD = 0;
const BUFFER_THREAD = 1;

/** What is measured, for how long, and where the page goes. */
export type ProfileOrder = { readonly isQuick: boolean; readonly out: string };

/**
 * `npm run bench -- profile`: the installed gateway at the highest load and at 1,000 points a second,
 * each once as it is, which tells times and memory, and once under V8's profiler, which tells what
 * share of them goes where. Writes `profile.md` into a directory and prints it.
 */
export async function printProfile({ isQuick, out }: ProfileOrder): Promise<void> {
  mkdirSync(out, { recursive: true });
  const seconds = isQuick ? 10 : 40;
  const loadBefore = loadAverage();
  const machine = machineLines(out);
  const taken: Taken[] = [];
  for (const load of [MOST, STEADY]) {
    process.stderr.write(`${offeredOf(load)} points/s\n`);
    const plain = await plainRun(load, seconds);
    const shares = await profiledRun(load, seconds);
    const bar = load === MOST ? MOST_BAR : null;
    taken.push({ ...plain, offered: offeredOf(load), bar, shares });
  }
  const busy = busyLine(loadBefore, cpus().length);
  const head = [
    `Measured ${new Date().toISOString().slice(0, 10)}, ${seconds} s a run. Load ${loadBefore.toFixed(1)} before, ${loadAverage().toFixed(1)} at the end.`,
    ...(busy === null ? [] : [busy]),
    machine.join("\n"),
  ];
  const page = pageOf(taken, head);
  writeFileSync(join(out, "profile.md"), page);
  process.stdout.write(`${page}\nThe page: ${join(out, "profile.md")}\n`);
}

function offeredOf({ devices, registers, everyMs }: Load): number {
  return (devices * registers * 1000) / everyMs;
}

/** Starts the gateway on `load` with `env`, lets it warm up, and has `work` done with it. */
async function withGateway<Result>(
  load: Load,
  env: Readonly<Record<string, string>>,
  work: (started: Started) => Promise<Result>,
): Promise<Result> {
  const peer: Peer = {
    name: "this gateway",
    prepare: async (job) => {
      const { start } = await preparedGateway(job);
      return () => start(env);
    },
  };
  const started = await startOn(peer, load);
  try {
    await sleep(WARM_MS);
    return await work(started);
  } finally {
    await started.end();
  }
}

async function plainRun(
  load: Load,
  seconds: number,
): Promise<Omit<Taken, "shares" | "offered" | "bar">> {
  const probes = tempDir("heap");
  const env = { NODE_OPTIONS: `--import=${probeIn(probes)}`, HEAP_PROBE_DIR: probes };
  return await withGateway(load, env, async (started) => {
    const { pid } = started.child;
    const before = threadTimes(pid);
    const { delivered } = await watch(started, load, seconds);
    const times = timesBetween(before, threadTimes(pid));
    const resident = residentIn(readFileSync(`/proc/${pid}/smaps`, "utf8"));
    return { delivered, seconds, times, resident, heap: heapIn(probes) };
  });
}

/** Puts the probe into `dir` as plain JavaScript: to strip types takes a program 10 MB. */
function probeIn(dir: string): string {
  const path = join(dir, "probe.mjs");
  const source = readFileSync(new URL("heap-probe.ts", import.meta.url), "utf8");
  writeFileSync(path, stripTypeScriptTypes(source));
  return path;
}

/** Where the time of each thread of the gateway itself goes. */
async function profiledRun(load: Load, seconds: number): Promise<Taken["shares"]> {
  const dir = tempDir("profile");
  const env = { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${dir}` };
  const [pid, span] = await withGateway(load, env, async ({ child }) => {
    const from = monotonicUs();
    await sleep(seconds * 1000);
    return [child.pid, { from, to: monotonicUs() }] as const;
  });
  const sources = new BundleSources();
  const sharesOf = (thread: number) => sharesFrom(dir, `.${pid}.${thread}.`, span, sources);
  return { main: sharesOf(MAIN_THREAD), buffer: sharesOf(BUFFER_THREAD) };
}

/** The shares in the profile in `dir` whose name has `part` in it; none where there is no such. */
function sharesFrom(
  dir: string,
  part: string,
  span: Span,
  sources: BundleSources,
): ReadonlyMap<Stage, number> {
  const name = readdirSync(dir).find((each) => each.includes(part));
  if (name === undefined) throw new Error(`the gateway left no profile ${part} in ${dir}`);
  const profile = JSON.parse(readFileSync(join(dir, name), "utf8")) as CpuProfile;
  return sharesIn(profile, span, (url, line) => sources.of(url, line));
}

/** On the clock by which V8 stamps samples, which is that of all processes. */
function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
