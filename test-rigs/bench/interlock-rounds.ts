import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "../processes/child.ts";
import { quantile } from "./usage.ts";

/** What is polled beside: 1,000 points a second, as on a large site. */
export const LOAD = { devices: 10, registers: 100, everyMs: 1000 };
/** From the start of the plant to the first round, in seconds. */
const SETTLE_S = 20;
/** The most that one round may take, in milliseconds. */
const ROUND_MS = 5000;

/** One rise of the gas, in milliseconds of `monotonicMs`; `path` says whose output follows it. */
export type Round = {
  readonly path: "same" | "other";
  readonly answeredMs: number;
  readonly writtenMs: number;
};

/** What the rounds are measured on. */
export type Rounds = {
  /** Ports of the three output modules, and of the devices that are polled beside. */
  readonly ports: readonly number[];
  readonly loadPorts: readonly number[];
  /** Resolves with what was measured; rejects where a write does not come. */
  over(): Promise<readonly Round[]>;
  /** How late a process was that is idle beside: 50 %, 90 %, 99 % and most, in milliseconds. */
  delays(): readonly number[];
  end(): Promise<void>;
};

/** The clock of the rounds: CLOCK_MONOTONIC, in milliseconds. */
export const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const portsOf = async (child: Child) =>
  JSON.parse(await child.waitFor(/^\[/, 20_000)) as readonly number[];

/** Starts the devices; `rounds` begin by themselves a while later. */
export async function startRounds(rounds: number): Promise<Rounds> {
  const { devices, registers } = LOAD;
  const load = startChild(process.execPath, [here("plant.ts"), `${devices}`, `${registers}`]);
  const loadPorts = await portsOf(load);
  const own = [here("interlock-plant.ts"), `${rounds}`, `${SETTLE_S}`];
  const plant = startChild(process.execPath, own);
  return {
    loadPorts,
    ports: await portsOf(plant),
    async over() {
      await plant.waitFor(/^over$/, SETTLE_S * 1000 + rounds * ROUND_MS);
      const told = plant.lines.filter((line) => line.startsWith("{"));
      return told.map((line) => JSON.parse(line) as Round);
    },
    delays() {
      const told = plant.lines.findLast((line) => line.startsWith("delay ")) ?? "delay []";
      return JSON.parse(told.slice(6)) as number[];
    },
    async end() {
      for (const each of [plant, load]) await each.end("SIGTERM");
    },
  };
}

/** From the answers of the rounds of `path` to when each was heard of, in milliseconds. */
export function untilHeard(
  measured: readonly Round[],
  path: Round["path"],
  heard: readonly number[],
): readonly number[] {
  const own = measured.filter((round) => round.path === path);
  return own.flatMap(({ answeredMs }, n) => (heard[n] ?? Number.NaN) - answeredMs);
}

/** A row of the table. */
export function rowOf(name: string, values: readonly number[]): string {
  const shown = [0.5, 0.9, 0.99].map((part) => quantile(values, part));
  shown.push(Math.max(...values));
  return `| ${[name, ...shown.map((ms) => ms.toFixed(1)), values.length].join(" | ")} |`;
}
