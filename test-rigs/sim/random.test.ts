import test from "ava";
import { Random } from "./random.ts";

const draws = (random: Random, count: number) => Array.from({ length: count }, () => random.next());

test("the same seed gives the same numbers, another seed others", (t) => {
  t.deepEqual(draws(new Random(7), 20), draws(new Random(7), 20));
  t.notDeepEqual(draws(new Random(7), 20), draws(new Random(8), 20));
});

test("a sub-stream does not depend on what was drawn before or elsewhere", (t) => {
  const a = new Random(7);
  draws(a, 13);
  draws(a.stream("broker"), 5);
  t.deepEqual(draws(a.stream("line"), 9), draws(new Random(7).stream("line"), 9));
  t.notDeepEqual(draws(a.stream("line"), 9), draws(a.stream("broker"), 9));
});

test("numbers are spread evenly over [0, 1)", (t) => {
  const numbers = draws(new Random(1).stream("spread"), 10_000);
  t.true(numbers.every((number) => number >= 0 && number < 1));
  for (let tenth = 0; tenth < 10; tenth++) {
    const count = numbers.filter((number) => Math.floor(number * 10) === tenth).length;
    t.true(count > 850 && count < 1150, `tenth ${tenth}: ${count}`);
  }
});

test("integers reach both ends", (t) => {
  const random = new Random(3);
  const seen = new Set(Array.from({ length: 200 }, () => random.integer(2, 5)));
  t.deepEqual([...seen].toSorted(), [2, 3, 4, 5]);
});

test("a weight of 0 is never picked", (t) => {
  const random = new Random(3);
  const weights = { never: 0, seldom: 1, often: 9 };
  const picked = Array.from({ length: 1000 }, () => random.weighted(weights));
  t.false(picked.includes("never"));
  t.true(picked.filter((name) => name === "seldom").length > 50);
  t.throws(() => random.weighted({ a: 0 }), { message: /more than 0/ });
  t.throws(() => random.pick([]), { message: /nothing to pick/ });
});
