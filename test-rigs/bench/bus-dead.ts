import { loadavg } from "node:os";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { type Heard, startLine } from "./paced-line.ts";
import { quantile } from "./usage.ts";

const DEVICES = 30;
const BAUD = 9600;
const REGISTERS = 10;
const EVERY_MS = 2000;
const TIMEOUT_MS = 300;
const DEAD = [0, 1, 5, 10];

/** What happens in this time after the start does not count, in milliseconds. */
const SETTLE_MS = 15_000;

const POLL_LOOP = fileURLToPath(new URL("poll-loop.ts", import.meta.url));

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Prints how often healthy devices are read where others are dead, for `seconds` each. */
export async function printDead(program: string, seconds: number): Promise<void> {
  say(
    `${DEVICES} devices of ${REGISTERS} registers at ${BAUD} baud, to be read every ${EVERY_MS / 1000} s,`,
  );
  say(
    `a time-out of ${TIMEOUT_MS} ms, ${seconds} s each, both at the same time on lines of their own.`,
  );
  say("");
  say(
    "| dead | gateway: period of the healthy, % of the configured: median | 99 % | modbus-serial in a loop: median | 99 % | load |",
  );
  say("|---|---|---|---|---|---|");
  for (const dead of DEAD) {
    const both = await Promise.all(
      [startGateway, startPollLoop].map((start) => watch(start, program, dead, seconds)),
    );
    const shown = both.flatMap((periods) => [quantile(periods, 0.5), quantile(periods, 0.99)]);
    const percents = shown.map((ms) => ((100 * ms) / EVERY_MS).toFixed(1));
    say(`| ${[dead, ...percents, loadavg()[0]?.toFixed(1)].join(" | ")} |`);
  }
}

/** The times between two requests to each healthy device, all of which are answered. */
async function watch(
  start: (path: string) => Promise<Child>,
  program: string,
  dead: number,
  seconds: number,
): Promise<readonly number[]> {
  const line = await startLine(program, BAUD, dead);
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

async function startPollLoop(path: string): Promise<Child> {
  const numbers = [BAUD, DEVICES, REGISTERS, EVERY_MS, TIMEOUT_MS].map(String);
  const child = startChild(process.execPath, [POLL_LOOP, path, ...numbers]);
  await child.waitFor(/^polling/, 60_000);
  return child;
}

async function startGateway(path: string): Promise<Child> {
  const points = Array.from(
    { length: REGISTERS },
    (_, n) => `p${n}: { area: holding, address: ${n}, type: uint16 }`,
  ).join(", ");
  const settings = `kind: modbus-rtu, port: ${path}, baud: ${BAUD}, format: "8E1"`;
  const home = gatewayHome(
    [
      `buses: { line: { ${settings}, timeout: ${TIMEOUT_MS}ms } }`,
      "devices:",
      ...Array.from(
        { length: DEVICES },
        (_, n) =>
          `  d${n}: { bus: line, unit: ${n + 1}, every: ${EVERY_MS}ms, points: { ${points} } }`,
      ),
    ].join("\n"),
    { commit: "1s" },
  );
  return await home.start();
}
