/** A range of memory of a process, of `/proc/PID/smaps`. */
type Mapping = {
  readonly from: number;
  readonly to: number;
  readonly mode: string;
  readonly path: string;
  readonly residentKb: number;
};

/** What the resident memory of a process is made of, in kilobytes. */
export type Resident = {
  /** Pages of Node, of its libraries and of SQLite: clean ones go where memory is short. */
  readonly program: number;
  /** The buffer's files. */
  readonly files: number;
  /** What the C library keeps for `malloc`. */
  readonly malloc: number;
  readonly stacks: number;
  /** Without a name: V8's heap, code that it compiled, larger pieces of `malloc`. */
  readonly anonymous: number;
};

/** Each of `malloc`'s arenas begins at a multiple of so much (glibc, HEAP_MAX_SIZE). */
const ARENA_BYTES = 64 * 1024 * 1024;
/** The stack of a thread is one of these, at most, behind a guard. */
const STACK_MAX_BYTES = 8 * 1024 * 1024;
const STACK_MIN_BYTES = 256 * 1024;
const GUARD_MAX_BYTES = 64 * 1024;

/** What the text of `/proc/PID/smaps` says, by kind. */
export function residentIn(smaps: string): Resident {
  const resident = { program: 0, files: 0, malloc: 0, stacks: 0, anonymous: 0 };
  let before: Mapping | null = null;
  for (const mapping of mappingsIn(smaps)) {
    resident[kindOf(mapping, before)] += mapping.residentKb;
    before = mapping;
  }
  return resident;
}

function kindOf(mapping: Mapping, before: Mapping | null): keyof Resident {
  const { from, mode, path } = mapping;
  if (path === "[heap]") return "malloc";
  if (path.startsWith("[stack")) return "stacks";
  if (path.startsWith("[anon")) return "anonymous";
  if (path !== "") return /\.db(-shm|-wal)?$/.test(path) ? "files" : "program";
  if (!mode.startsWith("rw-")) return "anonymous";
  if (isGuarded(mapping, before)) return "stacks";
  return from % ARENA_BYTES === 0 ? "malloc" : "anonymous";
}

function isGuarded({ from, to }: Mapping, before: Mapping | null): boolean {
  if (before === null || before.to !== from || !before.mode.startsWith("---")) return false;
  const isGuard = before.to - before.from <= GUARD_MAX_BYTES;
  return isGuard && to - from <= STACK_MAX_BYTES && to - from >= STACK_MIN_BYTES;
}

function mappingsIn(smaps: string): readonly Mapping[] {
  return smaps.split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/).flatMap((block) => {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)$/m.exec(block);
    if (head === null) return [];
    const [, from = "", to = "", mode = "", path = ""] = head;
    const residentKb = Number(/^Rss: +(\d+) kB$/m.exec(block)?.[1] ?? 0);
    const [first, last] = [Number.parseInt(from, 16), Number.parseInt(to, 16)];
    return [{ from: first, to: last, mode, path, residentKb }];
  });
}
