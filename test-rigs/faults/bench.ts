import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { DoctorJson } from "../../edge/cli/doctor-view.ts";
import { startChild } from "../processes/child.ts";
import { NODE_FLAGS } from "../processes/node-flags.ts";
import { MAIN } from "../processes/program.ts";
import type { Bench, Fault } from "./fault.ts";

/** What came of one fault. */
export type Row = {
  readonly fault: Fault;
  /** All that was found, the worst first. */
  readonly findings: DoctorJson["findings"];
  /** The one that names the cause; undefined where none does. */
  readonly named: DoctorJson["findings"][number] | undefined;
  /** Whether the cause is named, and before anything else. */
  readonly isRight: boolean;
  readonly tookMs: number;
};

/** Brings `fault` about and sees what is found. Rejects where it could not be brought about. */
export async function tryFault(fault: Fault): Promise<Row> {
  const begun = performance.now();
  const { findings } = await onBench(fault.examine);
  const { expected, subject } = fault;
  const isNamed = (each: (typeof findings)[number]) =>
    each.code === expected && (subject === undefined || each.subject === subject);
  const named = findings.find(isNamed);
  const [first] = findings;
  const isRight = first !== undefined && isNamed(first);
  return { fault, findings, named, isRight, tookMs: performance.now() - begun };
}

/** Lets `use` work on a bench of its own, and clears that away. */
export async function onBench<T>(use: (bench: Bench) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-fault-"));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(dir, { recursive: true, force: true }));
  return await use({ dir, defer: (end) => stack.defer(end), doctor: askDoctor });
}

/** Has the real command examine what the configuration in `file` is for. */
function askDoctor(file: string, ...options: readonly string[]): Promise<DoctorJson> {
  return doctorIn({}, file, ...options);
}

/** In which surroundings the doctor looks. */
export type Surroundings = {
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Stands before its command. */
  readonly wrap?: readonly string[];
  /** The program, where it is installed elsewhere. */
  readonly main?: string;
};

/** How long the doctor may take to answer, and to end then, on a machine that does much else. */
const ANSWER_MS = 180_000;
const END_MS = 30_000;

/** The same in other surroundings. */
export async function doctorIn(
  { env = {}, wrap = [], main = MAIN }: Surroundings,
  file: string,
  ...options: readonly string[]
): Promise<DoctorJson> {
  const run = [process.execPath, ...NODE_FLAGS, main, "doctor", "--json", "--config", file];
  const [command = "", ...args] = [...wrap, ...run, ...options];
  const child = startChild(command, args, env);
  const text = await child.waitFor(/^\{"v":1,/, ANSWER_MS);
  // On a machine that does much else Node now and then waits for ever for its own threads instead of
  // ending (nodejs/node#54918).
  const hasEnded = await Promise.race([
    child.exited.then(() => true),
    sleep(END_MS, false, { ref: false }),
  ]);
  if (!hasEnded) {
    console.log("the doctor said all, and did not end");
    await child.end("SIGKILL");
  }
  return JSON.parse(text) as DoctorJson;
}
