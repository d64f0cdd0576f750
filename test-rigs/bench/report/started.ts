import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "../../processes/child.ts";
import { usageOf } from "../usage.ts";
import { type Job, type Load, type Peer, START_MS } from "./peers.ts";
import { Receiver } from "./receiver.ts";

const PLANT = fileURLToPath(new URL("../plant.ts", import.meta.url));

/** A peer that reads a plant of its own and sends to a broker of its own. */
export type Started = {
  readonly child: Child;
  readonly receiver: Receiver;
  /** From the start to the first reading that a subscriber had, in milliseconds. */
  readonly firstMs: number;
  /** Processor time until then. */
  readonly firstCpuMs: number;
  end(): Promise<void>;
};

/** Starts a process with the devices of `load`; returns it and their ports. */
export async function startPlant({ devices, registers }: Load): Promise<[Child, number[]]> {
  const plant = startChild(process.execPath, [PLANT, `${devices}`, `${registers}`]);
  return [plant, JSON.parse(await plant.waitFor(/^\[/, START_MS)) as number[]];
}

/** Starts `peer` on `load` and waits for its first reading. */
export async function startOn(
  { name, prepare }: Peer,
  load: Load,
  destinations = 1,
): Promise<Started> {
  const [plant, ports] = await startPlant(load);
  const receivers = await Promise.all(Array.from({ length: destinations }, () => Receiver.open()));
  const receiver = receivers[0] as Receiver;
  const brokers = receivers.map(({ broker }) => broker);
  const end = async () => {
    await plant.end("SIGTERM");
    for (const each of receivers) await each.close();
  };
  try {
    const start = await prepare({ load, ports, brokers, tells: "readings" } satisfies Job);
    const from = performance.now();
    const child = await start();
    const firstMs = (await firstOf(receiver, child, name)) - from;
    return {
      child,
      receiver,
      firstMs,
      firstCpuMs: usageOf(child.pid).cpuMs,
      end: async () => {
        await child.end("SIGTERM");
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Waits until the first reading has come; when that was. */
export async function firstOf(receiver: Receiver, child: Child, name: string): Promise<number> {
  const giveUp = performance.now() + START_MS;
  while (receiver.firstAt === null) {
    if (performance.now() > giveUp) {
      await child.end("SIGKILL");
      throw new Error(`${name} sent no reading: ${child.lines.slice(-5).join("; ")}`);
    }
    await sleep(2);
  }
  return receiver.firstAt;
}

/** What a peer did and took in a while. */
export type Figures = {
  /** Readings that came in a second, and those that did not but were due, in % of what was due. */
  readonly delivered: number;
  readonly missingPercent: number;
  readonly cpuPercent: number;
  readonly rssMb: number;
  readonly perCpuSecond: number;
  /** Bytes that it caused to be written to the disk, a reading. */
  readonly writtenBytes: number;
};

/** Watches a started peer for `seconds`. */
export async function watch({ child, receiver }: Started, load: Load, seconds: number) {
  const { tally } = receiver;
  tally.clear();
  const before = usageOf(child.pid);
  const from = performance.now();
  await sleep(seconds * 1000);
  const after = usageOf(child.pid);
  const ms = performance.now() - from;
  const missing = tally.missing(load.everyMs);
  const perSecond = tally.perSecond();
  const cpuMs = after.cpuMs - before.cpuMs;
  return {
    delivered: perSecond,
    missingPercent: (100 * missing) / (missing + tally.readings),
    cpuPercent: (100 * cpuMs) / ms,
    rssMb: after.rssMb,
    perCpuSecond: (perSecond * ms) / cpuMs,
    writtenBytes: (after.writtenBytes - before.writtenBytes) / ((perSecond * ms) / 1000),
  } satisfies Figures;
}
