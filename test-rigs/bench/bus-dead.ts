import { loadavg } from "node:os";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "../processes/child.ts";
import { startGateway } from "./bus-gateway.ts";
import { type Heard, startLine } from "./paced-line.ts";
import { quantile } from "./usage.ts";

/** The line, and how it is read. */
export const LINE = { devices: 30, baud: 9600, registers: 10, everyMs: 2000, timeoutMs: 300 };
/** So many of its devices are dead, one after the other. */
export const DEAD = [0, 1, 5, 10] as const;

/** What happens in this time after the start does not count, in milliseconds. */
const SETTLE_MS = 15_000;

const POLL_LOOP = fileURLToPath(new URL("poll-loop.ts", import.meta.url));

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Prints how often healthy devices are read where others are dead, for `seconds` each. */
export async function printDead(program: string, seconds: number): Promise<void> {
  say(
    `${LINE.devices} devices of ${LINE.registers} registers at ${LINE.baud} baud, to be read every ${LINE.everyMs / 1000} s,`,
  );
  say(
    `a time-out of ${LINE.timeoutMs} ms, ${seconds} s each, both at the same time on lines of their own.`,
  );
  say("");
  say(
    "| dead | gateway: period of the healthy, % of the configured: median | 99 % | modbus-serial in a loop: median | 99 % | load |",
  );
  say("|---|---|---|---|---|---|");
  for (const dead of DEAD) {
    const both = await healthyPeriods(program, dead, seconds);
    const shown = both.flatMap((periods) => [quantile(periods, 0.5), quantile(periods, 0.99)]);
    const percents = shown.map((share) => (100 * share).toFixed(1));
    say(`| ${[dead, ...percents, loadavg()[0]?.toFixed(1)].join(" | ")} |`);
  }
}

/**
 * The times between two requests to each healthy device, as shares of the configured period: of the
 * gateway and of a loop with modbus-serial, at the same time on lines of their own.
 */
export async function healthyPeriods(
  program: string,
  dead: number,
  seconds: number,
): Promise<readonly (readonly number[])[]> {
  const both = await Promise.all(
    [startOurs, startPollLoop].map((start) => watch(start, program, dead, seconds)),
  );
  return both.map((periods) => periods.map((ms) => ms / LINE.everyMs));
}

/** The times between two requests to each healthy device, all of which are answered. */
async function watch(
  start: (path: string) => Promise<Child>,
  program: string,
  dead: number,
  seconds: number,
): Promise<readonly number[]> {
  const line = await startLine(program, LINE.baud, dead);
  const client = await start(line.path);
  await sleep(SETTLE_MS);
  const before = line.heard().at(-1)?.atMs ?? 0;
  await sleep(seconds * 1000);
  const heard = line.heard().filter(({ unit, atMs }) => unit > dead && atMs > before);
  await client.end("SIGTERM");
  await line.end();
  const lastAt = new Map<number, number>();
  return heard.flatMap(({ unit, atMs }: Heard) => {
    const last = lastAt.get(unit);
    lastAt.set(unit, atMs);
    return last === undefined ? [] : [atMs - last];
  });
}

function startOurs(path: string): Promise<Child> {
  return startGateway({ ...LINE, path });
}

async function startPollLoop(path: string): Promise<Child> {
  const { baud, devices, registers, everyMs, timeoutMs } = LINE;
  const numbers = [baud, devices, registers, everyMs, timeoutMs].map(String);
  const child = startChild(process.execPath, [POLL_LOOP, path, ...numbers]);
  await child.waitFor(/^polling/, 60_000);
  return child;
}
