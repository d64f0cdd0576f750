import test from "ava";
import type { WallMs } from "../core/time.ts";
import { LINES_MAX, LogRing, PAGE_MAX } from "./log-ring.ts";

const SINCE = 1_000 as WallMs;

function ringOf(count: number): LogRing {
  const ring = new LogRing(SINCE);
  for (let i = 0; i < count; i++) {
    ring.add({ at: (SINCE + i) as WallMs, level: "info", text: `line ${i}`, fields: {} });
  }
  return ring;
}

test("lines come in their order, page by page, and each once", (t) => {
  const ring = ringOf(PAGE_MAX + 5);
  const first = ring.page(null);
  t.is(first.lines.length, PAGE_MAX);
  const second = ring.page(first.next);
  t.deepEqual(
    second.lines.map(({ text }) => text),
    [0, 1, 2, 3, 4].map((i) => `line ${PAGE_MAX + i}`),
  );
  t.deepEqual(ring.page(second.next), { ...second, lines: [] });
});

test("of more than are kept the oldest go, and it is told how many were asked for in vain", (t) => {
  const page = ringOf(LINES_MAX + 7).page(2);
  t.is(page.missed, 5);
  t.is(page.lines[0]?.text, "line 7");
  t.is(ringOf(LINES_MAX + 7).page(null).missed, 0);
});

test("who asks for lines that are still to come gets none", (t) => {
  t.like(ringOf(3).page(9), { next: 3, lines: [] });
});
