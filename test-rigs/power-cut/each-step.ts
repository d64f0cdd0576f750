import { messageOf } from "../../edge/core/errors.ts";
import { flushFolder } from "../../edge/world/durable-file.ts";
import { startChild } from "../processes/child.ts";
import { compiledLibrary } from "../processes/compiled.ts";
import { Random } from "../sim/random.ts";
import { NOTHING_LOST, startVolatileDisk, tell, type VolatileDisk, WAYS } from "./volatile-disk.ts";

/** Nothing but flushes may bring anything to the disk, and no help for those who forget them. */
const MOUNT = "barrier=1,commit=300,noauto_da_alloc";
const FLOW_MS = 120_000;
const BEGIN = "begin";

/** A program whose steps change what is on a disk, and what must hold wherever they are cut off. */
export type Flow = {
  readonly name: string;
  /** Makes, in the folder `dir` of the disk, what the program finds. */
  prepare(dir: string): Promise<void> | void;
  /** What is run; it may note in `control` what it has promised, as `mark said TEXT`. */
  command(dir: string, control: string): readonly string[];
  /**
   * Starts after a cut as the box does, and repeats what was cut off: what is wrong then, in words.
   * `before` are the steps before the cut, and `said TEXT` for what had been promised.
   */
  examine(dir: string, before: readonly string[]): Promise<readonly string[]> | readonly string[];
};

/** What came of cutting the power at the steps of a flow. */
export type StepTally = {
  readonly name: string;
  /** How many steps changed something on the disk. */
  readonly steps: number;
  readonly cuts: number;
  /** After how many of them something was wrong. */
  readonly broken: number;
  /** What was wrong, after which step. */
  readonly faults: readonly string[];
};

/** Which cuts are made. */
export type Cutting = {
  readonly seed: number;
  /** No more cuts of one flow; all of them where it is left out. */
  readonly most?: number;
  /** Whether the program flushes what it writes: without, the cuts must find harm. */
  readonly isFlushed: boolean;
  /** After how many cuts that did harm no more are made; never where it is left out. */
  readonly enough?: number;
};

/** A disk on which flows are cut. */
export class CutDisk implements AsyncDisposable {
  readonly #disk: VolatileDisk;
  readonly #shim = compiledLibrary(new URL("each-step.c", import.meta.url));

  private constructor(disk: VolatileDisk) {
    this.#disk = disk;
  }

  /** Only root may. */
  static async start(): Promise<CutDisk> {
    return new CutDisk(await startVolatileDisk(1));
  }

  /**
   * Runs `flow` once while all that it writes is recorded, and then looks at what a power cut after
   * each step leaves, and one amid what the step brought to the disk.
   */
  async cut(flow: Flow, { seed, most, isFlushed, enough }: Cutting): Promise<StepTally> {
    const random = new Random(seed).stream(`${flow.name} ${isFlushed}`);
    const { notes, begin, steps } = await this.#record(flow, isFlushed);
    const places = placesOf(begin, steps, random);
    const chosen = most === undefined ? places : someOf(places, most, random);
    const faults: string[] = [];
    let [cuts, broken] = [0, 0];
    for (const { place, way, step } of chosen) {
      if (broken >= (enough ?? Number.POSITIVE_INFINITY)) break;
      cuts += 1;
      this.#disk.cutAt(place, way, random.integer(1, 2 ** 31));
      const before = notes.filter((note) => note.place < place).map(({ text }) => text);
      const found = await this.#examined(flow, before);
      if (found.length === 0) continue;
      broken += 1;
      faults.push(`${flow.name}, ${way === NOTHING_LOST ? "after" : "amid"} ${step}: ${found[0]}`);
    }
    return { name: flow.name, steps: steps.length, cuts, broken, faults };
  }

  /**
   * Cuts the power `cuts` times in a row amid the steps of `flow`, which is begun anew on what each
   * cut leaves. What is wrong after one of them, in words.
   */
  async cutAgain(flow: Flow, cuts: number, seed: number): Promise<readonly string[]> {
    const random = new Random(seed);
    const faults: string[] = [];
    this.#disk.format();
    await this.#mounted(() => flow.prepare(this.#disk.dir));
    for (let cut = 1; cut <= cuts; cut++) {
      const { begin, length } = await this.#recorded(flow, true);
      const place = random.integer(begin, length);
      this.#disk.cutAt(place, random.integer(0, NOTHING_LOST), random.integer(1, 2 ** 31));
      const found = await this.#examined(flow, []);
      faults.push(...found.map((each) => `cut ${cut} in a row: ${each}`));
    }
    return faults;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#disk.close();
  }

  async #record(flow: Flow, isFlushed: boolean) {
    this.#disk.format();
    await this.#mounted(() => flow.prepare(this.#disk.dir));
    return await this.#recorded(flow, isFlushed);
  }

  async #recorded(flow: Flow, isFlushed: boolean) {
    const { control, dir } = this.#disk;
    this.#disk.record();
    return await this.#mounted(async () => {
      // What mounting writes is no step of the flow.
      flushFolder(dir);
      tell(control, `mark ${BEGIN}`);
      const [program = "", ...operands] = flow.command(dir, control);
      const child = startChild(program, operands, {
        LD_PRELOAD: this.#shim,
        STEP_DISK: dir,
        STEP_CONTROL: control,
        ...(isFlushed ? {} : { STEP_NO_FLUSH: "1" }),
      });
      const late = setTimeout(() => child.signal("SIGKILL"), FLOW_MS);
      const how = await child.exited.finally(() => clearTimeout(late));
      const { notes: all, length } = this.#disk.recorded();
      if (how !== 0) throw new Error(`${flow.name} ended (${how}): ${child.lines.join("\n")}`);
      const notes = all.map(({ place, text }) => ({ place, text: text.replace(`${dir}/`, "") }));
      const begin = notes.find(({ text }) => text === BEGIN)?.place ?? 0;
      const steps = notes.filter(({ text }) => text !== BEGIN && !text.startsWith("said "));
      return { notes, begin, steps, length };
    });
  }

  async #examined(flow: Flow, before: readonly string[]): Promise<readonly string[]> {
    try {
      return await this.#mounted(() => flow.examine(this.#disk.dir, before));
    } catch (error) {
      return [messageOf(error)];
    }
  }

  async #mounted<T>(act: () => Promise<T> | T): Promise<T> {
    const refused = this.#disk.mount(MOUNT);
    if (refused !== null) throw new Error(`it does not mount: ${refused}`);
    try {
      return await act();
    } finally {
      this.#disk.unmount();
    }
  }
}

type Place = { readonly place: number; readonly way: number; readonly step: string };

/** After each step, with all that is on the way to the disk, and once within each, with losses. */
function placesOf(
  begin: number,
  steps: readonly { readonly place: number; readonly text: string }[],
  random: Random,
): readonly Place[] {
  let before = begin;
  return steps.flatMap(({ place, text }): Place[] => {
    const from = before;
    before = place;
    return [
      { place: random.integer(from, place), way: random.integer(0, WAYS - 1), step: text },
      { place, way: NOTHING_LOST, step: text },
    ];
  });
}

/** `most` of `places`, spread over all of them. */
function someOf(places: readonly Place[], most: number, random: Random): readonly Place[] {
  if (places.length <= most) return places;
  const stride = places.length / most;
  return Array.from({ length: most }, (_, index) => {
    return places[Math.floor((index + random.next()) * stride)] ?? places[0];
  }).filter((place) => place !== undefined);
}
