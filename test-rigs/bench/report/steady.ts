import { setTimeout as sleep } from "node:timers/promises";
import { type Load, PEERS, whyNot } from "./peers.ts";
import { byTurns, cellsOf, gatewayValues } from "./runs.ts";
import type { Effort, Section } from "./section.ts";
import { type Figures, type Started, startOn, watch } from "./started.ts";

const STEADY: Load = { devices: 10, registers: 100, everyMs: 1000 };
const MOST: Load = { devices: 10, registers: 1250, everyMs: 100 };

/** What a program does in this time after its start does not count, in milliseconds. */
const WARM_MS = 5000;

const PEER_COLUMNS = PEERS.map(({ name }) => name);

/** 1,000 points a second, all peers at the same time: what else the machine does hits them alike. */
export async function steadySection({ isQuick, runs, tell }: Effort): Promise<Section> {
  const seconds = isQuick ? 15 : 60;
  const all: (Figures[] | string)[] = PEERS.map(() => []);
  for (let run = 1; run <= runs; run++) {
    tell(`steady load, run ${run} of ${runs}`);
    const started = new Map<number, Started>();
    for (const [at, peer] of PEERS.entries()) {
      if (typeof all[at] === "string") continue;
      await startOn(peer, STEADY).then(
        (each) => started.set(at, each),
        (error: unknown) => {
          all[at] = whyNot(error);
        },
      );
    }
    await sleep(WARM_MS);
    await Promise.all(
      [...started].map(async ([at, each]) => {
        const own = all[at];
        if (typeof own === "object") own.push(await watch(each, STEADY, seconds));
      }),
    );
    for (const each of started.values()) await each.end();
  }
  const row = (name: string, digits: number, figure: (of: Figures) => number, isDrawn = false) => ({
    ...{ name, digits, isDrawn },
    cells: cellsOf(all, figure),
  });
  const what = "1,000 points/s, with buffer, alarms and recorder";
  return {
    title: "Steady load",
    text: `10 Modbus TCP devices of 100 registers, each read once a second and sent at QoS 1, ${seconds} s a run, all columns at the same time with devices and brokers of their own. The gateway stores everything, judges an alarm a device and records; the others do neither.`,
    columns: PEER_COLUMNS,
    rows: [
      row("points a second delivered", 0, ({ delivered }) => delivered),
      row("missing, % of what was due", 2, ({ missingPercent }) => missingPercent),
      row("CPU, % of a core", 2, ({ cpuPercent }) => cpuPercent, true),
      row("RSS, MB", 0, ({ rssMb }) => rssMb, true),
      row("written to the disk, bytes a reading", 1, ({ writtenBytes }) => writtenBytes),
    ],
    bars: [
      {
        ...{ promise: `CPU at ${what}`, sense: "at most", limit: 2.5, unit: "% of a core" },
        ...{ digits: 2, values: gatewayValues(all, ({ cpuPercent }) => cpuPercent) },
      },
      {
        ...{ promise: `RSS at ${what}`, sense: "at most", limit: 100, unit: "MB" },
        ...{ digits: 0, values: gatewayValues(all, ({ rssMb }) => rssMb) },
      },
      {
        ...{ promise: `missing at ${what}`, sense: "at most", limit: 0, unit: "%", digits: 2 },
        values: gatewayValues(all, ({ missingPercent }) => missingPercent),
      },
    ],
  };
}

/** 125,000 points a second offered, one peer after the other. */
export async function mostSection({ isQuick, runs, tell }: Effort): Promise<Section> {
  const seconds = isQuick ? 6 : 20;
  const all = await byTurns(runs, async (peer, run) => {
    tell(`greatest throughput, run ${run + 1} of ${runs}: ${peer.name}`);
    const started = await startOn(peer, MOST);
    await sleep(isQuick ? 3000 : WARM_MS);
    const figures = await watch(started, MOST, seconds);
    await started.end();
    return figures;
  });
  const row = (name: string, digits: number, figure: (of: Figures) => number, isDrawn = false) => ({
    ...{ name, digits, isDrawn },
    cells: cellsOf(all, figure),
  });
  return {
    title: "Greatest throughput",
    text: `10 devices of 1,250 registers every 100 ms, which is 125,000 points/s, in requests of at most 125 registers; ${seconds} s a run, one column after the other. A message of the gateway holds what a second brought, with times and quality; one of the others holds the bare values of a request.`,
    columns: PEER_COLUMNS,
    rows: [
      row("points a second delivered", 0, ({ delivered }) => delivered),
      row("missing, % of what was due", 1, ({ missingPercent }) => missingPercent),
      row("CPU, % of a core", 1, ({ cpuPercent }) => cpuPercent),
      row("points a CPU-second", 0, ({ perCpuSecond }) => perCpuSecond, true),
      row("RSS, MB", 0, ({ rssMb }) => rssMb),
    ],
    bars: [
      {
        ...{ promise: "points delivered over MQTT", sense: "at least", limit: 500_000 },
        ...{ unit: "a CPU-second", digits: 0 },
        values: gatewayValues(all, ({ perCpuSecond }) => perCpuSecond),
      },
    ],
  };
}
