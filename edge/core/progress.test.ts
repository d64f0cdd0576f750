import test from "ava";
import { healthOf, isRestartDue, type LoopKind, type LoopProgress } from "./progress.ts";
import type { UptimeMs } from "./time.ts";

const working = (kind: LoopKind, since: number): LoopProgress => ({
  kind,
  name: "line-a",
  progress: { kind: "working", since: since as UptimeMs },
});
const resting = (until: number): LoopProgress => ({
  kind: "bus",
  name: "line-a",
  progress: { kind: "resting", until: until as UptimeMs },
});
const at = (loop: LoopProgress, now: number) => healthOf(loop, now as UptimeMs);

test("a loop at its work is well until its turn takes longer than any may", (t) => {
  t.deepEqual(at(working("bus", 1000), 61_000), {
    kind: "bus",
    name: "line-a",
    state: "working",
    forMs: 60_000,
  });
  t.is(at(working("bus", 1000), 61_001).state, "hung");
  t.is(at(working("alarms", 1000), 31_001).state, "hung");
  t.is(at(working("destination", 1000), 301_000).state, "working");
});

test("a loop may rest for ever, but not sleep over its time", (t) => {
  t.is(at(resting(Number.POSITIVE_INFINITY), 1e9).state, "resting");
  t.is(at(resting(5000), 4000).forMs, 0);
  t.is(at(resting(5000), 65_000).state, "resting");
  t.is(at(resting(5000), 65_001).state, "hung");
});

test("a restart is due where a loop hangs, but not for a disk that does", (t) => {
  t.false(isRestartDue([at(working("bus", 0), 10)]));
  t.true(isRestartDue([at(working("bus", 0), 10), at(working("interlocks", 0), 1e6)]));
  t.false(isRestartDue([at(working("buffer", 0), 1e6)]));
});
