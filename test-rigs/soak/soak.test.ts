import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import test from "ava";
import { startChild, tempDir } from "../processes/child.ts";
import { plotOf } from "./plot.ts";
import { type Course, trendOf } from "./slope.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

/** A course that gains `gain` over its hundred values and swings by `swing`. */
function course(gain: number, swing: number): Course {
  const values = Array.from({ length: 100 }, (_, i) => 50 + (gain * i) / 99 + swing * Math.sin(i));
  return { name: "heap", unit: "MB", values, tolerance: 0.5 };
}

test("what swings and does not grow is flat, what grows beyond its noise is not", (t) => {
  t.true(trendOf(course(0, 3)).isFlat);
  t.true(trendOf(course(0.3, 0)).isFlat);
  t.false(trendOf(course(10, 3)).isFlat);
  t.false(trendOf(course(1, 0.1)).isFlat);
  t.true(trendOf(course(-10, 0)).isFlat);
});

test("the warm-up counts neither way", (t) => {
  const { values, ...rest } = course(0, 0);
  const warming = values.map((value, i) => (i < 25 ? value - 40 + i : value));
  const { isFlat, growth } = trendOf({ ...rest, values: warming });
  t.true(isFlat);
  t.is(growth, 0);
});

test("a course that was hardly looked at is not judged", (t) => {
  t.throws(() => trendOf({ ...course(0, 0), values: [1, 2, 3] }), { message: /3 times only/ });
});

test("a plot is an image with a panel for each course", (t) => {
  const each = course(1, 1);
  const svg = plotOf("a < b", [
    [each, trendOf(each)],
    [each, trendOf(each)],
  ]);
  t.regex(svg, /^<svg /);
  t.is(svg.match(/<polyline/g)?.length, 4);
  t.regex(svg, /a &lt; b/);
});

test("half an hour of a gateway in virtual time sets no more and more timers, and is drawn", async (t) => {
  t.timeout(120_000);
  const dir = tempDir("soak");
  const soak = startChild(process.execPath, [
    MAIN,
    "virtual",
    "--days",
    "0.02",
    "--looks",
    "12",
    "--out",
    dir,
  ]);
  // In so short a time the buffer is not full and the program not warm: both may grow yet.
  await soak.exited;
  const told = soak.lines.join("\n");
  t.regex(told, /flat {2}timers: .*noise/);
  t.regex(told, /(flat|GROWS) +heap: .*noise/);
  t.regex(readFileSync(join(dir, "soak-virtual.svg"), "utf8"), /<svg/);
});
