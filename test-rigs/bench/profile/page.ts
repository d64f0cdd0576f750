import { markdownTable } from "../../reference/markdown-table.ts";
import type { Heap } from "./heap.ts";
import type { Resident } from "./resident.ts";
import { STAGES, type Stage } from "./stages.ts";
import type { ThreadTimes } from "./threads.ts";

/** What was measured at one load. */
export type Taken = {
  /** Points a second, asked for and delivered. */
  readonly offered: number;
  readonly delivered: number;
  /** What is promised, in points a CPU-second; null where nothing is. */
  readonly bar: number | null;
  readonly seconds: number;
  readonly times: ThreadTimes;
  /** Of the time of each thread, 0 to 1. */
  readonly shares: Readonly<Record<"main" | "buffer", ReadonlyMap<Stage, number>>>;
  readonly resident: Resident;
  readonly heap: Heap;
};

/** The page of `taken`, below `head`. */
export function pageOf(taken: readonly Taken[], head: readonly string[]): string {
  return `${[
    "# Where the time and the memory of the gateway go",
    ...head,
    "The gateway is installed as a release, and the machine's clock counts as synchronised; it stores everything, judges an alarm a device and records; its messages go over MQTT at QoS 1. Processor time and memory are of a run as it is; where the time goes is from a second run, under V8's profiler, which slows it down: shares of it, not its times.",
    ...taken.map(timeSection),
    "## Resident memory, MiB",
    memoryTable(taken),
    "The program's pages are clean, and shared with any other process of Node. Young is what readings live and die in, live is what is held, growth is what V8 lets the heap grow by before it collects garbage.",
  ].join("\n\n")}\n`;
}

function timeSection({ offered, delivered, bar, seconds, times, shares }: Taken): string {
  const readings = delivered * seconds;
  const perReading = (ms: number) => (1000 * ms) / readings;
  const sum = Object.values(times).reduce((total, ms) => total + ms, 0);
  const row = (name: string, main: number | null, buffer: number | null, all: number) => [
    name,
    ...[main, buffer].map((ms) => (ms === null ? "" : perReading(ms).toFixed(3))),
    perReading(all).toFixed(3),
    `${((100 * all) / sum).toFixed(1)} %`,
  ];
  const stages = (Object.keys(STAGES) as Stage[]).map((stage) => {
    const main = times.main * (shares.main.get(stage) ?? 0);
    const buffer = times.buffer * (shares.buffer.get(stage) ?? 0);
    return row(STAGES[stage], main, buffer, main + buffer);
  });
  const cpuPercent = sum / seconds / 10;
  const promise =
    bar === null ? "" : ` The bar is ${count(bar)}: ${(1e6 / bar).toFixed(2)} µs a reading.`;
  return [
    `## Processor time at ${count(offered)} points/s`,
    `${count(delivered)} points/s delivered with ${cpuPercent.toFixed(2)} % of a core: ${count((1000 * readings) / sum)} points a CPU-second, ${perReading(sum).toFixed(2)} µs a reading.${promise}`,
    markdownTable(
      [
        ["µs a reading", "main thread", "buffer's thread", "together", "share"],
        ...stages,
        row("V8's threads: collecting garbage, compiling", null, null, times.helpers),
        row("other threads of Node", null, null, times.others),
        row("all", times.main, times.buffer, sum),
      ],
      "right",
    ),
    ...(bar === null ? [] : [whereItGoes(times, shares, perReading)]),
  ].join("\n\n");
}

/** Which of it more than reading and sending takes, and which is the price of the road. */
function whereItGoes(
  times: ThreadTimes,
  shares: Taken["shares"],
  perReading: (ms: number) => number,
): string {
  const took = (...stages: readonly Stage[]) => {
    const ms = (share: ReadonlyMap<Stage, number>, all: number) =>
      all * stages.reduce((sum, stage) => sum + (share.get(stage) ?? 0), 0);
    return ms(shares.main, times.main) + ms(shares.buffer, times.buffer);
  };
  const micros = (ms: number) => perReading(ms).toFixed(2);
  return `${micros(took("bus"))} µs are the bus: for each 125 registers a write to a socket, a read from it, and the check of the answer, ours and modbus-serial's. ${micros(took("garbage") + times.helpers)} µs go into the garbage of all of it and into compiling. ${micros(took("judging", "columns", "commit"))} µs are what a value takes that is judged and stored before it is told, ${micros(took("message", "mqtt"))} µs what tells it.`;
}

function memoryTable(taken: readonly Taken[]): string {
  const row = (name: string, kb: (each: Taken) => number) => [
    name,
    ...taken.map((each) => (kb(each) / 1024).toFixed(1)),
  ];
  return markdownTable(
    [
      ["", ...taken.map(({ offered }) => `${count(offered)} points/s`)],
      row("file pages of the program", ({ resident }) => resident.program),
      row("V8's heap: live", ({ heap }) => heap.live),
      row("V8's heap: growth", ({ heap }) => heap.growth),
      row("V8's heap: young", ({ heap }) => heap.young),
      row("malloc", ({ resident }) => resident.malloc),
      row("stacks of threads", ({ resident }) => resident.stacks),
      row("the buffer's files", ({ resident }) => resident.files),
      row("other: compiled code, larger pieces of malloc", otherKb),
      row("all", ({ resident }) => Object.values(resident).reduce((sum, kb) => sum + kb, 0)),
    ],
    "right",
  );
}

/** V8 told of its heap up to some seconds before: that is not exact. */
function otherKb({ resident, heap }: Taken): number {
  return Math.max(0, resident.anonymous - heap.live - heap.growth - heap.young);
}

function count(number: number): string {
  return Math.round(number).toLocaleString("en");
}
