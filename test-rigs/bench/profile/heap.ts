import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { HeapSpaceInfo } from "node:v8";

/** What V8's heap is made of, over all threads, in kilobytes. */
export type Heap = {
  /** The young generation. */
  readonly young: number;
  /** Objects in the rest. */
  readonly live: number;
  /** What the rest has beyond them: it grows by so much before garbage is collected. */
  readonly growth: number;
};

/** What the threads of a gateway told in `dir`, see `heap-probe.ts`. */
export function heapIn(dir: string): Heap {
  const files = readdirSync(dir).filter((name) => name.endsWith(".json"));
  const spaces = files.flatMap(
    (name) => JSON.parse(readFileSync(join(dir, name), "utf8")) as HeapSpaceInfo[],
  );
  return heapOf(spaces);
}

/** The same of `spaces`, which are those of all threads. */
export function heapOf(
  spaces: readonly Pick<HeapSpaceInfo, "space_name" | "physical_space_size" | "space_used_size">[],
): Heap {
  const [young, old] = [true, false].map((is) =>
    spaces.filter(({ space_name }) => space_name.startsWith("new_") === is),
  );
  const physical = (of: typeof spaces = []) =>
    of.reduce((sum, { physical_space_size }) => sum + physical_space_size, 0) / 1024;
  const live = (old ?? []).reduce((sum, each) => sum + each.space_used_size, 0) / 1024;
  return { young: physical(young), live, growth: Math.max(0, physical(old) - live) };
}
