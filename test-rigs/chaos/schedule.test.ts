import test from "ava";
import { Random } from "../sim/random.ts";
import { drawSchedule } from "./schedule.ts";

const CHOICES = ["a", "b", "c", "d"].map((kind) => ({
  kind,
  part: kind === "b" ? "a" : kind,
  lastsS: [5, 40] as const,
}));
const draw = (seed: number) => drawSchedule(CHOICES, 600, 1, new Random(seed));

test("a seed draws the same faults again, another one others", (t) => {
  t.deepEqual(draw(1), draw(1));
  t.notDeepEqual(draw(1), draw(2));
});

test("faults overlap, but for those of one part, and each kind has its turn", (t) => {
  const planned = draw(3);
  t.true(planned.length > 20);
  const isOverlapping = planned.slice(1).some(({ fromS }, i) => fromS < (planned[i]?.toS ?? 0));
  t.true(isOverlapping);
  const onPart = planned.filter(({ part }) => part === "a");
  t.true(onPart.slice(1).every(({ fromS }, i) => fromS > (onPart[i]?.toS ?? Infinity)));
  const counts = CHOICES.map(({ kind }) => planned.filter((each) => each.kind === kind).length);
  t.true(Math.max(...counts) - Math.min(...counts) <= 2);
});

test("all of it is over in time", (t) => {
  for (const seed of [1, 2, 3, 4, 5]) t.true(draw(seed).every(({ toS }) => toS <= 600));
});
