import test from "ava";
import { markdownTable } from "../../reference/markdown-table.ts";
import { quantile } from "../usage.ts";
import { barPlot } from "./bar-plot.ts";
import { growthOf, isWorseThan, type Step } from "./exponent.ts";
import { growthPlot } from "./growth-plot.ts";
import { fillUp } from "./latency.ts";
import { busyLine } from "./machine.ts";
import { barsText, sectionText } from "./markdown.ts";
import { verdictLine } from "./report.ts";
import { Results } from "./runs.ts";
import { type Bar, medianOf, quantiles, type Section, shown, verdictOf } from "./section.ts";
import { missingShare, Tally } from "./tally.ts";

const SIZES = [1, 10, 100, 1000];

/** Steps whose costs `of` tells, with three runs that differ by `noise` as a share. */
function steps(of: (size: number) => number, noise = 0): readonly Step[] {
  return SIZES.map((size, at) => ({
    size,
    costs: [0, 1, 2].map((run) => of(size) * (1 + noise * Math.sin(7 * at + 3 * run))),
  }));
}

test("a power is found as its exponent, at the end too, with no spread", (t) => {
  for (const power of [0, 0.5, 1, 2]) {
    const { exponent, spread, atTheEnd, offset } = growthOf(steps((size) => 3 * size ** power));
    t.true(Math.abs(exponent - power) < 1e-9);
    t.true(Math.abs(atTheEnd - power) < 1e-9);
    t.true(spread < 1e-9);
    t.true(Math.abs(Math.exp(offset) - 3) < 1e-9);
  }
});

test("the spread of an exponent is that of its runs", (t) => {
  const [little, much] = [0.02, 0.3].map((noise) => growthOf(steps((size) => size, noise)));
  t.true((little?.spread ?? 1) < 0.02);
  t.true((much?.spread ?? 0) > 5 * (little?.spread ?? 1));
  t.true(Math.abs((much?.exponent ?? 0) - 1) < (much?.spread ?? 0) + 0.1);
});

test("linear is no worse than linear, with a fixed cost, or where noise leaves it open", (t) => {
  t.false(isWorseThan(growthOf(steps((size) => 5 * size)), 1));
  t.false(isWorseThan(growthOf(steps((size) => 50 + size)), 1));
  t.false(isWorseThan(growthOf(steps((size) => size, 0.1)), 1));
});

test("what grows with the square is worse, even where a fixed cost hides it at small sizes", (t) => {
  t.true(isWorseThan(growthOf(steps((size) => size ** 2)), 1));
  const hidden = growthOf(steps((size) => 10_000 + size ** 2));
  t.true(hidden.exponent < 1);
  t.true(isWorseThan(hidden, 1));
});

test("what is not to grow at all is worse as soon as it grows", (t) => {
  t.false(isWorseThan(growthOf(steps(() => 4)), 0));
  t.true(isWorseThan(growthOf(steps((size) => size ** 0.4)), 0));
});

test("growth needs two sizes and costs above nothing", (t) => {
  t.throws(() => growthOf([{ size: 1, costs: [1] }]), { message: /two sizes/ });
  t.throws(() => growthOf(steps(() => 0)), { message: /not above 0/ });
});

test("the median is the middle one, or between the two in the middle", (t) => {
  t.is(medianOf([9, 1, 2]), 2);
  t.is(medianOf([1, 2, 4, 10]), 3);
  t.true(Number.isNaN(medianOf([])));
});

test("a figure is shown with its spread, and what was not measured as a dash", (t) => {
  t.is(shown([1234.56, 1000, 2000], 1), "1,234.6 (1,000.0–2,000.0)");
  t.is(shown([2], 2), "2.00");
  t.is(shown([2.001, 2.002], 2), "2.00");
  t.is(shown([], 2), "–");
});

test("a part of the values is taken run by run", (t) => {
  t.deepEqual(quantiles([[1, 2, 3], [5], []], 0.5), [2, 5, Number.NaN]);
});

const BAR: Bar = {
  ...{ promise: "CPU", sense: "at most", limit: 2.5, unit: "%", digits: 1, values: [2, 2.5, 9] },
};

test("the median decides whether a bar is met, at the limit too", (t) => {
  t.is(verdictOf(BAR), "met");
  t.is(verdictOf({ ...BAR, values: [2, 2.6, 9] }), "MISSED");
  t.is(verdictOf({ ...BAR, sense: "at least", values: [2, 2.4, 9] }), "MISSED");
  t.is(verdictOf({ ...BAR, sense: "at least" }), "met");
  t.is(verdictOf({ ...BAR, values: [] }), "not measured");
});

test("the verdict counts the bars that were met and names the others", (t) => {
  const missed = { ...BAR, promise: "RSS", values: [3] };
  const unknown = { ...BAR, promise: "start", values: [] };
  t.is(verdictLine([BAR], 0), "1 of 1 bars met");
  const line = verdictLine([BAR, missed, unknown], 2);
  t.regex(line, /^1 of 3 bars met; MISSED: RSS; not measured: start; 2 parts/);
});

test("bars stand in a table with limit, figure and verdict", (t) => {
  t.is(
    barsText([BAR]),
    [
      "| bar |         limit |      measured | verdict |",
      "| --- | ------------: | ------------: | ------: |",
      "| CPU | at most 2.5 % | 2.5 (2.0–9.0) |     met |",
    ].join("\n"),
  );
});

