import { setTimeout as sleep } from "node:timers/promises";
import { type Load, OURS, PEER_NAMES } from "./peers.ts";
import { Results } from "./runs.ts";
import type { Bar, Effort, Section } from "./section.ts";
import { type Figures, type Started, startOn, watch } from "./started.ts";

/** 1,000 points a second. */
export const STEADY: Load = { devices: 10, registers: 100, everyMs: 1000 };
/** 250,000 points a second. */
export const MOST: Load = { devices: 10, registers: 1250, everyMs: 50 };

/** What is promised at that load, in points a CPU-second. */
export const MOST_BAR = 500_000;

/** What a program does in this time after its first reading does not count, in milliseconds. */
const WARM_MS = 5000;
/** The same at the greatest load, of which compilers take a part for as long. */
const WARM_AT_MOST_MS = 8000;

type Steady = Figures & Pick<Started, "firstMs" | "firstCpuMs">;

/** 1,000 points a second, all peers at the same time: what else the machine does hits them alike. */
export async function steadySection({ isQuick, runs, tell }: Effort): Promise<Section> {
  const seconds = isQuick ? 12 : 60;
  const results = new Results<Steady>();
  for (let run = 1; run <= runs; run++) {
    tell(`steady load, run ${run} of ${runs}`);
    await steadyRun(results, seconds);
  }
  return {
    title: "Steady load",
    text: `10 Modbus TCP devices of 100 registers, each read once a second and sent at QoS 1, ${seconds} s a run, all columns at the same time with devices and brokers of their own, started one after the other. The gateway is installed as a release, and the machine's clock counts as synchronised; it stores everything, judges an alarm a device and records; the others do neither.${results.failures()}`,
    columns: PEER_NAMES,
    rows: [
      results.row("points a second delivered", 0, ({ delivered }) => delivered),
      results.row("missing, % of what was due", 2, ({ missingPercent }) => missingPercent),
      results.row("CPU, % of a core", 2, ({ cpuPercent }) => cpuPercent, true),
      results.row("RSS, MiB", 0, ({ rssMib }) => rssMib, true),
      results.row("written to the disk, bytes a reading", 1, ({ writtenBytes }) => writtenBytes),
      results.row("start to first delivered reading, ms", 0, ({ firstMs }) => firstMs, true),
      results.row("CPU until then, ms", 0, ({ firstCpuMs }) => firstCpuMs),
    ],
    bars: steadyBars(results),
  };
}

async function steadyRun(results: Results<Steady>, seconds: number): Promise<void> {
  const started: (readonly [at: number, each: Started])[] = [];
  try {
    for (const [at, peer] of results.remaining()) {
      const each = await results.attempt(at, startOn(peer, STEADY));
      if (each !== null) started.push([at, each]);
    }
    await sleep(WARM_MS);
    await Promise.all(
      started.map(async ([at, each]) => {
        const figures = await results.attempt(at, watch(each, STEADY, seconds));
        const { firstMs, firstCpuMs } = each;
        if (figures !== null) results.add(at, { ...figures, firstMs, firstCpuMs });
      }),
    );
  } finally {
    for (const [, each] of started) await each.end();
  }
}

function steadyBars(results: Results<Steady>): readonly Bar[] {
  const what = "1,000 points/s, with buffer, alarms and recorder";
  return [
    {
      ...{ promise: `CPU at ${what}`, sense: "at most", limit: 2.5, unit: "% of a core" },
      ...{ digits: 2, values: results.of(OURS, ({ cpuPercent }) => cpuPercent) },
    },
    {
      ...{ promise: `RSS at ${what}`, sense: "at most", limit: 100, unit: "MiB", digits: 0 },
      values: results.of(OURS, ({ rssMib }) => rssMib),
    },
    {
      ...{ promise: `missing at ${what}`, sense: "at most", limit: 0, unit: "%", digits: 2 },
      values: results.of(OURS, ({ missingPercent }) => missingPercent),
    },
    {
      ...{ promise: "start to first delivered reading", sense: "at most", limit: 1.2, unit: "s" },
      ...{ digits: 2, values: results.of(OURS, ({ firstMs }) => firstMs / 1000) },
    },
  ];
}

/** 250,000 points a second offered, one peer after the other. */
export async function mostSection({ isQuick, runs, tell }: Effort): Promise<Section> {
  const seconds = isQuick ? 8 : 20;
  const times = isQuick ? Math.min(runs, 2) : runs;
  const results = new Results<Figures>();
  for (let run = 1; run <= times; run++) {
    for (const [at, peer] of results.remaining()) {
      tell(`greatest throughput, run ${run} of ${times}: ${peer.name}`);
      const started = await results.attempt(at, startOn(peer, MOST));
      if (started === null) continue;
      await sleep(WARM_AT_MOST_MS);
      const figures = await results.attempt(at, watch(started, MOST, seconds));
      if (figures !== null) results.add(at, figures);
      await started.end();
    }
  }
  return {
    title: "Greatest throughput",
    text: `10 devices of 1,250 registers every 50 ms, which is 250,000 points/s, in requests of at most 125 registers; ${seconds} s a run, ${WARM_AT_MOST_MS / 1000} s behind the first reading, one column after the other. A message of the gateway holds what a second brought, with times and quality; one of the others holds the bare values of a request.${results.failures()}`,
    columns: PEER_NAMES,
    rows: [
      results.row("points a second delivered", 0, ({ delivered }) => delivered),
      results.row("missing, % of what was due", 1, ({ missingPercent }) => missingPercent),
      results.row("CPU, % of a core", 1, ({ cpuPercent }) => cpuPercent),
      results.row("points a CPU-second", 0, ({ perCpuSecond }) => perCpuSecond, true),
      results.row("RSS, MiB", 0, ({ rssMib }) => rssMib),
    ],
    bars: [
      {
        ...{ promise: "points delivered over MQTT", sense: "at least", limit: MOST_BAR },
        ...{ unit: "a CPU-second", digits: 0 },
        values: results.of(OURS, ({ perCpuSecond }) => perCpuSecond),
      },
    ],
  };
}
