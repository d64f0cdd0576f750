import test from "ava";
import type { UptimeMs } from "../core/time.ts";
import { UnitHealth } from "./unit-health.ts";

const at = (ms: number) => ms as UptimeMs;
const failure = (ms: number, everyMs = 1000) => ({ everyMs, costMs: 310, at: at(ms) });

test("a unit is suspect after three failures in a row and turns only once", (t) => {
  const health = new UnitHealth(30_000);
  t.deepEqual(
    [1, 2, 3, 4].map((n) => health.failed(failure(n * 1000))),
    [null, null, "silent", null],
  );
});

test("failures that follow each other fast make nobody suspect before two seconds", (t) => {
  const health = new UnitHealth(30_000);
  const turns = [0, 400, 800, 1200, 1600].map((ms) => health.failed(failure(ms, 100)));
  t.true(turns.every((turn) => turn === null));
  t.true(health.isFailing);
  t.is(health.failed(failure(2000, 100)), "silent");
});

test("a suspect unit is probed more and more rarely, at most so rarely as is set", (t) => {
  const health = new UnitHealth(30_000);
  const pauses = Array.from({ length: 9 }, (_, n) => {
    health.failed(failure(n * 1000));
    return health.isSuspect ? health.probeAt - n * 1000 : null;
  });
  t.deepEqual(pauses, [null, null, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test("a probe waits for a gap half as long again as its pause", (t) => {
  const health = new UnitHealth(30_000);
  for (const ms of [0, 1000, 2000]) health.failed(failure(ms));
  t.is(health.probeAt, at(4000));
  t.is(health.probeAtLatest, at(5000));
});

test("one answer makes a suspect unit healthy again", (t) => {
  const health = new UnitHealth(30_000);
  for (let n = 0; n < 5; n++) health.failed(failure(n * 1000));
  t.is(health.answered(), "answering");
  t.false(health.isSuspect);
  t.false(health.isFailing);
  t.is(health.answered(), null);
});

test("a unit that may be well again is probed at once, and its pause goes on doubling", (t) => {
  const health = new UnitHealth(30_000);
  for (const ms of [0, 1000, 2000, 4000]) health.failed(failure(ms));
  health.maybeWell(at(5000));
  t.is(health.probeAt, at(5000));
  t.is(health.probeAtLatest, at(5000));
  health.failed(failure(5310));
  t.is(health.probeAt, at(5310 + 8000));
});
