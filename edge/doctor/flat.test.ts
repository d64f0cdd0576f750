import test from "ava";
import type { WallMs } from "../core/time.ts";
import { flatSince } from "./flat.ts";

const EVERY_MS = 5000;
const series = (values: readonly number[]) =>
  values.map((value, i) => ({ at: (i * EVERY_MS) as WallMs, value }));
const noise = Array.from({ length: 200 }, (_, i) => (i * 7919) % 13);

test("a value that stands still after it had moved all the time is stuck since then", (t) => {
  const flat = flatSince(series([...noise, ...Array<number>(100).fill(42)]));
  t.is(flat?.since, (200 * EVERY_MS) as WallMs);
  t.deepEqual([flat?.value, flat?.count], [42, 100]);
});

test("one that moves, rests now and then, or has done so for a moment is not", (t) => {
  t.is(flatSince(series(noise)), null);
  t.is(flatSince(series([...noise, 42, 42, 42, 42])), null);
  const steps = Array.from({ length: 400 }, (_, i) => Math.floor(i / 40));
  t.is(flatSince(series([...steps, ...Array<number>(120).fill(10)])), null);
  t.is(flatSince(series(Array<number>(500).fill(0))), null);
  t.is(flatSince([]), null);
});

test("a sensor that had always rested for long is not stuck when it rests again", (t) => {
  const nightly = [...noise, ...Array<number>(60).fill(0), ...noise];
  t.is(flatSince(series([...nightly, ...Array<number>(100).fill(42)])), null);
});
