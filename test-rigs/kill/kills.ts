import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startChild } from "../processes/child.ts";
import { Random } from "../sim/random.ts";
import { type Announced, judge } from "./judge.ts";

const WRITER = fileURLToPath(new URL("writer.ts", import.meta.url));

/** A machine that does much else starts a process slowly. */
const START_MS = 30_000;
/** How long after its first announcement a writer may go on, and how long a start may take. */
const WRITING_MS = 250;
const STARTING_MS = 400;
/** How often a writer is killed while it opens what the one before it left. */
const AMID_START = 0.2;

/** What came of the kills. */
export type Tally = {
  readonly kills: number;
  /** Of those, how many came before anything was announced. */
  readonly amidStart: number;
  /** What was announced: last values of a point in a batch, and events. */
  readonly readings: number;
  readonly events: number;
  /** What was wrong behind the last kill; nothing is tried after that. */
  readonly faults: readonly string[];
};

/** The figures of `tally` in words. */
export function textOf({ kills, amidStart, readings, events, faults }: Tally): string {
  const harm = faults.length === 0 ? "nothing lost, nothing damaged" : faults.join("; ");
  return (
    `${kills} kills, ${amidStart} of them before anything was stored; announced: ` +
    `${readings} groups of readings and ${events} events; ${harm}`
  );
}

/**
 * Lets one process after the other record into the buffer in `dir`, kills each at a moment drawn
 * from `seed`, and examines each time what it left; the next one goes on with that.
 */
export async function killWriters(dir: string, times: number, seed: number): Promise<Tally> {
  const random = new Random(seed);
  let [amidStart, readings, events] = [0, 0, 0];
  let stream: string | null = null;
  for (let kill = 1; kill <= times; kill++) {
    const announced: Announced = await killOne(dir, kill, random);
    stream ??= announced.stream;
    const { rows } = announced;
    const told = rows.filter(({ name }) => name === "event").length;
    if (rows.length === 0) amidStart++;
    readings += rows.length - told;
    events += told;
    const faults = await judge(dir, { stream, rows });
    if (faults.length > 0) return { kills: kill, amidStart, readings, events, faults };
  }
  return { kills: times, amidStart, readings, events, faults: [] };
}

async function killOne(dir: string, life: number, random: Random): Promise<Announced> {
  const writer = startChild(process.execPath, [WRITER, dir, String(life)]);
  if (random.chance(AMID_START)) {
    await sleep(random.between(0, STARTING_MS));
  } else {
    await writer.waitFor(/^(reading|event) /, START_MS);
    await sleep(random.between(0, WRITING_MS));
  }
  await writer.end("SIGKILL");
  const how = await writer.exited;
  if (how !== "SIGKILL") throw new Error(`writer ended (${how}): ${writer.lines.slice(-5)}`);
  return announcedIn(writer.lines);
}

/** The last line may be cut off: it was not announced then. */
function announcedIn(lines: readonly string[]): Announced {
  const stream = lines.find((line) => line.startsWith("open "))?.slice(5) ?? null;
  const rows = lines.flatMap((line) => {
    const [, seq, name, value] = /^reading (\d+) (\S+) (\d+)$/.exec(line) ?? [];
    const [, eventSeq, cause] = /^event (\d+) (\d+)$/.exec(line) ?? [];
    if (seq !== undefined && name !== undefined) {
      return [{ seq: Number(seq), name, value: Number(value) }];
    }
    if (eventSeq === undefined) return [];
    return [{ seq: Number(eventSeq), name: "event", value: Number(cause) }];
  });
  return { stream, rows };
}
