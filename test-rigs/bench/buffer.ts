import process from "node:process";
import { tempDir } from "../processes/child.ts";
import { countedDisk, whyNotCounted } from "./buffer-disk.ts";
import { drainFigures, drainRuns, drainTable } from "./buffer-drain.ts";
import { ENGINE, type Layout, ROWS } from "./buffer-layouts.ts";
import { type Costs, type Load, measureBuffer } from "./buffer-run.ts";

/** What the buffer may cost: the bars of the design, by seconds a commit. */
export const BARS: readonly { readonly seconds: number; readonly deviceBytes: number }[] = [
  { seconds: 1, deviceBytes: 18 },
  { seconds: 10, deviceBytes: 8 },
];
const DISK_MB = 400;
const YEAR_S = 31_556_952;
const READINGS_PER_S = 1000;

/** What a layout cost on a disk with blocks of a size; null where nothing was counted. */
export type Run = Costs & { readonly blockBytes: 1024 | 4096 | null };

const say = (line: string) => process.stdout.write(`${line}\n`);

/**
 * `npm run bench buffer`, as root: what the buffer writes to a card, beside a row a reading, as the
 * device counts it, and how fast a backlog goes out. Without root it tells only what is stored.
 */
export async function printBuffer(quick: boolean, isJson: boolean): Promise<void> {
  const whyNot = whyNotCounted();
  const runs = await layoutRuns(loads(quick));
  const drains = await drainRuns(quick, false);
  if (isJson) {
    const drained = drainFigures(drains);
    say(JSON.stringify({ whyNotCounted: whyNot, bars: BARS, runs, drains: drained }));
    return;
  }
  if (whyNot !== null) {
    say(`NOT counted on a device: ${whyNot}. What is stored is; run it as root for the rest.`);
    say("");
  }
  for (const line of [...table(runs), "", ...drainTable(drains)]) say(line);
}

/** Every layout under `loads`, on disks with blocks of each size where they can be counted. */
export async function layoutRuns(loads: readonly Load[]): Promise<readonly Run[]> {
  const runs: Run[] = [];
  for (const load of loads) {
    for (const layout of layoutsFor(load)) {
      for (const blockBytes of whyNotCounted() === null ? ([1024, 4096] as const) : [null]) {
        runs.push({ ...(await measureOn(layout, load, blockBytes)), blockBytes });
      }
    }
  }
  return runs;
}

/** As fast as they go, and at a pace at which no two commits share a tick of the clock. */
function loads(quick: boolean): readonly Load[] {
  const share = quick ? 6 : 1;
  return [
    { seconds: 1, commits: 600 / share, everyMs: 0 },
    { seconds: 10, commits: 180 / share, everyMs: 0 },
    { seconds: 1, commits: 120 / share, everyMs: 100 },
  ];
}

function layoutsFor({ everyMs }: Load): readonly Layout[] {
  return everyMs > 0 ? [ENGINE] : [ENGINE, ROWS];
}

async function measureOn(
  layout: Layout,
  load: Load,
  blockBytes: Run["blockBytes"],
): Promise<Costs> {
  if (blockBytes === null) return await measureBuffer(layout, load, tempDir("bench"), null);
  const disk = countedDisk(DISK_MB, blockBytes);
  try {
    return await measureBuffer(layout, load, disk.dir, disk.written);
  } finally {
    disk.close();
  }
}

function table(runs: readonly Run[]): readonly string[] {
  const rows = runs.map((run) => {
    const { layout, load, blockBytes, deviceBytes, flushes, storedBytes, cpuUs } = run;
    const pace = load.everyMs > 0 ? `${load.commits}, one in ${load.everyMs} ms` : load.commits;
    const perYear = deviceBytes === null ? null : (deviceBytes * READINGS_PER_S * YEAR_S) / 1e12;
    const figures = [
      figure(deviceBytes, 1),
      figure(perYear, 2),
      figure(flushes, 2),
      figure(storedBytes, 2),
      figure(cpuUs, 2),
    ];
    return `| ${[layout, `${load.seconds} s`, pace, blockBytes ?? "-", ...figures].join(" | ")} |`;
  });
  const bars = BARS.map(({ seconds, deviceBytes }) => `${deviceBytes} at ${seconds} s`).join(", ");
  return [
    "| layout | commit of | commits | block of ext4 | B/reading to the device | TB/year at 1,000/s | flushes/commit | B/reading stored | CPU µs/reading |",
    "|---|---|---|---|---|---|---|---|---|",
    ...rows,
    "",
    "1,000 points of 100 devices, each once a second: half quantised to 0.1, half float32 random",
    "walks. WAL, one durable commit each, the cursor of a destination along. With blocks of 1 KB, as",
    "mkfs gives a small file system, and of 4 KB, as on a card. A row a reading is flushed by SQLite",
    "(synchronous=FULL), which here uses fsync: ext4 then journals the new time of the log as well.",
    `Bars for B/reading to the device: ${bars}. Over them: ${overBars(runs).join("; ") || "none"}.`,
  ];
}

/** The runs of the gateway's own engine that cost more than they may. */
function overBars(runs: readonly Run[]): readonly string[] {
  return runs.flatMap(({ layout, load, blockBytes, deviceBytes }) => {
    const bar = BARS.find(({ seconds }) => seconds === load.seconds)?.deviceBytes;
    const isOver = bar !== undefined && deviceBytes !== null && deviceBytes > bar;
    return layout === ENGINE.name && isOver
      ? [`${figure(deviceBytes, 1)} at ${load.seconds} s with blocks of ${blockBytes}`]
      : [];
  });
}

function figure(value: number | null, digits: number): string {
  return value === null ? "-" : value.toFixed(digits);
}
