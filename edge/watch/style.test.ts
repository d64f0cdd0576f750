import test from "ava";
import { bar, inBlack, inColour, plain, shortAge, sparkline } from "./style.ts";

test("a trend goes from the bottom to the top of its range, and stays within", (t) => {
  t.is(sparkline([0, 5, 10], 3, [0, 10]), "▁▅█");
  t.is(sparkline([-5, 50], 2, [0, 10]), "▁█");
});

test("a trend shows its newest values at the right, and unknown ones as dots", (t) => {
  t.is(sparkline([1, null], 4, [0, 10]), "  ▁·");
  t.is(sparkline([10, 10, 0, 0], 2, [0, 10]), "▁▁");
});

test("a bar is as long as it should be, whatever the part", (t) => {
  t.deepEqual(bar(0.5, 4), ["━━", "──"]);
  t.deepEqual(bar(2, 4), ["━━━━", ""]);
  t.deepEqual(bar(-1, 4), ["", "────"]);
});

test("ages are short", (t) => {
  const cases = [
    [0, "0.0 s"],
    [-3, "0.0 s"],
    [400, "0.4 s"],
    [9_949, "9.9 s"],
    [9_950, "10 s"],
    [99_499, "99 s"],
    [99_500, "2 min"],
  ] as const;
  for (const [ms, text] of cases) t.is(shortAge(ms), text);
});

test("paint goes around the text and ends behind it", (t) => {
  t.is(inColour("red", "x"), "\x1b[1;91mx\x1b[0m");
  t.is(inColour(null, "x"), "x");
  t.is(plain("red", "x"), "x");
});

test("without colours only what needs none stands out", (t) => {
  t.is(inBlack("red", "x"), "x");
  t.is(inBlack("bar", "x"), "\x1b[7mx\x1b[0m");
});