test("a bar in a cell does not begin another column", (t) => {
  t.regex(
    markdownTable([
      ["a", "b"],
      ["x|y", "1"],
    ]),
    /x\\\|y/,
  );
});

const SECTION: Section = {
  title: "Steady < load",
  text: "How it was measured.",
  columns: ["ours", "theirs", "floor"],
  rows: [
    { name: "CPU", digits: 1, cells: [[4, 5, 6], [2], "not measured: needs gcc"], isDrawn: true },
    { name: "RSS", digits: 0, cells: [[80], [160], [4]] },
  ],
};

test("a section is its table, with why something is missing, and its pictures", (t) => {
  const text = sectionText(SECTION, ["steady.svg"]);
  t.regex(text, /^## Steady < load\n\nHow it was measured\.\n\n\|/);
  t.regex(text, /\| CPU +\| +5\.0 \(4\.0–6\.0\) \| +2\.0 \| not measured: needs gcc \|/);
  t.regex(text, /!\[Steady < load\]\(steady\.svg\)$/);
});

test("a picture has a bar for each figure of the drawn rows, as long as its median", (t) => {
  const svg = barPlot(SECTION) ?? "";
  t.regex(svg, /^<svg /);
  t.regex(svg, /Steady &lt; load/);
  const widths = [...svg.matchAll(/<rect [^>]*width="([\d.]+)" height="12"/g)].map(([, w]) =>
    Number(w),
  );
  t.is(widths.length, 2);
  t.true(Math.abs((widths[0] ?? 0) / (widths[1] ?? 1) - 2.5) < 0.01);
  t.is(barPlot({ ...SECTION, rows: SECTION.rows.slice(1) }), null);
});

test("a picture of growth has every figure, a line a cost and what is linear", (t) => {
  const of = (size: number) => 2 * size ** 0.5;
  const cost = { name: "CPU", steps: steps(of), growth: growthOf(steps(of)) };
  const svg = growthPlot("Growth", "points", [cost, { ...cost, name: "memory" }]);
  t.is(svg.match(/<circle /g)?.length, 24);
  t.is(svg.match(/stroke-width="1.5"/g)?.length, 2);
  t.regex(svg, /CPU: 0\.50 ± 0\.00/);
  t.notRegex(svg, /NaN|Infinity/);
});

test("readings that are missing between the first and the last of a point are counted", (t) => {
  const tally = new Tally();
  for (const at of [0, 1000, 2003, 5001]) tally.note("d0.p0", at);
  for (const at of [0, 1000, 2000, 3000, 4000, 5000]) tally.note("block", at, 100);
  t.is(tally.readings, 604);
  t.is(tally.missing(1000, 101), 2);
  tally.clear();
  t.deepEqual([tally.readings, tally.missing(1000, 0)], [0, 0]);
});

test("a point that falls silent, comes late or never comes is missed, all its readings", (t) => {
  const tally = new Tally();
  for (let at = 0; at <= 12_000; at += 1000) tally.note("whole", at);
  t.is(tally.missing(1000, 1), 0);
  t.is(tally.missing(1000, 2), 13);
  for (let at = 0; at <= 3000; at += 1000) tally.note("silent", at);
  // Two of the nine may be on their way.
  t.is(tally.missing(1000, 2), 7);
  for (let at = 9000; at <= 12_000; at += 1000) tally.note("late", at);
  t.is(tally.missing(1000, 3), 14);
});

test("a destination that stalls misses all that was due meanwhile, and one that had nothing all", (t) => {
  const tally = new Tally();
  for (let at = 0; at < 6000; at += 1000) tally.note("block", at, 10);
  t.is(missingShare(tally, 10, 1000, 500), 0);
  t.is(missingShare(tally, 10, 1000, 8000), 0.5);
  t.is(missingShare(new Tally(), 10, 1000, 8000), 1);
});

test("an alarm that never came took longer than any other, so that a quantile shows it", (t) => {
  const times = [50, 60, 70];
  fillUp(times, 4);
  t.is(quantile(times, 0.5), 70);
  t.is(quantile(times, 0.99), Number.POSITIVE_INFINITY);
  const bar = { promise: "alarms", limit: 1.25, unit: "times", digits: 2 } as const;
  t.is(verdictOf({ ...bar, sense: "at most", values: [quantile(times, 0.99) / 60] }), "MISSED");
});

test("a busy machine is told of before any figure", (t) => {
  t.is(busyLine(0.9, 2), null);
  t.regex(busyLine(1.1, 2) ?? "", /busy: load 1\.1 on 2 cores/);
});

test("a peer that fails is out, says why once, and takes none of the others with it", async (t) => {
  const results = new Results<number>();
  for (let run = 1; run <= 2; run++) {
    for (const [at, { name }] of results.remaining()) {
      const failing = name.startsWith("Node-RED");
      const doing = failing ? Promise.reject(new Error("no npm\nand so on")) : Promise.resolve(run);
      const value = await results.attempt(at, doing);
      if (value !== null) results.add(at, 10 * value);
    }
  }
  const { cells } = results.row("CPU", 1, (value) => value + 1);
  t.deepEqual(cells, [[11, 21], "not measured", [11, 21], [11, 21]]);
  t.is(results.failures(), " Node-RED 5 + contrib-modbus was not measured: no npm.");
  t.deepEqual(
    results.of(1, (value) => value),
    [],
  );
});
