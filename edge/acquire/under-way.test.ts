import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { UnderWay } from "./under-way.ts";

test("one piece of work at a time is waited for, and breaks down before who asked for it", async (t) => {
  const underWay = new UnderWay(new SimClock(), () => t.fail());
  let isDone = false;
  await underWay.carryOut(1, async () => {
    await Promise.resolve();
    isDone = true;
  });
  t.true(isDone);
  const error = new Error("broken");
  await t.throwsAsync(
    underWay.carryOut(1, () => Promise.reject(error)),
    { is: error },
  );
  t.notThrows(() => underWay.throwIfDied());
});

test("of several the loop is told when one ends, and how many are left", async (t) => {
  const left: number[] = [];
  const underWay = new UnderWay(new SimClock(), () => left.push(underWay.count));
  const [one, other] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await underWay.carryOut(2, () => one.promise);
  await underWay.carryOut(2, () => other.promise);
  t.is(underWay.count, 2);
  other.resolve();
  await other.promise;
  one.resolve();
  await one.promise;
  t.deepEqual(left, [1, 0]);
});

test("work that breaks down in the background is thrown at the loop's next look", async (t) => {
  const told = Promise.withResolvers<void>();
  const underWay = new UnderWay(new SimClock(), () => told.resolve());
  const error = new Error("broken");
  void underWay.carryOut(2, () => Promise.reject(error));
  t.notThrows(() => underWay.throwIfDied());
  await told.promise;
  t.throws(() => underWay.throwIfDied(), { is: error });
});

test("it is known since when the oldest piece of work has been under way", async (t) => {
  const clock = new SimClock();
  const underWay = new UnderWay(clock, () => {});
  t.is(underWay.oldest, null);
  const one = Promise.withResolvers<void>();
  await clock.advance(500);
  await underWay.carryOut(2, () => one.promise);
  await clock.advance(500);
  await underWay.carryOut(2, () => new Promise(() => {}));
  t.is(Number(underWay.oldest), 500);
  one.resolve();
  await clock.advance(0);
  t.is(Number(underWay.oldest), 1000);
});
