import test from "ava";
import { pointPattern } from "./point-pattern.ts";

const POINTS = ["gas-1.gas", "gas-1.temp", "gas-12.gas", "level-1.level", "a.b.c"];
const found = (patterns: string) => POINTS.filter(pointPattern(patterns)).join(" ");

test("a point is found by its id, and by nothing that only resembles it", (t) => {
  t.is(found("gas-1.gas"), "gas-1.gas");
  t.is(found("gas-1xgas"), "");
});

test("a star stands for any characters, a question mark for one", (t) => {
  t.is(found("gas-*.gas"), "gas-1.gas gas-12.gas");
  t.is(found("gas-?.gas"), "gas-1.gas");
  t.is(found("*"), POINTS.join(" "));
});

test("a device alone means all of its points, and commas part several", (t) => {
  t.is(found("gas-1"), "gas-1.gas gas-1.temp");
  t.is(found("gas-12, level-*"), "gas-12.gas level-1.level");
});
