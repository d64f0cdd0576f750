import { chownSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { testAsRoot } from "../../test-rigs/debian/test-with.ts";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { SIM_EPOCH, SimClock } from "../../test-rigs/sim/clock.ts";
import { Progress, progressIn } from "./progress.ts";

test("what is being done is told in a file, the last of it", (t) => {
  const file = join(tempDir("progress"), "update", "progress.json");
  t.is(progressIn(file), null);
  const progress = new Progress(file, new SimClock());
  progress.tell({ step: "fetching", release: "0.2.0" });
  progress.tell({ step: "waiting", release: "0.2.0", code: "update.alarm", reason: "gas" });
  t.deepEqual(progressIn(file), {
    at: SIM_EPOCH,
    step: "waiting",
    release: "0.2.0",
    code: "update.alarm",
    reason: "gas",
  });
});

test("where it cannot be told the work goes on, and what is damaged tells nothing", (t) => {
  const file = join(tempDir("progress"), "progress.json");
  writeFileSync(file, "{");
  t.is(progressIn(file), null);
  writeFileSync(join(tempDir("progress"), "x"), "");
  const progress = new Progress(join(file, "below", "progress.json"), new SimClock());
  t.notThrows(() => progress.tell({ step: "looking", release: null }));
});

testAsRoot(
  "the folder that root makes for it is the gateway's, who has notes of its own there",
  (t) => {
    const state = tempDir("state");
    chownSync(state, 990, 991);
    const file = join(state, "update", "progress.json");
    new Progress(file, new SimClock()).tell({ step: "looking", release: null });
    t.like(statSync(join(state, "update")), { uid: 990, gid: 991 });
  },
);
