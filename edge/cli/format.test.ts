import test from "ava";
import stringWidth from "string-width";
import { columns, pad } from "./columns.ts";
import { formatAge, formatBytes, formatValue, roughAge } from "./format.ts";
import { say, sayOr } from "./text.ts";

test("an age is told in its largest unit and the one below", (t) => {
  const ages = [0, 999, 1000, 61_000, 3_600_000, 7_500_000, 90_000_000, 864_000_000];
  t.deepEqual(
    ages.map((ms) => formatAge(ms, "en")),
    ["0 ms", "999 ms", "1 s", "1 min 1 s", "1 h", "2 h 5 min", "1 d 1 h", "10 d"],
  );
  t.is(formatAge(7_500_000, "zh-CN"), "2 小时 5 分");
});

test("an age that a clock step made negative is told as none", (t) => {
  t.is(formatAge(-5, "en"), "0 ms");
});

test("bytes are told in powers of 1000", (t) => {
  t.deepEqual([0, 999, 1000, 12_345, 2_000_000_000].map(formatBytes), [
    "0 B",
    "999 B",
    "1.0 kB",
    "12 kB",
    "2.0 GB",
  ]);
});

test("an unknown value is a question mark, never a number", (t) => {
  t.is(formatValue(null), "?");
});

test("values are shown without binary dust", (t) => {
  t.deepEqual([0.1 + 0.2, 1234567, true, 18446744073709551615n].map(formatValue), [
    "0.3",
    "1234567",
    "true",
    "18446744073709551615",
  ]);
});

test("columns line up although Chinese characters take two cells", (t) => {
  const lines = columns([
    ["总线", "x"],
    ["a", "y"],
  ]);
  t.deepEqual(lines, ["总线  x", "a     y"]);
  t.is(stringWidth(pad("报警", 10)), 10);
  t.is(pad("7", 3, "right"), "  7");
});

test("parameters are filled in", (t) => {
  t.is(say("en", "runningFor", { age: "2 h" }), "running for 2 h");
  t.is(sayOr("zh-CN", "no-subscriber"), "代理服务器上没有订阅者");
  t.is(sayOr("en", "connect ECONNREFUSED"), "connect ECONNREFUSED");
});

test("a rough age is its largest unit alone", (t) => {
  const ages = [0, 999, 1000, 59_999, 60_000, 7_300_000, 200_000_000];
  t.deepEqual(
    ages.map((ms) => roughAge(ms, "en")),
    ["<1 s", "<1 s", "1 s", "59 s", "1 min", "2 h", "2 d"],
  );
  t.is(roughAge(7_300_000, "zh-CN"), "2 小时");
  t.is(roughAge(-5, "zh-CN"), "<1 秒", "a clock that was set back");
});
