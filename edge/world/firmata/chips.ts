import { setTimeout as sleep } from "node:timers/promises";
import type { BoardInput, BoardTask } from "../../core/board.ts";
import { readAds1115 } from "./ads1115.ts";
import { ChipError, type I2cWires } from "./i2c.ts";
import type { Tell } from "./pins.ts";
import { isWithinSpan, type JohnnyFive, SensorChipReader } from "./sensor-chip.ts";

/** A chip that does not answer is asked again no sooner. */
const AGAIN_MS = 1_000;

type Bridge = Extract<BoardInput, { readonly kind: "ads1115" }>;
type Sensor = Extract<BoardInput, { readonly kind: "chip" }>;

/** What is read of a sensor chip in one go. */
export type SensorTasks = {
  readonly input: Sensor;
  readonly everyMs: number;
  readonly tasks: readonly (BoardTask & { readonly input: Sensor })[];
};

/** The tasks of each sensor chip together, at the period of the fastest. */
export function sensorsOf(tasks: readonly BoardTask[]): readonly SensorTasks[] {
  const sensors = tasks.flatMap(({ input, ...rest }) => {
    return input.kind === "chip" ? [{ ...rest, input }] : [];
  });
  const byChip = Map.groupBy(sensors, ({ input }) => `${input.chip} ${input.address}`);
  return [...byChip.values()].map((members) => ({
    input: (members[0] as (typeof members)[number]).input,
    everyMs: Math.min(...members.map(({ everyMs }) => everyMs)),
    tasks: members,
  }));
}

/** Reads a sensor chip again and again, for as long as the process runs. */
export async function readSensor(
  five: JohnnyFive,
  wires: I2cWires,
  { input, everyMs, tasks }: SensorTasks,
  tell: Tell,
): Promise<never> {
  const reader = new SensorChipReader(five, wires, input.chip, input.address);
  return await again(
    everyMs,
    async () => {
      const values = await reader.read();
      for (const { source, input } of tasks) {
        const value = values[input.quantity];
        if (isWithinSpan(input.quantity, value)) tell.value(source, value);
        else tell.fault(source, "out-of-range");
      }
    },
    (error) => {
      for (const { source } of tasks) tell.fault(source, error.fault);
    },
  );
}

/** Reads between two inputs of an ADS1115 again and again, for as long as the process runs. */
export async function readBridge(
  wires: I2cWires,
  { source, everyMs }: BoardTask,
  input: Bridge,
  converter: Converter,
  tell: Tell,
): Promise<never> {
  return await again(
    everyMs,
    async () => {
      // It has one converter for all its inputs.
      const reading = converter.free.then(() => readAds1115(wires, input));
      converter.free = reading.catch(() => {});
      tell.value(source, await reading);
    },
    (error) => tell.fault(source, error.fault),
  );
}

/** Whose turn it is with a chip: `free` resolves when nobody uses it. */
export type Converter = { free: Promise<unknown> };

/** Does `read` every period, counted from the first; what breaks it is a fault of the program. */
async function again(
  everyMs: number,
  read: () => Promise<void>,
  onFault: (error: ChipError) => void,
): Promise<never> {
  let due = performance.now();
  for (;;) {
    let pauseMs = everyMs;
    try {
      await read();
    } catch (error) {
      if (!(error instanceof ChipError)) throw error;
      onFault(error);
      pauseMs = Math.max(everyMs, AGAIN_MS);
    }
    due = Math.max(due + pauseMs, performance.now());
    await sleep(due - performance.now());
  }
}
