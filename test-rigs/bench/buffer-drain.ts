import { mkdirSync } from "node:fs";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { connectAsync, type MqttClient } from "mqtt";
import { type Child, startChild, tempDir } from "../processes/child.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { NODE_FLAGS } from "../processes/node-flags.ts";
import { fillBuffer } from "./drain-store.ts";
import { quantile, usageOf } from "./usage.ts";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Messages of a day, one a second. */
const DAY = 86_400;
/** Readings of a message. */
export const READINGS = 1000;
/** The longest that a drain may take, in milliseconds. */
const MAX_MS = 3_600_000;

/** What a drain took, and what became of the live messages beside it. */
export type Drained = {
  readonly messages: number;
  readonly ms: number;
  readonly cpuPercent: number;
  readonly rssMib: number;
  /** From stored to the subscriber, in milliseconds. */
  readonly idle: readonly number[];
  readonly during: readonly number[];
  /** Of its main thread, 99 % and the most, in milliseconds: late for what was due, and busy. */
  readonly stalls: readonly string[];
  /** Messages that came a second time, and that never came. */
  readonly repeated: number;
  readonly missing: number;
};

/** A subscriber that notes when the message of each seq came first, by topic. */
class Centre {
  readonly backlog = new Map<number, number>();
  readonly live = new Map<number, number>();
  repeated = 0;

  constructor(client: MqttClient) {
    client.on("message", (topic, payload) => {
      // No more than the seq: who looks at all of it takes the processor from who is measured.
      const seq = Number(/"seq":(\d+)/.exec(payload.toString("latin1", 0, 200))?.[1]);
      const seen = topic.endsWith("backlog") ? this.backlog : this.live;
      if (seen.has(seq)) this.repeated++;
      else seen.set(seq, performance.timeOrigin + performance.now());
    });
  }

  /** How long each live message took that `child` told of and that was stored within the times. */
  latencies({ lines }: Child, from: number, to: number): readonly number[] {
    return lines.flatMap((line) => {
      const [, seq, at] = /^live (\d+) ([\d.]+)$/.exec(line) ?? [];
      const came = this.live.get(Number(seq));
      const stored = Number(at);
      return came === undefined || stored < from || stored > to ? [] : [came - stored];
    });
  }
}

const now = () => performance.timeOrigin + performance.now();

/** Drains `count` messages from what `start` starts over a broker, and then watches it idle. */
async function drain(
  count: number,
  topics: readonly string[],
  idleMs: number,
  start: (url: string) => Child,
): Promise<Drained> {
  const broker = await startMosquitto();
  const client = await connectAsync(broker.url, { clientId: "centre" });
  const centre = new Centre(client);
  await client.subscribeAsync([...topics], { qos: 1 });
  const child = start(broker.url);
  await child.waitFor(/^runs$/, 60_000);
  const begun = now();
  const before = usageOf(child.pid);
  while (centre.backlog.size < count && now() < begun + MAX_MS) await sleep(20);
  const done = now();
  const after = usageOf(child.pid);
  const stalls = child.lines.findLast((line) => line.startsWith("stalls ")) ?? "stalls";
  await sleep(idleMs + 3000);
  const idle = centre.latencies(child, done + 2000, done + 2000 + idleMs);
  const during = centre.latencies(child, begun, done);
  await child.end("SIGKILL");
  await client.endAsync(true);
  await broker.kill();
  const ms = done - begun;
  return {
    messages: count,
    ms,
    cpuPercent: ((after.cpuMs - before.cpuMs) * 100) / ms,
    rssMib: after.rssMib,
    idle,
    during,
    stalls: stalls.split(" ").slice(1),
    repeated: centre.repeated,
    missing: count - centre.backlog.size,
  };
}

/** The gateway's own recorder, ledger and forwarder, started with `flags`. */
export async function gatewayDrain(count: number, flags: readonly string[], idleMs: number) {
  const dir = tempDir("drain");
  await fillBuffer(dir, count);
  return await drain(count, ["lifeline/v1/+/readings", "lifeline/v1/+/backlog"], idleMs, (url) =>
    startChild(process.execPath, [...flags, here("drain-gateway.ts"), url, dir]),
  );
}

