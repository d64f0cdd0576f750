import test from "ava";
import { markIn, markOf, type RunMark, type StartNow, startStatus } from "./last-run.ts";
import type { UptimeMs, WallMs } from "./time.ts";

const MINUTE_MS = 60_000;

function now(minute: number, boot = "a", result: string | null = null): StartNow {
  const ms = minute * MINUTE_MS;
  return { at: (1e12 + ms) as WallMs, boot, uptime: ms as UptimeMs, result };
}

const found = (mark: RunMark) => mark.starts.at(-1)?.found;

test("the first start finds nothing before it", (t) => {
  t.is(found(markOf(null, now(0))), "first");
});

test("a run that said how it ended is believed, also over a boot", (t) => {
  const first = markOf(null, now(0));
  const stopped = { ...first, end: { found: "stopped", why: null } as const };
  t.is(found(markOf(stopped, now(1, "b", "watchdog"))), "stopped");
  const failed = { ...first, end: { found: "failed", why: "no such bus" } as const };
  t.deepEqual(startStatus(markOf(failed, now(1))), {
    found: "failed",
    why: "no such bus",
    inLastHour: 2,
    inLastDay: 2,
    isTold: false,
  });
});

test("a run that ended without a word lost its power with the machine, or was killed within a boot", (t) => {
  const first = markOf(null, now(0));
  t.is(found(markOf(first, now(1, "b"))), "power-lost");
  t.is(found(markOf(first, now(1, "a"))), "killed");
  t.is(startStatus(markOf(first, now(1, "a", "signal")))?.why, "signal");
});

test("what the supervisor knows of a run that was killed is told", (t) => {
  const first = markOf(null, now(0));
  t.is(found(markOf(first, now(1, "a", "watchdog"))), "watchdog");
  t.is(found(markOf(first, now(1, "a", "oom-kill"))), "out-of-memory");
});

test("starts are counted over an hour and a day, within a boot by a clock that is never set", (t) => {
  let mark: RunMark | null = null;
  for (const minute of [0, 10, 20, 90]) mark = markOf(mark, now(minute));
  const set = { ...now(95), at: 0 as WallMs };
  const status = startStatus(markOf(mark, set));
  t.is(status?.inLastHour, 2);
  t.is(status?.inLastDay, 5);
});

test("no more than fifty starts are kept", (t) => {
  let mark: RunMark | null = null;
  for (let minute = 0; minute < 200; minute++) mark = markOf(mark, now(minute));
  t.is(mark?.starts.length, 50);
});

test("a mark is read as it was written, and what is none is no mark", (t) => {
  const mark = markOf(null, now(3));
  t.deepEqual(markIn(JSON.stringify(mark)), mark);
  for (const text of ["", "{", "null", "[]", '{"v":2}', '{"v":1,"starts":[null],"end":null}']) {
    t.is(markIn(text), null, text);
  }
});
