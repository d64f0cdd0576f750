import { loadavg } from "node:os";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startChild } from "../processes/child.ts";
import { startGateway } from "./bus-gateway.ts";
import { type Heard, legalMs, startLine, tooEarly } from "./paced-line.ts";
import { quantile, usageOf } from "./usage.ts";

const REGISTERS = 60;

/** Speeds, and how long a round at each takes, in seconds. */
const SPEEDS = [
  [1200, 20],
  [9600, 6],
  [19_200, 6],
  [115_200, 6],
] as const;

/** So many requests go before those that count. */
const WARM_UP = 3;

const CLIENT = fileURLToPath(new URL("bus-client.ts", import.meta.url));
/** Who reads a line. */
export const CLIENTS = ["gateway", "gateway's driver", "modbus-serial", "libmodbus"] as const;
/** One of them. */
export type ClientName = (typeof CLIENTS)[number];

/** What one of them did on a line for a while. */
export type Round = {
  readonly heard: readonly Heard[];
  readonly cpuUs: number;
  readonly failures: number;
};

/** The compiled C programs of this bench. */
export type Programs = { readonly line: string; readonly libmodbus: string };

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Prints how much of the legal rate each client makes of a line, the clients by turns. */
export async function printRates(programs: Programs, rounds: number): Promise<void> {
  say(
    `Reads of ${REGISTERS} registers, one after the other, 11 bits a character; ${rounds} rounds.`,
  );
  say("");
  say(
    "| baud | client | rate, % of the legal: median | mean | sent too early | failed | CPU µs a read | load |",
  );
  say("|---|---|---|---|---|---|---|---|");
  for (const [baud, seconds] of SPEEDS) {
    const made = new Map<ClientName, Round[]>(CLIENTS.map((who) => [who, []]));
    for (let round = 0; round < rounds; round++) {
      for (const who of CLIENTS) made.get(who)?.push(await oneRound(programs, who, baud, seconds));
    }
    for (const who of CLIENTS) say(rowOf(baud, who, made.get(who) ?? []));
  }
}

/** Has `who` read a line at `baud` for `seconds`. */
export function oneRound(
  programs: Programs,
  who: ClientName,
  baud: number,
  seconds: number,
): Promise<Round> {
  return who === "gateway"
    ? gatewayRound(programs, baud, seconds)
    : clientRound(programs, who, baud, seconds);
}

/** The whole gateway on a line that cannot carry what it is to read: always a device is due. */
async function gatewayRound(programs: Programs, baud: number, seconds: number): Promise<Round> {
  const line = await startLine(programs.line, baud);
  const reads = { devices: 10, registers: REGISTERS, everyMs: 100, timeoutMs: 3000 };
  const child = await startGateway({ path: line.path, baud, ...reads });
  // Its grace is waited for before the first read: an answer to an earlier program may come.
  while (line.heard().length <= WARM_UP) await sleep(10);
  const before = usageOf(child.pid);
  const from = line.heard().length;
  await sleep(seconds * 1000);
  const cpuMs = usageOf(child.pid).cpuMs - before.cpuMs;
  const heard = line.heard().slice(from);
  await child.end("SIGTERM");
  await line.end();
  return { heard, failures: 0, cpuUs: (cpuMs * 1000) / heard.length };
}

async function clientRound(
  programs: Programs,
  who: ClientName,
  baud: number,
  seconds: number,
): Promise<Round> {
  const line = await startLine(programs.line, baud);
  const numbers = [baud, REGISTERS, seconds].map(String);
  const client =
    who === "libmodbus"
      ? startChild(programs.libmodbus, [line.path, ...numbers])
      : startChild(process.execPath, [CLIENT, who, line.path, ...numbers]);
  const result = await client.waitFor(/^\{/, (seconds + 60) * 1000);
  const { transactions, failures, cpuMs } = JSON.parse(result) as Record<string, number>;
  await client.exited;
  await line.end();
  const heard = line.heard().slice(WARM_UP);
  return { heard, failures: failures ?? 0, cpuUs: ((cpuMs ?? 0) * 1000) / (transactions ?? 0) };
}

/** The times from request to request of `rounds`, as % of the rate that is legal at `baud`. */
export function ratesOf(baud: number, rounds: readonly Round[]): Record<"median" | "mean", number> {
  const periods = rounds.flatMap(({ heard }) =>
    heard.slice(1).map(({ atMs }, index) => atMs - (heard[index] as Heard).atMs),
  );
  const percent = (ms: number) => (100 * legalMs(baud, REGISTERS)) / ms;
  const mean = periods.reduce((sum, ms) => sum + ms, 0) / periods.length;
  return { median: percent(quantile(periods, 0.5)), mean: percent(mean) };
}

function rowOf(baud: number, who: ClientName, rounds: readonly Round[]): string {
  const { median, mean } = ratesOf(baud, rounds);
  const early = rounds.reduce((sum, { heard }) => sum + tooEarly(heard, baud), 0);
  const sent = rounds.reduce((sum, { heard }) => sum + heard.length, 0);
  const failed = rounds.reduce((sum, { failures }) => sum + failures, 0);
  const cpuUs = quantile(
    rounds.map((round) => round.cpuUs),
    0.5,
  );
  const shown = [baud, who, median.toFixed(1), mean.toFixed(1), `${early} of ${sent}`];
  return `| ${[...shown, failed, cpuUs.toFixed(0), loadavg()[0]?.toFixed(1)].join(" | ")} |`;
}