/** A row a reading, and a publisher that takes one message after the other. */
export async function naiveDrain(count: number, idleMs: number) {
  const dir = tempDir("drain");
  mkdirSync(dir, { recursive: true });
  const naive = here("drain-naive.ts");
  await startChild(process.execPath, [naive, "fill", dir, `${count}`]).exited;
  return await drain(count, ["naive/readings", "naive/backlog"], idleMs, (url) =>
    startChild(process.execPath, [naive, "drain", dir, url]),
  );
}

const minutes = (ms: number) => (ms / 60_000).toFixed(1);
const pair = (values: readonly number[]) =>
  [0.5, 0.99].map((part) => quantile(values, part).toFixed(1)).join(" / ");

const words = (all: readonly string[], from: number) =>
  all.slice(from, from + 2).join(" / ") || "not counted";

/** The rows of the table: the name of a figure and what it is of each drain. */
const ROWS: readonly (readonly [string, (drained: Drained) => string])[] = [
  ["messages drained", ({ messages, missing }) => `${messages - missing} of ${messages}`],
  ["messages a second", ({ messages, ms }) => ((messages * 1000) / ms).toFixed(0)],
  ["readings a second", ({ messages, ms }) => ((messages * READINGS * 1000) / ms).toFixed(0)],
  ["a day of 1,000 readings/s, minutes", ({ messages, ms }) => minutes((ms / messages) * DAY)],
  ["CPU, % of one core", ({ cpuPercent }) => cpuPercent.toFixed(0)],
  [
    "CPU, ms a message",
    ({ cpuPercent, ms, messages }) => {
      return ((cpuPercent * ms) / 100 / messages).toFixed(2);
    },
  ],
  ["RSS, MiB", ({ rssMib }) => rssMib.toFixed(0)],
  ["live, stored to centre, idle, ms, 50 / 99 %", ({ idle }) => pair(idle)],
  ["the same during the drain", ({ during }) => pair(during)],
  ["main thread late during the drain, ms, 99 % / most", ({ stalls }) => words(stalls, 0)],
  ["main thread busy at a stretch, CPU ms, 99 % / most", ({ stalls }) => words(stalls, 2)],
  ["live messages timed", ({ idle, during }) => `${idle.length} and ${during.length}`],
  ["repeated", ({ repeated }) => `${repeated}`],
];

/** A drain by the name under which it is shown. */
type DrainRun = readonly [name: string, drained: Drained];

/**
 * Drains of the gateway with its flags and with the one for memory, and of the naive publisher.
 * `fullDay` really drains 86,400 messages, the gateway alone.
 */
export async function drainRuns(quick: boolean, fullDay: boolean): Promise<readonly DrainRun[]> {
  const count = quick ? 2_000 : 10_000;
  const idleMs = quick ? 10_000 : 30_000;
  if (fullDay) return [["gateway, a whole day", await gatewayDrain(DAY, NODE_FLAGS, idleMs)]];
  const small = [...NODE_FLAGS, "--optimize-for-size"];
  return [
    ["gateway", await gatewayDrain(count, NODE_FLAGS, idleMs)],
    ["with --optimize-for-size", await gatewayDrain(count, small, idleMs)],
    ["row a reading, naive mqtt.js", await naiveDrain(count, idleMs)],
  ];
}

/** The figures of `runs`, by their names. */
export function drainFigures(
  runs: readonly DrainRun[],
): readonly Readonly<Record<string, string>>[] {
  return runs.map(([drain, drained]) => ({
    drain,
    ...Object.fromEntries(ROWS.map(([name, show]) => [name, show(drained)])),
  }));
}

/** The table of `runs`, line by line. */
export function drainTable(runs: readonly DrainRun[]): readonly string[] {
  return [
    `| drain beside 1,000 live readings/s | ${runs.map(([name]) => name).join(" | ")} |`,
    `|---${"|---".repeat(runs.length)}|`,
    ...ROWS.map(([name, show]) => {
      return `| ${name} | ${runs.map(([, drained]) => show(drained)).join(" | ")} |`;
    }),
  ];
}

/**
 * `npm run bench -- drain`: a backlog delivered over mosquitto while live readings go on, by the
 * gateway and by a naive publisher; a whole day's where `isFullDay`. Needs Debian's mosquitto.
 */
export async function printDrain(quick: boolean, isFullDay: boolean): Promise<void> {
  const runs = await drainRuns(quick, isFullDay);
  for (const line of drainTable(runs)) process.stdout.write(`${line}\n`);
}
