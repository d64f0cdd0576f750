import { execFileSync } from "node:child_process";
import process from "node:process";
import { endedChildrenMs } from "../usage.ts";
import { installed, type Load, preparedGateway } from "./peers.ts";
import type { Effort, Section } from "./section.ts";

const LOAD: Load = { devices: 1, registers: 100, everyMs: 1000 };

type Called = { readonly ms: number; readonly cpuMs: number };

/** What a call of the command line takes, beside Node with nothing to do. */
export async function cliSection({ isQuick, runs, tell }: Effort): Promise<Section> {
  const program = await installed();
  const brokers = [{ port: 1, url: "mqtt://127.0.0.1:1" }];
  const job = { load: LOAD, ports: [1], brokers, tells: "readings" } as const;
  const { config } = await preparedGateway(job);
  const times = isQuick ? 5 : 20;
  const calls: readonly (readonly [string, string, readonly string[]])[] = [
    ["Node that does nothing", process.execPath, ["-e", "0"]],
    ["lifeline --version", program, ["--version"]],
    ["lifeline decode", program, ["decode", "modbus-rtu", "01 03 00 00 00 0A C5 CD"]],
    ["lifeline check, 100 points", program, ["check", "--config", config]],
  ];
  const all: Called[][] = calls.map(() => []);
  for (let run = 1; run <= runs; run++) {
    tell(`command line, run ${run} of ${runs}`);
    for (const [at, [, command, args]] of calls.entries()) {
      all[at]?.push(called(command, args, times));
    }
  }
  return {
    title: "Command line",
    text: `A call from its start to its end, the mean of ${times} in a row each run.`,
    columns: calls.map(([name]) => name),
    rows: [
      { name: "ms", digits: 0, cells: all.map((each) => each.map(({ ms }) => ms)), isDrawn: true },
      { name: "CPU, ms", digits: 0, cells: all.map((each) => each.map(({ cpuMs }) => cpuMs)) },
    ],
  };
}

function called(command: string, args: readonly string[], times: number): Called {
  const [from, cpu] = [performance.now(), endedChildrenMs(process.pid)];
  for (let n = 0; n < times; n++) execFileSync(command, args, { stdio: "ignore" });
  return {
    ms: (performance.now() - from) / times,
    cpuMs: (endedChildrenMs(process.pid) - cpu) / times,
  };
}
