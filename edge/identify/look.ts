import type { Area } from "../core/point.ts";
import type { Clock } from "../core/time.ts";
import type { AreaSamples } from "./hypotheses.ts";

/** Registers that are read in one request. */
export type Block = { readonly area: Area; readonly address: number; readonly count: number };

/** What registers hold; `refused` by the device with an exception; `lost`: no good answer. */
export type BlockRead = readonly number[] | "refused" | "lost";

export type LookParts = {
  readonly clock: Clock;
  readonly read: (block: Block) => Promise<BlockRead>;
  readonly areas: readonly Area[];
  /** First and last PDU address to look at. */
  readonly from: number;
  readonly to: number;
  /** How long to look once it is known what can be read, in milliseconds. */
  readonly forMs: number;
  readonly onProgress: (done: number, total: number) => void;
};

/** What was seen, and how much of it. */
export type Look = {
  readonly samples: readonly AreaSamples[];
  readonly blocks: readonly Block[];
  readonly rounds: number;
  /** Requests that came to nothing, refusals left out. */
  readonly lost: number;
};

/** At most so many registers in one request: what every device takes. */
const BLOCK_MAX = 16;
/** So many requests without an answer, and none with one: nobody is there. */
const LOST_MAX = 3;
/** Between two rounds at least so long, and never shorter than a round took: the line is not ours. */
const PAUSE_MS = 2_000;
/** Enough to tell everything apart. */
const ROUNDS_MAX = 400;

/**
 * Finds what can be read of a unit, halving what it refuses, then reads that round by round for a
 * time, gently. A round that is not whole is left out.
 */
export async function look(parts: LookParts, signal: AbortSignal): Promise<Look> {
  const { clock, areas, forMs, onProgress } = parts;
  const found = await readable(parts, signal);
  const rounds = new Map(areas.map((area) => [area, [] as ReadonlyMap<number, number>[]]));
  const from = clock.uptime();
  let lost = found.lost;
  let count = 0;
  while (found.blocks.length > 0 && !signal.aborted && count < ROUNDS_MAX) {
    const begun = clock.uptime();
    const round = await roundOf(found.blocks, parts, signal);
    lost += round.lost;
    for (const [area, words] of round.words) rounds.get(area)?.push(words);
    count++;
    const now = clock.uptime();
    onProgress(Math.min(now - from, forMs), forMs);
    if (now - from >= forMs) break;
    await clock.sleep(Math.max(PAUSE_MS, now - begun), signal).catch(() => {});
  }
  const samples = areas.map((area) => ({ area, rounds: rounds.get(area) ?? [] }));
  return { samples, blocks: found.blocks, rounds: count, lost };
}

async function readable({ read, areas, from, to }: LookParts, signal: AbortSignal) {
  const blocks: Block[] = [];
  let lost = 0;
  let answers = 0;
  const probe = async (block: Block): Promise<void> => {
    if (signal.aborted || (answers === 0 && lost >= LOST_MAX)) return;
    const outcome = await read(block);
    if (outcome === "lost") {
      lost++;
      return;
    }
    answers++;
    if (outcome !== "refused") {
      blocks.push(block);
      return;
    }
    if (block.count === 1) return;
    const half = Math.ceil(block.count / 2);
    await probe({ ...block, count: half });
    await probe({ ...block, address: block.address + half, count: block.count - half });
  };
  for (const area of areas) {
    for (let address = from; address <= to; address += BLOCK_MAX) {
      await probe({ area, address, count: Math.min(BLOCK_MAX, to - address + 1) });
    }
  }
  return { blocks, lost };
}

/** The registers of each area of which every block was read. */
async function roundOf(blocks: readonly Block[], { read }: LookParts, signal: AbortSignal) {
  const words = new Map<Area, Map<number, number>>();
  const broken = new Set<Area>();
  let lost = 0;
  for (const block of blocks) {
    const { area, address } = block;
    const outcome = signal.aborted ? "lost" : await read(block);
    if (typeof outcome === "string") {
      broken.add(area);
      lost++;
      continue;
    }
    const known = words.get(area) ?? new Map<number, number>();
    words.set(area, known);
    for (const [i, word] of outcome.entries()) known.set(address + i, word);
  }
  return { words: [...words].filter(([area]) => !broken.has(area)), lost };
}
