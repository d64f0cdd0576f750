import test from "ava";
import fc from "fast-check";
import type { PointType } from "../../edge/core/point.ts";
import type { DriverPoint } from "../driver.ts";
import { aPoint } from "./fake-link.ts";
import { cheapestSpans, type SpanRules } from "./spans.ts";
import { sizeOf } from "./value.ts";

/** Whole numbers, so that sums are exact: a span costs as much as twelve registers. */
function costMs(count: number): number {
  return 12 + count;
}

const RULES: SpanRules = { limit: 125, maxGap: 125, barriers: [], costMs };

function spansOf(points: readonly DriverPoint[], rules: Partial<SpanRules> = {}): string[] {
  const spans = cheapestSpans(points, { ...RULES, ...rules });
  return spans.map(({ address, end, points: own }) => {
    return `${address} to ${end - 1}: ${own.map(({ id }) => id).join(" ")}`;
  });
}

test("of plans that take as long the one with fewer spans is taken", (t) => {
  const points = [aPoint({ id: "a" }), aPoint({ id: "b", address: 13 })];
  t.deepEqual(spansOf(points), ["0 to 13: a b"]);
});

test("spans are filled from the lowest address on", (t) => {
  const points = [0, 1, 2].map((address) => aPoint({ id: `p${address}`, address }));
  t.deepEqual(spansOf(points, { limit: 2 }), ["0 to 1: p0 p1", "2 to 2: p2"]);
});

test("what lies within a long value is read with it, though the two cannot be told from each other", (t) => {
  const points = [
    aPoint({ id: "low", address: 2 }),
    aPoint({ id: "text", type: "string", length: 4 }),
    aPoint({ id: "same", type: "string", length: 4 }),
  ];
  t.deepEqual(spansOf(points), ["0 to 3: same text low"]);
});

test("a point that lies across a barrier itself is read all the same", (t) => {
  const points = [aPoint({ id: "a", type: "uint32" }), aPoint({ id: "b", address: 2 })];
  const barriers = [{ address: 1, count: 0 }];
  t.deepEqual(spansOf(points, { barriers }), ["0 to 1: a", "2 to 2: b"]);
});

test("no points need no spans", (t) => {
  t.deepEqual(cheapestSpans([], RULES), []);
});

test("no other way of grouping takes less time", (t) => {
  const few = fc.array(
    fc.record({ address: fc.nat(30), type: fc.constantFrom("int16", "int32", "int64" as const) }),
    { minLength: 1, maxLength: 6 },
  );
  const limits = fc.record({ limit: fc.integer({ min: 4, max: 20 }), maxGap: fc.nat(15) });
  fc.assert(
    fc.property(few, limits, (list, some) => {
      const points = list.map((some, index) =>
        aPoint({ ...some, type: some.type as PointType, id: `p${index}` }),
      );
      const planned = cheapestSpans(points, { ...RULES, ...some });
      const ms = planned.reduce((sum, { address, end }) => sum + costMs(end - address), 0);
      t.is(ms, leastTime(points, { ...RULES, ...some }));
    }),
  );
});

/** The least time, found by trying every way to put the points into groups. */
function leastTime(points: readonly DriverPoint[], rules: SpanRules): number {
  let best = Number.POSITIVE_INFINITY;
  const groups: DriverPoint[][] = [];
  const place = (index: number): void => {
    const point = points[index];
    if (point === undefined) {
      const ms = groups.reduce((sum, group) => sum + timeOf(group, rules), 0);
      best = Math.min(best, ms);
      return;
    }
    for (const group of groups) {
      group.push(point);
      place(index + 1);
      group.pop();
    }
    groups.push([point]);
    place(index + 1);
    groups.pop();
  };
  place(0);
  return best;
}

/** How long one request for `group` takes; without end where the device does not take it. */
function timeOf(group: readonly DriverPoint[], { limit, maxGap }: SpanRules): number {
  const registers = group.flatMap((point) =>
    Array.from({ length: sizeOf(point) }, (_, index) => point.address + index),
  );
  const sorted = [...new Set(registers)].toSorted((a, b) => a - b);
  const widest = Math.max(0, ...sorted.map((at, index) => at - (sorted[index - 1] ?? at) - 1));
  const count = (sorted.at(-1) as number) - (sorted[0] as number) + 1;
  return count > limit || widest > maxGap ? Number.POSITIVE_INFINITY : costMs(count);
}
