import type { AddressRange, DriverPoint } from "../driver.ts";
import { sizeOf } from "./value.ts";

/** Points that are read together, and the addresses they take: up to, not including, `end`. */
export type Span = {
  readonly address: number;
  readonly end: number;
  /** At least one, in the order of their addresses. */
  readonly points: readonly DriverPoint[];
};

/** What spans must keep to, and what they cost. */
export type SpanRules = {
  /** At most so many registers or bits. */
  readonly limit: number;
  /** At most so many between two points that no point needs. */
  readonly maxGap: number;
  /** Where no two points are read together across. */
  readonly barriers: readonly Pick<AddressRange, "address" | "count">[];
  /** How long a request for `count` registers or bits takes, in milliseconds. */
  readonly costMs: (count: number) => number;
};

/** The best way to read the points from one on: how long it takes, and where its first span ends. */
type Best = { readonly ms: number; readonly last: number };

/**
 * The spans that read every one of `points`, all of one area, in the least time; of equals the
 * fewest, filled from the lowest address on. The order of `points` makes no difference.
 *
 * A point that lies within another is read with it for nothing. The others end in the order in
 * which they begin, and where two spans interlace, giving one of them all points up to its end
 * makes neither longer: so it is enough to try where the span that begins with each point ends.
 */
export function cheapestSpans(points: readonly DriverPoint[], rules: SpanRules): readonly Span[] {
  const outer = withNested(points);
  const best: Best[] = new Array(outer.length);
  for (let first = outer.length - 1; first >= 0; first--) {
    best[first] = bestFrom(outer, first, best, rules);
  }
  const spans: Span[] = [];
  for (let first = 0; first < outer.length; ) {
    const { last } = best[first] as Best;
    spans.push(joined(outer.slice(first, last + 1)));
    first = last + 1;
  }
  return spans;
}

/** Every point that lies in no other, with those that lie in it, by address. */
function withNested(points: readonly DriverPoint[]): readonly Span[] {
  const outer: (Span & { readonly points: DriverPoint[] })[] = [];
  const sorted = points.toSorted(
    (a, b) => a.address - b.address || sizeOf(b) - sizeOf(a) || (a.id < b.id ? -1 : 1),
  );
  for (const point of sorted) {
    const last = outer.at(-1);
    const end = point.address + sizeOf(point);
    if (last !== undefined && end <= last.end) last.points.push(point);
    else outer.push({ address: point.address, end, points: [point] });
  }
  return outer;
}

/** The best way to read the points from `first` on, from the best ways to read fewer. */
function bestFrom(
  outer: readonly Span[],
  first: number,
  best: readonly Best[],
  rules: SpanRules,
): Best {
  const { address } = outer[first] as Span;
  let found: Best | null = null;
  for (let last = first; last < outer.length; last++) {
    if (last > first && !canReach(outer, address, last, rules)) break;
    const { end } = outer[last] as Span;
    const ms = rules.costMs(end - address) + (best[last + 1]?.ms ?? 0);
    if (found === null || ms <= found.ms) found = { ms, last };
  }
  return found as Best;
}

/** Whether a span from `address` that may end with the point before `last` may end with it. */
function canReach(outer: readonly Span[], address: number, last: number, rules: SpanRules) {
  const { end: before } = outer[last - 1] as Span;
  const { address: next, end } = outer[last] as Span;
  if (end - address > rules.limit || next - before > rules.maxGap) return false;
  return !rules.barriers.some((barrier) => liesAcross(barrier, address, end));
}

/** Whether reading from `address` up to `end` reads in `barrier`, or what is on both its sides. */
function liesAcross(
  barrier: Pick<AddressRange, "address" | "count">,
  address: number,
  end: number,
): boolean {
  return barrier.address < end && barrier.address + barrier.count > address;
}

function joined(members: readonly Span[]): Span {
  const { address } = members[0] as Span;
  const { end } = members.at(-1) as Span;
  return { address, end, points: members.flatMap(({ points }) => points) };
}
