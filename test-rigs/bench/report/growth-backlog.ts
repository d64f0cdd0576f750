import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Reading } from "../../../edge/core/reading.ts";
import type { UptimeMs, WallMs } from "../../../edge/core/time.ts";
import type { Child } from "../../processes/child.ts";
import { freePort } from "../../processes/mosquitto.ts";
import { fill } from "../bench-buffer.ts";
import { usageOf } from "../usage.ts";
import { type Load, type PreparedGateway, preparedGateway, runs, START_MS } from "./peers.ts";
import { Receiver } from "./receiver.ts";
import { startPlant } from "./started.ts";
import { statusCpuMs } from "./status-cost.ts";

/** What is stored: a message of ten points twice, each half a minute. */
const MESSAGE_S = 30;
const POINTS = Array.from({ length: 10 }, (_, n) => `d0.p${n}`);
const TIMES = 2;
const LOAD: Load = { devices: 1, registers: POINTS.length, everyMs: 1000 };
/** The longest that is waited for the backlog, in milliseconds. */
const DRAIN_MS = 600_000;

/** What a backlog of a length costs. */
export type BacklogCosts = {
  readonly startMs: number;
  readonly statusMs: number;
  readonly rssMib: number;
  /** Processor time of the gateway, in microseconds a reading delivered. */
  readonly drainUs: number;
};

/**
 * Starts a gateway with a backlog of `hours`, its broker away; then lets the broker come back and
 * takes what is owed, `most` messages at most.
 */
export async function backlogCosts(hours: number, most: number): Promise<BacklogCosts> {
  const count = (hours * 3600) / MESSAGE_S;
  const [plant, ports] = await startPlant(LOAD);
  const port = await freePort();
  const brokers = [{ port, url: `mqtt://127.0.0.1:${port}` }];
  const gateway = await preparedGateway({ load: LOAD, ports, brokers, tells: "readings" });
  await fillBacklog(gateway, count);
  const from = performance.now();
  const child = gateway.start();
  try {
    await runs(child);
    const startMs = performance.now() - from;
    await sleep(1000);
    const status = await statusCpuMs(child, gateway);
    const drained = await drain(child, port, Math.min(count, most));
    return { startMs, statusMs: status, ...drained };
  } finally {
    await child.end("SIGTERM");
    await plant.end("SIGTERM");
  }
}

async function fillBacklog({ dir }: PreparedGateway, count: number): Promise<void> {
  const begin = Date.now() - count * MESSAGE_S * 1000;
  const buffer = join(dir, "buffer");
  mkdirSync(buffer, { recursive: true });
  const readingsOf = (n: number) => readingsAt(n, begin + n * MESSAGE_S * 1000);
  const who = { gateway: "gw-test", destinations: ["centre-0"] };
  await fill(buffer, count, "m", readingsOf, who);
}

function readingsAt(n: number, at: number): readonly Reading[] {
  return Array.from({ length: TIMES }, (_, k) => k).flatMap((k) =>
    POINTS.map((point, p) => ({
      point,
      value: Math.round(1000 * Math.sin(n / 60 + p)) / 10,
      quality: "good",
      at: (at + (k * MESSAGE_S * 1000) / TIMES) as WallMs,
      uptime: 0 as UptimeMs,
    })),
  );
}

async function drain(child: Child, port: number, count: number) {
  const before = usageOf(child.pid).cpuMs;
  const receiver = await Receiver.open(port);
  const giveUp = performance.now() + START_MS + DRAIN_MS;
  while (receiver.backlog < count) {
    if (performance.now() > giveUp) throw new Error(`${receiver.backlog} of ${count} came`);
    await sleep(5);
  }
  const { cpuMs, rssMib } = usageOf(child.pid);
  const readings = receiver.backlog * POINTS.length * TIMES;
  await receiver.close();
  return { drainUs: ((cpuMs - before) * 1000) / readings, rssMib };
}
