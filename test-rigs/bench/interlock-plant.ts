import { monitorEventLoopDelay } from "node:perf_hooks";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { type OutputModule, openOutputModule } from "../plant/output-module.ts";

/**
 * A process of its own that serves three output modules and prints their ports as JSON:
 * `node interlock-plant.ts ROUNDS SETTLE_S`. After SETTLE_S seconds it has gas ROUNDS times on the
 * first, whose own coil is to follow, and as often on the second, for which the third's is to. Of
 * each round it prints a line of JSON: when the answer that shows it was sent, and when the write
 * came, in milliseconds of CLOCK_MONOTONIC, which is one for all processes; and in the end how late
 * its own event loop was, which says how much else the machine does.
 */
const [rounds = 100, settleS = 20] = process.argv.slice(2).map(Number);
/** The gateway polls ten times a second. */
const POLL_MS = 100;
const GAS = 60;

const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;
/** From the clock of `performance.now()`. */
const offsetMs = monotonicMs() - performance.now();

const [same, sensing, acting] = (await Promise.all([
  openOutputModule(),
  openOutputModule(),
  openOutputModule(),
])) as [OutputModule, OutputModule, OutputModule];
process.stdout.write(`${JSON.stringify([same.port, sensing.port, acting.port])}\n`);
await sleep(settleS * 1000);
// This process does next to nothing: what holds it up holds up everything on the machine.
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
for (let round = 0; round < rounds; round++) {
  await measure("same", same, same);
  await measure("other", sensing, acting);
}
const delayMs = [50, 90, 99, 100].map((part) => delay.percentile(part) / 1e6);
process.stdout.write(`delay ${JSON.stringify(delayMs)}\n`);
process.stdout.write("over\n");

/** Raises `gas` at some moment between two polls, and waits until `valve` has shut and opened. */
async function measure(path: string, gas: OutputModule, valve: OutputModule): Promise<void> {
  await sleep(2 * POLL_MS + Math.random() * POLL_MS);
  const before = valve.writes.length;
  const shown = Promise.withResolvers<number>();
  gas.onAnswer = (_, [level], atMs) => {
    if (level === GAS) shown.resolve(atMs);
  };
  gas.registers[0] = GAS;
  const answeredMs = await shown.promise;
  gas.onAnswer = null;
  await holds(() => valve.coils[0] === true);
  const writtenMs = valve.writes[before]?.atMs ?? Number.NaN;
  gas.registers[0] = 0;
  await holds(() => valve.coils[0] === false);
  const told = { path, answeredMs: answeredMs + offsetMs, writtenMs: writtenMs + offsetMs };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

async function holds(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}
