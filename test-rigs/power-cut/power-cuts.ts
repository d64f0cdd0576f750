import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "../processes/child.ts";
import { Random } from "../sim/random.ts";
import { judge, type Promised } from "./judge.ts";
import { startVolatileDisk, type VolatileDisk } from "./volatile-disk.ts";

const WRITER = fileURLToPath(new URL("writer.ts", import.meta.url));
const OFF = new URL("synchronous-off.ts", import.meta.url).href;
const NO_FLUSH = new URL("no-flush.ts", import.meta.url).href;

/** A machine that does much else starts a process slowly. */
const START_MS = 30_000;
/** How long after its first commit a writer may go on, and how long a start may take. */
const WRITING_MS = 250;
const STARTING_MS = 400;
/** How often the power is cut once more while the buffer is being opened after a cut. */
const AGAIN = 0.25;
/** The most faults that are told. */
const MOST_TOLD = 10;

/** What can be left out of what a buffer on a card needs, so that the cuts must find it. */
export type Flaw = "none" | "synchronous=OFF" | "no flush" | "barrier=0";

/** What is imported before the writer of a flaw that is its own. */
const PRELOADS: Partial<Record<Flaw, readonly string[]>> = {
  "synchronous=OFF": [OFF, NO_FLUSH],
  "no flush": [NO_FLUSH],
};

/** What came of the cuts. */
export type Tally = {
  /** Power cuts after which everything was examined, and those amid the recovery from one. */
  readonly examined: number;
  readonly amidRecovery: number;
  /** Commits that were acknowledged before the power went. */
  readonly acknowledged: number;
  /** Sectors that were written and not durable when it went, and how many of them were lost. */
  readonly unflushed: number;
  readonly sectorsLost: number;
  /** Acknowledged commits that were gone; cuts after which something was wrong; did not mount. */
  readonly lost: number;
  readonly corrupt: number;
  readonly unmountable: number;
  /** The first faults, in words. */
  readonly faults: readonly string[];
};

/** The figures of `tally` in words. */
export function textOf(tally: Tally): string {
  const { examined, amidRecovery, acknowledged, unflushed, sectorsLost } = tally;
  return (
    `${examined} power cuts examined, ${amidRecovery} more amid the recovery; ` +
    `of ${unflushed} unflushed sectors ${sectorsLost} lost; of ${acknowledged} acknowledged ` +
    `commits ${tally.lost} lost; ${tally.corrupt} corrupt, ${tally.unmountable} unmountable`
  );
}

/** Whether the cuts did harm. */
export function didHarm({ lost, corrupt, unmountable }: Tally): boolean {
  return lost + corrupt + unmountable > 0;
}

/**
 * Cuts the power of a disk, on which the buffer is being written, `cuts` times at moments drawn
 * from `seed`, and examines each time what is left. The disk goes on with that, and is formatted
 * only where there was harm. With a flaw, the first harm is enough.
 */
export async function cutPower(cuts: number, seed: number, flaw: Flaw): Promise<Tally> {
  const disk = await startVolatileDisk(seed);
  try {
    const run = new Run(disk, new Random(seed), flaw);
    for (let cut = 0; cut < cuts; cut++) {
      await run.round();
      if (flaw !== "none" && didHarm(run.tally)) break;
    }
    return run.tally;
  } finally {
    await disk.close();
  }
}

const NOTHING: Promised = { acknowledged: 0, stream: null, lives: [] };

/** One disk's history. */
class Run {
  tally: Tally = {
    examined: 0,
    amidRecovery: 0,
    acknowledged: 0,
    unflushed: 0,
    sectorsLost: 0,
    lost: 0,
    corrupt: 0,
    unmountable: 0,
    faults: [],
  };
  readonly #disk: VolatileDisk;
  readonly #random: Random;
  readonly #flaw: Flaw;
  #promised = NOTHING;
  #life = 0;
  #isFormatted = false;

  constructor(disk: VolatileDisk, random: Random, flaw: Flaw) {
    this.#disk = disk;
    this.#random = random;
    this.#flaw = flaw;
  }

  /** Writes, cuts the power, sometimes once more in the start that follows, and examines. */
  async round(): Promise<void> {
    if (!this.#isFormatted) {
      this.#disk.format();
      this.#isFormatted = true;
      this.#promised = NOTHING;
    }
    if (!this.#mount()) return;
    await this.#writeAndCut(async (writer) => {
      await writer.waitFor(/^ack /, START_MS);
      await sleep(this.#random.between(0, WRITING_MS));
    });
    if (this.#random.chance(AGAIN)) {
      if (!this.#mount()) return;
      await this.#writeAndCut(() => sleep(this.#random.between(0, STARTING_MS)));
      this.#add({ amidRecovery: 1 });
    }
    this.#add({ examined: 1 });
    if (!this.#mount()) return;
    const { lost, corrupt } = await judge(this.#disk.dir, this.#promised);
    this.#disk.unmount();
    if (lost > 0) this.#fault({ lost }, `${lost} acknowledged commits are gone`);
    if (corrupt.length > 0) this.#fault({ corrupt: 1 }, corrupt.join("; "));
  }

  async #writeAndCut(moment: (writer: Child) => Promise<void>): Promise<void> {
    const life = ++this.#life;
    const preloads = (PRELOADS[this.#flaw] ?? []).flatMap((module) => ["--import", module]);
    const args = [...preloads, WRITER, this.#disk.dir, String(life)];
    const writer = startChild(process.execPath, args);
    try {
      await moment(writer);
    } finally {
      const { atNs, unflushed, lost } = await this.#disk.cut();
      await writer.end("SIGKILL");
      this.#disk.unmount();
      await this.#disk.powerOn();
      this.#add({ unflushed, sectorsLost: lost });
      this.#learn(writer.lines, atNs);
    }
  }

  /** Takes note of what the writer was promised before the power went. */
  #learn(lines: readonly string[], cutNs: bigint): void {
    for (const line of lines) {
      const [what, number, word = ""] = line.split(" ");
      const { acknowledged, stream, lives } = this.#promised;
      const seq = Number(number);
      if (what === "open") {
        this.#promised = {
          acknowledged,
          stream: acknowledged === 0 ? word : stream,
          lives: [...lives, { from: seq + 1, life: this.#life }],
        };
      } else if (what === "ack" && BigInt(word) < cutNs) {
        this.#promised = { ...this.#promised, acknowledged: seq };
        this.#add({ acknowledged: 1 });
      }
    }
  }

  #mount(): boolean {
    const options = this.#flaw === "barrier=0" ? "barrier=0" : "barrier=1";
    const refused = this.#disk.mount(options);
    if (refused !== null) this.#fault({ unmountable: 1 }, refused);
    return refused === null;
  }

  #fault(count: Partial<Counts>, text: string): void {
    this.#add(count);
    this.#isFormatted = false;
    const faults = [...this.tally.faults, `after cut ${this.tally.examined}: ${text}`];
    this.tally = { ...this.tally, faults: faults.slice(0, MOST_TOLD) };
  }

  #add(more: Partial<Counts>): void {
    const { faults, ...counts } = this.tally;
    const sum = (name: keyof Counts) => counts[name] + (more[name] ?? 0);
    this.tally = {
      examined: sum("examined"),
      amidRecovery: sum("amidRecovery"),
      acknowledged: sum("acknowledged"),
      unflushed: sum("unflushed"),
      sectorsLost: sum("sectorsLost"),
      lost: sum("lost"),
      corrupt: sum("corrupt"),
      unmountable: sum("unmountable"),
      faults,
    };
  }
}

type Counts = Omit<Tally, "faults">;
