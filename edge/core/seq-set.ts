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
  return set.some(({ from, to }) => from <= seq && seq <= to);
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
  const within = set.find((range) => range.from <= from && from <= range.to);
  return within === undefined ? from : within.to + 1;
}

/** How many seqs from 1 to `head` are missing from `set`. */
export function missingCount(set: SeqSet, head: number): number {
  return set.reduce(
    (missing, { from, to }) => missing - Math.max(0, Math.min(to, head) - from + 1),
    head,
  );
}
