import test from "ava";
import type { UptimeMs } from "../core/time.ts";
import { Ladder } from "./ladder.ts";

const at = (ms: number) => ms as UptimeMs;
const ALL = { flush: true, rebind: true };

/** What is done in an outage, once every `everyMs`. */
function climb(ladder: Ladder, times: number, { can = ALL, everyMs = 30_000, from = 0 } = {}) {
  return Array.from({ length: times }, (_, n) => {
    const now = at(from + n * everyMs);
    const rung = ladder.next(now, can);
    ladder.done(rung, now);
    return rung;
  });
}

test("the mildest comes first, and the adapter is bound anew only where the rest did not help", (t) => {
  t.deepEqual(climb(new Ladder(), 4), ["flush", "reopen", "rebind", "reopen"]);
});

test("what cannot be done is left out", (t) => {
  const reopen = ["reopen", "reopen", "reopen"];
  t.deepEqual(climb(new Ladder(), 3, { can: { flush: false, rebind: false } }), reopen);
  t.deepEqual(climb(new Ladder(), 3, { can: { flush: true, rebind: false } }), [
    "flush",
    "reopen",
    "reopen",
  ]);
});

test("the adapter rests for ten minutes between two times, also over an answer", (t) => {
  const ladder = new Ladder();
  const rungs = climb(ladder, 45);
  t.is(rungs.filter((rung) => rung === "rebind").length, 3);
  ladder.well();
  t.deepEqual(climb(ladder, 3, { from: 46 * 30_000 }), ["flush", "reopen", "reopen"]);
});

test("each rung is told once an outage and counted always", (t) => {
  const ladder = new Ladder();
  t.true(ladder.done("reopen", at(0)));
  t.false(ladder.done("reopen", at(1)));
  ladder.well();
  t.true(ladder.done("reopen", at(2)));
  t.deepEqual(ladder.counters, { flushes: 0, renewals: 3, rebinds: 0 });
});

test("an adapter that could not be bound anew is left alone for a while, and not counted", (t) => {
  const ladder = new Ladder();
  const can = { flush: false, rebind: true };
  ladder.done("reopen", 0 as UptimeMs);
  t.is(ladder.next(1000 as UptimeMs, can), "rebind");
  ladder.notNow(1000 as UptimeMs);
  t.is(ladder.next(2000 as UptimeMs, can), "reopen");
  t.is(ladder.next(601_000 as UptimeMs, can), "rebind");
  t.is(ladder.counters.rebinds, 0);
});
