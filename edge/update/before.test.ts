import test from "ava";
import type { WallMs } from "../core/time.ts";
import { beforeIn, beforeText } from "./before.ts";

const NOW = 1_795_000_000_000 as WallMs;
const BEFORE = { buses: ["line"], destinations: [], isStoring: true };

test("what did well is read as it was left", (t) => {
  t.deepEqual(beforeIn(beforeText(BEFORE, NOW), NOW), BEFORE);
});

test("what was left a day ago says nothing of now, be the clock right or not", (t) => {
  const text = beforeText(BEFORE, NOW);
  t.deepEqual(beforeIn(text, (NOW + 80_000_000) as WallMs), BEFORE);
  t.is(beforeIn(text, (NOW + 90_000_000) as WallMs), null);
  t.is(beforeIn(text, 0 as WallMs), null);
});

test("what was not written to its end, or by a release that says it otherwise, is nothing", (t) => {
  const text = beforeText(BEFORE, NOW);
  const other = JSON.stringify({ v: 2, at: NOW, ...BEFORE });
  for (const wrong of [null, "", text.slice(0, 20), other, text.replace('["line"]', '"line"')]) {
    t.is(beforeIn(wrong, NOW), null);
  }
});
