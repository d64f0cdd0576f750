import { NODE_FLAGS } from "../../processes/node-flags.ts";
import { BARS, layoutRuns, type Run } from "../buffer.ts";
import { whyNotCounted } from "../buffer-disk.ts";
import { type Drained, gatewayDrain, naiveDrain, READINGS } from "../buffer-drain.ts";
import { ENGINE, ROWS } from "../buffer-layouts.ts";
import { formatRuns, type WireFigures } from "../wire-formats.ts";
import { type Bar, type Cell, type Effort, quantiles, type Row, type Section } from "./section.ts";

/** What a reading costs the disk of the buffer, as its device counts it. */
export async function bufferSection({ isQuick, runs, tell }: Effort): Promise<Section> {
  const commits = isQuick ? 100 : 600;
  const all: Run[] = [];
  for (let run = 1; run <= (isQuick ? 1 : runs); run++) {
    tell(`buffer, run ${run}`);
    all.push(
      ...(await layoutRuns([
        { seconds: 1, commits, everyMs: 0 },
        { seconds: 10, commits: commits / 5, everyMs: 0 },
      ])),
    );
  }
  const whyNot = whyNotCounted();
  const counted = whyNot === null ? ([1024, 4096] as const) : [];
  const what = "bytes a reading";
  return {
    title: "Buffer",
    text: `What ${commits} commits of 1,000 points write, each once a second, half of them quantised to 0.1 and half 32-bit floats, on an ext4 of its own with blocks of 1 or 4 KB.${whyNot === null ? "" : ` What reaches the device was not counted: ${whyNot}.`}`,
    columns: ["this buffer", "a row a reading in SQLite"],
    rows: [1, 10].flatMap((seconds) => [
      ...counted.map((blockBytes) => ({
        ...{ name: `to the device, commit of ${seconds} s, blocks of ${blockBytes}: ${what}` },
        ...{ digits: 1, isDrawn: blockBytes === 4096 },
        cells: bothOf(all, seconds, blockBytes, ({ deviceBytes }) => deviceBytes ?? Number.NaN),
      })),
      layoutRow(`stored, commit of ${seconds} s: ${what}`, all, seconds, (run) => run.storedBytes),
      layoutRow(`CPU, commit of ${seconds} s: µs a reading`, all, seconds, (run) => run.cpuUs),
    ]),
    bars: BARS.map(({ seconds, deviceBytes: limit }): Bar => {
      const [own] = bothOf(all, seconds, null, ({ deviceBytes }) => deviceBytes ?? Number.NaN);
      const values = typeof own === "object" && whyNot === null ? own : [];
      const promise = `to the device, commits of ${seconds} s, any block`;
      return { promise, sense: "at most", limit, unit: what, digits: 1, values: most(values) };
    }),
  };
}

function most(values: readonly number[]): readonly number[] {
  return values.length === 0 ? [] : [Math.max(...values)];
}

function layoutRow(
  name: string,
  all: readonly Run[],
  seconds: number,
  of: (run: Run) => number,
): Row {
  return { name, digits: 2, cells: bothOf(all, seconds, null, of) };
}

/** A figure of the buffer and of the plain table, with blocks of a size or, null, of any. */
function bothOf(
  all: readonly Run[],
  seconds: number,
  blockBytes: number | null,
  of: (run: Run) => number,
): readonly Cell[] {
  return [ENGINE, ROWS].map(({ name }) =>
    all
      .filter(({ layout, load }) => layout === name && load.seconds === seconds)
      .filter((run) => blockBytes === null || run.blockBytes === blockBytes)
      .map(of),
  );
}

/** How fast a backlog is delivered while live readings go on. */
export async function drainSection({ isQuick, runs, tell }: Effort): Promise<Section> {
  const [count, idleMs] = isQuick ? [1000, 2000] : [10_000, 30_000];
  const ours: Drained[] = [];
  const naive: Drained[] = [];
  for (let run = 1; run <= (isQuick ? 1 : runs); run++) {
    tell(`drain, run ${run}`);
    ours.push(await gatewayDrain(count, NODE_FLAGS, idleMs));
    naive.push(await naiveDrain(count, idleMs));
  }
  const row = (
    name: string,
    digits: number,
    of: (drained: Drained) => number,
    isDrawn = false,
  ) => ({
    ...{ name, digits, isDrawn },
    cells: [ours, naive].map((each) => each.map(of)),
  });
  const live = (part: number) => ({
    ...{ name: `live meanwhile, stored to subscriber, ${part * 100} %, ms`, digits: 1 },
    cells: [ours, naive].map((each) =>
      quantiles(
        each.map(({ during }) => during),
        part,
      ),
    ),
  });
  return {
    title: "Drain",
    text: `${count.toLocaleString("en")} stored messages of ${READINGS} readings delivered over mosquitto while 1,000 live readings a second go on.`,
    columns: ["this gateway", "a row a reading, one message at a time"],
    rows: [
      row("readings a second", 0, ({ messages, ms }) => (messages * READINGS * 1000) / ms, true),
      row(
        "CPU, µs a reading",
        2,
        ({ cpuPercent, ms, messages }) => (cpuPercent * ms) / 100 / messages,
      ),
      live(0.5),
      live(0.99),
      row("main thread late, 99 %, ms", 1, ({ stalls }) => Number(stalls[0] ?? Number.NaN)),
      row("messages missing", 0, ({ missing }) => missing),
      row("messages twice", 0, ({ repeated }) => repeated),
    ],
  };
}

/** What a reading takes on the wire in each format. */
export async function wireSection({ isQuick, tell }: Effort): Promise<Section> {
  const all: (readonly [string, WireFigures])[] = [];
  for await (const [name, figures] of formatRuns(isQuick)) {
    tell(`on the wire: ${name}`);
    all.push([name, figures]);
  }
  return {
    title: "On the wire",
    text: "Readings of 20 points, as a commit of five seconds makes messages of them, both ways without TCP and IP; hj212 and sl651 send one value of a point a minute. The first two send the same by mqtt.js with nothing between.",
    columns: ["bytes a reading", "readings a message", "readings a second", "a CPU-second"],
    rows: all.map(([name, { readings, messages, bytes, ms, cpuMs }]) => ({
      ...{ name, digits: 1 },
      cells: [
        [bytes / readings],
        [readings / messages],
        whole((readings * 1000) / ms),
        whole((readings * 1000) / cpuMs),
      ],
    })),
  };
}

/** A number that is too large for digits behind the point. */
function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
