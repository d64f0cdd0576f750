import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "../../processes/child.ts";
import { usageOf } from "../usage.ts";
import { type Job, type Load, type Peer, START_MS } from "./peers.ts";
import { Receiver } from "./receiver.ts";
import { missingShare } from "./tally.ts";

const PLANT = fileURLToPath(new URL("../plant.ts", import.meta.url));

/** A peer that reads a plant of its own and sends to a broker of its own. */
export type Started = {
  readonly child: Child;
  /** Of the first of its destinations. */
  readonly receiver: Receiver;
  /** Of all of them. */
  readonly receivers: readonly Receiver[];
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
      receivers,
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
  /** Readings that came in a second, of those that were due. */
  readonly delivered: number;
  /** Those that did not come, in % of what was due; of several destinations at the worst. */
  readonly missingPercent: number;
  readonly cpuPercent: number;
  readonly rssMib: number;
  readonly perCpuSecond: number;
  /** Bytes that it caused to be written to the disk, a reading. */
  readonly writtenBytes: number;
};

/** Watches a started peer for `seconds`. */
export async function watch({ child, receivers }: Started, load: Load, seconds: number) {
  for (const { tally } of receivers) tally.clear();
  const before = usageOf(child.pid);
  const from = performance.now();
  await sleep(seconds * 1000);
  const after = usageOf(child.pid);
  const ms = performance.now() - from;
  const points = load.devices * load.registers;
  const to = performance.now();
  const missing = Math.max(
    ...receivers.map(({ tally, lastAt }) => {
      return missingShare(tally, points, load.everyMs, to - Math.max(from, lastAt ?? from));
    }),
  );
  const offered = (points * 1000) / load.everyMs;
  const delivered = offered * (1 - missing);
  const cpuMs = after.cpuMs - before.cpuMs;
  return {
    delivered,
    missingPercent: 100 * missing,
    cpuPercent: (100 * cpuMs) / ms,
    rssMib: after.rssMib,
    perCpuSecond: (delivered * ms) / cpuMs,
    writtenBytes: (after.writtenBytes - before.writtenBytes) / ((delivered * ms) / 1000),
  } satisfies Figures;
}
