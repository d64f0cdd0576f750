import test from "ava";
import { isCoverOpen, methaneAt, STAGES, stageAt } from "./story.ts";

/** When the methane first reaches `limit`, as a part of the story. */
function crossing(detector: "near" | "far", limit: number): number {
  const parts = Array.from({ length: 1001 }, (_, i) => i / 1000);
  return parts.find((part) => methaneAt(detector, part) >= limit) ?? Number.NaN;
}

test("the acts follow each other without a hole from the beginning to the end", (t) => {
  t.is(STAGES[0]?.from, 0);
  t.is(STAGES.at(-1)?.to, 1);
  for (const [i, { from }] of STAGES.entries())
    if (i > 0) t.is(from, (STAGES[i - 1] as { to: number }).to);
});

test("every moment is in one act, after the end in the last", (t) => {
  t.is(stageAt(0).name, "calm");
  t.is(stageAt(0.14).name, "leak");
  t.is(stageAt(0.5).name, "outage");
  t.is(stageAt(1).name, "rest");
  t.is(stageAt(7).name, "rest");
});

test("the near detector reaches both limits before the outage, the far one during it", (t) => {
  for (const limit of [25, 50]) {
    t.is(stageAt(crossing("near", limit)).name, "leak");
    t.is(stageAt(crossing("far", limit)).name, "outage");
  }
});

test("the gas is gone and the cover shut at the end", (t) => {
  for (const part of [0.94, 1, 2]) {
    t.true(methaneAt("near", part) < 10 && methaneAt("far", part) < 10);
    t.false(isCoverOpen(part));
  }
  t.true(isCoverOpen(0.85));
});
