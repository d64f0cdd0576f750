import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import type { BoardAnswer, BoardSettings } from "../../core/board.ts";
import { messageOf } from "../../core/errors.ts";
import type { Link } from "../../core/link.ts";
import { openSerial } from "../serial.ts";
import { type Converter, readBridge, readSensor, sensorsOf } from "./chips.ts";
import { type Board, greet } from "./handshake.ts";
import { I2cWires } from "./i2c.ts";
import { OutputPin } from "./output-pin.ts";
import { can, type Tell, watchAnalog, watchDigital, watchOutput } from "./pins.ts";
import type { ChildLine, OrderLine } from "./pipe.ts";

/** How often the process tells that it lives, and asks the board whether it does. */
const ALIVE_MS = 1_000;
/** A board that was asked so often and has sent nothing is gone. */
const UNHEARD_MAX = 5;
/** How often the process looks whether it was held up. */
const TURN_MS = 100;
/** What waited longer than this in the port is too old to be told under the time when it was read. */
const HELD_UP_MS = 350;
/** Within so long after that the port is empty. */
const DRAIN_MS = 100;
/** The board sends at this interval at the longest, and at the shortest. */
const SAMPLING_MS = [10, 1_000] as const;

/**
 * Reads one board and tells of it line by line on standard output; the first line of standard input
 * says what to read, each behind it what to make of an output. It ends when the board is lost, which the libraries cannot get over, and when
 * standard input closes: with the gateway, however that ended.
 */
async function main(): Promise<void> {
  process.stdin.on("end", () => process.exit(0));
  process.stdin.on("error", () => process.exit(0));
  process.stdout.on("error", () => process.exit(0));
  const lines = createInterface({ input: process.stdin });
  const [line] = (await once(lines, "line")) as [string];
  const settings = JSON.parse(line) as BoardSettings;
  lines.on("line", (text) => void obey(JSON.parse(text) as OrderLine));
  try {
    await read(settings);
  } catch (error) {
    end(messageOf(error));
  }
}

async function read({ path, baud, tasks }: BoardSettings): Promise<void> {
  const link = await openSerial({ path, baud, format: "8N1" }, new AbortController().signal);
  let unheard = 0;
  void link.closed.then(end);
  const hasOutputs = tasks.some(({ input }) => input.kind === "output");
  const board = await greet(link, samplingMs(tasks), hasOutputs);
  const { io, firmware } = board;
  const onData = link.onData;
  link.onData = (bytes) => {
    unheard = 0;
    onData?.(bytes);
  };
  io.on("reportversion", () => end("the board was reset"));
  send({ kind: "ready", firmware });
  setInterval(() => {
    send({ kind: "alive" });
    io.queryFirmware(() => {});
    // Counted and not timed: while this process was held up nobody listened.
    if (++unheard > UNHEARD_MAX) end("the board has ceased to answer");
  }, ALIVE_MS);
  await carryOut(board, link, tasks);
}

/** The outputs by their sources. */
const outputs = new Map<string, OutputPin>();

/** What waited in the pipe while this process was held up must not act late. */
async function obey({ id, source, level, by }: OrderLine): Promise<void> {
  const output = outputs.get(source);
  const answer = (answer: BoardAnswer) => send({ kind: "answer", id, answer });
  if (output === undefined) answer({ kind: "none", fault: "no-such-pin" });
  else if (elapsedMs() >= by) answer({ kind: "none", fault: "no-answer" });
  else {
    const isOver = () => elapsedMs() >= by;
    answer(await (level === null ? output.look() : output.drive(level, isOver)));
  }
}

/** Begins every task. Resolves never where the board has chips, else when all have begun. */
async function carryOut({ io }: Board, link: Link, tasks: BoardSettings["tasks"]): Promise<void> {
  const hasChips = tasks.some(({ input }) => input.kind === "chip" || input.kind === "ads1115");
  const wires = hasChips ? new I2cWires(io) : null;
  const wired = { io, hasChips };
  for (const { input, ...task } of tasks) {
    if (input.kind === "analog") watchAnalog(wired, { ...task, input }, tell);
    else if (input.kind === "digital") {
      watchDigital(wired, { ...task, input }, tell, () => end("the board was reset"));
    } else if (input.kind === "output") {
      if (can(wired, input.pin, io.MODES.OUTPUT)) {
        const send = (bytes: Uint8Array) => link.write(bytes);
        const wires = { io, send, onWrongMode: () => end("the board was reset") };
        const output = new OutputPin(wires, input.pin);
        outputs.set(task.source, output);
        watchOutput(task, output, tell);
      } else tell.fault(task.source, "no-such-pin");
    }
  }
  if (wires === null) return;
  const converters = new Map<number, Converter>();
  const bridges = tasks.flatMap((task) => {
    const { input } = task;
    if (input.kind !== "ads1115") return [];
    const converter = converters.get(input.address) ?? { free: Promise.resolve() };
    converters.set(input.address, converter);
    return [readBridge(wires, task, input, converter, tell)];
  });
  const sensors = sensorsOf(tasks);
  if (sensors.length === 0) return void (await Promise.all(bridges));
  const { default: five } = await import("johnny-five");
  await Promise.all([
    ...bridges,
    ...sensors.map((sensor) => readSensor(five, wires, sensor, tell)),
  ]);
}

/** Twice in the shortest period, so that no reading is older than half of one. */
function samplingMs(tasks: BoardSettings["tasks"]): number {
  const periods = tasks.filter(({ input }) => input.kind === "analog").map((task) => task.everyMs);
  const [least, most] = SAMPLING_MS;
  return Math.round(Math.min(Math.max(Math.min(...periods) / 2, least), most));
}

const tell: Tell = {
  value: (source, value) => {
    if (!isOfUnknownAge()) send({ kind: "value", source, value, at: elapsedMs() });
  },
  fault: (source, fault) => send({ kind: "fault", source, fault, at: elapsedMs() }),
};

let turnAt = performance.now();
let drainedAt = 0;
setInterval(() => {
  if (performance.now() - turnAt > HELD_UP_MS) drainedAt = performance.now() + DRAIN_MS;
  turnAt = performance.now();
}, TURN_MS);

/** Whether what is read now may have waited while the process was held up. */
function isOfUnknownAge(): boolean {
  const now = performance.now();
  return now < drainedAt || now - turnAt > HELD_UP_MS;
}

/** The machine's CLOCK_MONOTONIC, which all its processes share. */
function elapsedMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function send(line: ChildLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Says why, and ends: whoever started this process starts the next. */
function end(why: string): void {
  send({ kind: "lost", why });
  process.exit(0);
}

await main();
