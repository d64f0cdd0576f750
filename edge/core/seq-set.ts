/** Seqs from `from` to `to`, both included. */
export type SeqRange = { readonly from: number; readonly to: number };

/**
 * A set of seqs kept as ranges: ascending, disjoint, not adjacent. Immutable; every function
 * returns a new set.
 */
export type SeqSet = readonly SeqRange[];

/** `set` with every seq of `range` added. */
export function withRange(set: SeqSet, range: SeqRange): SeqSet {
  let { from, to } = range;
  const before: SeqRange[] = [];
  const behind: SeqRange[] = [];
  for (const other of set) {
    if (other.to < from - 1) before.push(other);
    else if (other.from > to + 1) behind.push(other);
    else {
      from = Math.min(from, other.from);
      to = Math.max(to, other.to);
    }
  }
  return [...before, { from, to }, ...behind];
}

/** `set` with `seq` added. */
export function withSeq(set: SeqSet, seq: number): SeqSet {
  const last = set.at(-1);
  if (last !== undefined && last.to === seq - 1) {
    return [...set.slice(0, -1), { from: last.from, to: seq }];
  }
  return withRange(set, { from: seq, to: seq });
}

/** Whether `set` holds `seq`. */
export function hasSeq(set: SeqSet, seq: number): boolean {
  return rangeOf(set, seq) !== undefined;
}

/** The one of `set`, which ascend and are disjoint, that holds `seq`, or undefined. */
export function rangeOf<Range extends SeqRange>(
  set: readonly Range[],
  seq: number,
): Range | undefined {
  let [low, high] = [0, set.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const range = set[middle];
    if (range !== undefined && range.to < seq) low = middle + 1;
    else high = middle;
  }
  const range = set[low];
  return range !== undefined && range.from <= seq ? range : undefined;
}

/** What `set` does not hold of `range`. */
export function missingIn(set: SeqSet, { from, to }: SeqRange): SeqSet {
  const missing: SeqRange[] = [];
  let next = from;
  for (const held of set) {
    if (held.to < next || held.from > to) continue;
    if (held.from > next) missing.push({ from: next, to: held.from - 1 });
    next = held.to + 1;
  }
  if (next <= to) missing.push({ from: next, to });
  return missing;
}

/** The lowest seq from `from` on that `set` does not hold. */
export function firstMissing(set: SeqSet, from: number): number {
  const within = rangeOf(set, from);
  return within === undefined ? from : within.to + 1;
}

/** How many seqs from 1 to `head` are missing from `set`. */
export function missingCount(set: SeqSet, head: number): number {
  return set.reduce(
    (missing, { from, to }) => missing - Math.max(0, Math.min(to, head) - from + 1),
    head,
  );
}

/** What either of two sets holds. */
export function union(one: SeqSet, other: SeqSet): SeqSet {
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one;
  const ranges: { from: number; to: number }[] = [];
  for (const { from, to } of [...one, ...other].toSorted((a, b) => a.from - b.from)) {
    const last = ranges.at(-1);
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
    else ranges.push({ from, to });
  }
  return ranges;
}

/** What both of two sets hold. */
export function intersection(one: SeqSet, other: SeqSet): SeqSet {
  return other.flatMap((range) => within(one, range));
}

/** What `set` holds of `range`. */
export function within(set: SeqSet, { from, to }: SeqRange): SeqSet {
  return set
    .map((range) => ({ from: Math.max(range.from, from), to: Math.min(range.to, to) }))
    .filter((range) => range.from <= range.to);
}

/** What `set` holds and `other` does not. */
export function without(set: SeqSet, other: SeqSet): SeqSet {
  return set.flatMap((range) => missingIn(other, range));
}

/** How many seqs `set` holds. */
export function countIn(set: SeqSet): number {
  return set.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** The set of `seqs`, which ascend. */
export function seqSetOf(seqs: readonly number[]): SeqSet {
  const ranges: { from: number; to: number }[] = [];
  for (const seq of seqs) {
    const last = ranges.at(-1);
    if (last !== undefined && last.to === seq - 1) last.to = seq;
    else ranges.push({ from: seq, to: seq });
  }
  return ranges;
}

/** `set` as people write it: `1-600,620`. */
export function seqText(set: SeqSet): string {
  return set.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

/** The set that `seqText` wrote; null where `text` is none. */
export function seqSetIn(text: string): SeqSet | null {
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text)) return null;
  return text.split(",").map((part) => {
    const [from, to = from] = part.split("-").map(Number) as [number, number?];
    return { from, to };
  });
}
