import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { scratchDirectory } from "../../test-rigs/sim/scratch.ts";
import { RunMarks } from "./run-mark.ts";

const fail = (why: string) => {
  throw new Error(why);
};

test("a start finds how the run before ended, and the disk holds it over a process that is gone", (t) => {
  const folder = scratchDirectory();
  const clock = new SimClock();
  const begin = (boot: string) => new RunMarks(folder, fail).begin(clock, boot)?.found;
  t.is(begin("a"), "first");
  t.is(begin("a"), "killed");
  t.is(begin("b"), "power-lost");
  const last = new RunMarks(folder, fail);
  last.begin(clock, "b");
  last.end();
  t.is(begin("b"), "stopped");
  const broken = new RunMarks(folder, fail);
  broken.begin(clock, "b");
  broken.end(new Error("a loop died"));
  const start = new RunMarks(folder, fail).begin(clock, "b");
  t.like(start, { found: "failed", why: "a loop died", inLastHour: 7 });
});

test("what the supervisor wrote of the run before is found once", (t) => {
  const folder = scratchDirectory();
  const clock = new SimClock();
  new RunMarks(folder, fail).begin(clock, "a");
  writeFileSync(join(folder, "service-result"), "watchdog killed ABRT\n");
  t.is(new RunMarks(folder, fail).begin(clock, "a")?.found, "watchdog");
  t.is(new RunMarks(folder, fail).begin(clock, "a")?.found, "killed");
});

test("a gateway that begins anew with another configuration is no new run", (t) => {
  const marks = new RunMarks(scratchDirectory(), fail);
  const clock = new SimClock();
  t.like(marks.begin(clock, "a"), { found: "first", isTold: false });
  t.like(marks.begin(clock, "a"), { found: "first", isTold: true, inLastHour: 1 });
});

test("a damaged mark is as none, and is written anew", (t) => {
  const folder = scratchDirectory();
  writeFileSync(join(folder, "runs.json"), '{"v":1,"starts":[{');
  t.is(new RunMarks(folder, fail).begin(new SimClock(), "a")?.found, "first");
  t.notThrows(() => JSON.parse(readFileSync(join(folder, "runs.json"), "utf8")));
});

test("a folder that takes nothing is told, and the gateway runs", (t) => {
  const told: string[] = [];
  const marks = new RunMarks(join(scratchDirectory(), "missing"), (why) => told.push(why));
  t.is(marks.begin(new SimClock(), "a")?.found, "first");
  marks.end();
  t.is(told.length, 2);
  t.regex(told[0] ?? "", /ENOENT/);
});
