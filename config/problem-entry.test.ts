import test from "ava";
import { knownText, nearestText } from "./problem-entry.ts";

test("a nearest name is proposed, and nothing is said where there is none", (t) => {
  t.is(nearestText("every").en, " Did you mean 'every'?");
  t.is(nearestText(null).en, "");
  t.is(nearestText(null)["zh-CN"], "");
});

test("at most twelve known names are listed, and the rest counted", (t) => {
  const names = Array.from({ length: 15 }, (_, index) => `n${index}`);
  t.is(knownText(names.slice(0, 2)).en, "Known: n0, n1.");
  t.true(knownText(names).en.endsWith("n11 and 3 more."));
  t.true(knownText(names)["zh-CN"].includes("等 15 个"));
  t.is(knownText([]).en, "There are none.");
});
