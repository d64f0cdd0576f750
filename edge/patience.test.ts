import test from "ava";
import { SimClock } from "../test-rigs/sim/clock.ts";
import { isDoneInTime } from "./patience.ts";

const never = new Promise<never>(() => {});

function rig() {
  const clock = new SimClock();
  const stop = new AbortController();
  const wait = (work: Promise<unknown>, patience: Promise<number>) =>
    isDoneInTime(work, patience, clock, stop.signal);
  return { clock, stop, wait };
}

test("what is done in time leaves no timer behind", async (t) => {
  const { clock, wait } = rig();
  const waiting = wait(clock.sleep(10), Promise.resolve(100));
  await clock.advance(10);
  t.true(await waiting);
  t.is(clock.timers, 0);
});

test("what fails in time fails", async (t) => {
  const { wait } = rig();
  await t.throwsAsync(wait(Promise.reject(new Error("broken")), never), { message: "broken" });
});

test("patience begins when it is known and ends with its time", async (t) => {
  const { clock, wait } = rig();
  const patience = Promise.withResolvers<number>();
  const answers: boolean[] = [];
  void wait(never, patience.promise).then((isDone) => answers.push(isDone));
  await clock.advance(60_000);
  patience.resolve(100);
  await clock.advance(99);
  t.deepEqual(answers, []);
  await clock.advance(1);
  t.deepEqual(answers, [false]);
});

test("an abort ends the waiting at once", async (t) => {
  const { stop, wait } = rig();
  const waiting = wait(never, never);
  stop.abort(new Error("it is over"));
  await t.throwsAsync(waiting, { message: "it is over" });
});
