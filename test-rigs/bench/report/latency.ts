import { setTimeout as sleep } from "node:timers/promises";
import { modbusDevice } from "../../plant/modbus-device.ts";
import { openModbusTcp } from "../../plant/modbus-server.ts";
import type { Child } from "../../processes/child.ts";
import { quantile } from "../usage.ts";
import { BARE, type Load, PEERS, runs, whyNot } from "./peers.ts";
import { Receiver } from "./receiver.ts";
import { type Cell, type Effort, quantiles, type Section } from "./section.ts";

const LOAD: Load = { devices: 10, registers: 1, everyMs: 100 };
const SETTLE_MS = 3000;
/** Until every alarm of a round has come, and until all have gone again. */
const [HELD_MS, GONE_MS] = [400, 250];

type Timed = { readonly child: Child; readonly receiver: Receiver; readonly ms: number[] };

/**
 * From the change of a register to its alarm at a subscriber, polled every 100 ms. All peers read
 * the same devices at the same time, so that each change is timed on all of them.
 */
export async function latencySection({ isQuick, runs: count, tell }: Effort): Promise<Section> {
  const all: (number[][] | string)[] = PEERS.map(() => []);
  for (let run = 1; run <= count; run++) {
    tell(`alarm latency, run ${run} of ${count}`);
    await oneRun(isQuick ? 20 : 60, all);
  }
  const cells = (part: number): readonly Cell[] =>
    all.map((each) => (typeof each === "string" ? each : quantiles(each, part)));
  const timed = all.map(
    (each): Cell =>
      typeof each === "string" ? each : [each.reduce((sum, { length }) => sum + length, 0)],
  );
  const promise = "register change to alarm, beside bare modbus-serial + mqtt.js";
  return {
    title: "Alarm latency",
    text: "From the change of a register to the alarm at a subscriber of the broker, in ms, with 10 devices polled every 100 ms, all columns on the same devices at the same time. On average half a period goes by before a change can be seen.",
    columns: PEERS.map(({ name }) => name),
    rows: [
      { name: "50 %, ms", digits: 1, cells: cells(0.5), isDrawn: true },
      { name: "99 %, ms", digits: 1, cells: cells(0.99), isDrawn: true },
      { name: "alarms timed", digits: 0, cells: timed },
    ],
    bars: [
      {
        ...{ promise: `${promise}: 50 %`, sense: "at most", limit: 1.1, unit: "times" },
        ...{ digits: 2, values: ratios(all, 0.5) },
      },
      {
        ...{ promise: `${promise}: 99 %`, sense: "at most", limit: 1.25, unit: "times" },
        ...{ digits: 2, values: ratios(all, 0.99) },
      },
    ],
  };
}

/** The gateway's quantile as a multiple of the bare libraries', run by run. */
function ratios(all: readonly (readonly number[][] | string)[], part: number): readonly number[] {
  const [ours, bare] = [all[0], all[BARE]];
  if (typeof ours !== "object" || typeof bare !== "object") return [];
  return ours.map((values, run) => quantile(values, part) / quantile(bare[run] ?? [], part));
}

async function oneRun(rounds: number, all: (number[][] | string)[]): Promise<void> {
  const changedAt = new Map<number, number>();
  const plants = await Promise.all(
    Array.from({ length: LOAD.devices }, (_, n) => {
      const valueAt = () => (changedAt.has(n) ? 1000 : 0);
      const signal = { area: "holding", address: 0, type: "int16", valueAt } as const;
      return openModbusTcp({ devices: [modbusDevice(1, [signal])] });
    }),
  );
  const ports = plants.map(({ port }) => port);
  const timed: Timed[] = [];
  for (const [at, peer] of PEERS.entries()) {
    const own = all[at];
    if (typeof own !== "object") continue;
    const receiver = await Receiver.open();
    try {
      const brokers = [receiver.broker];
      const child = await (await peer.prepare({ load: LOAD, ports, brokers, tells: "alarms" }))();
      await runs(child);
      const ms: number[] = [];
      own.push(ms);
      timed.push({ child, receiver, ms });
      receiver.onAlarm = (device) => {
        const since = changedAt.get(device);
        if (since !== undefined) ms.push(performance.now() - since);
      };
    } catch (error) {
      all[at] = whyNot(error);
      await receiver.close();
    }
  }
  await sleep(SETTLE_MS);
  for (let round = 0; round < rounds; round++) {
    for (let n = 0; n < LOAD.devices; n++) {
      await sleep(Math.random() * 20);
      changedAt.set(n, performance.now());
    }
    await sleep(HELD_MS);
    changedAt.clear();
    await sleep(GONE_MS);
  }
  for (const { child, receiver } of timed) {
    await child.end("SIGTERM");
    await receiver.close();
  }
  for (const plant of plants) await plant.close();
}
