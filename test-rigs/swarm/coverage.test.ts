import test from "ava";
import { branchesReached, watchBranches } from "./branches.ts";
import { branchLines, reachedLines, Tally } from "./coverage.ts";
import { TO_REACH } from "./reached.ts";

test("a fault that no seed reached is named, and each other with how often and in which seeds", (t) => {
  const tally = new Tally();
  const [missing = "", ...others] = TO_REACH;
  tally.add(7, Object.fromEntries(others.map((name) => [name, 2])));
  tally.add(8, { "crash before": 3 });
  t.deepEqual(tally.missing, [missing]);
  const lines = reachedLines(tally, 2).map((line) => line.replace(/ +/g, " "));
  t.true(lines.includes("| crash before | 5 | 2 | 7 |"), lines.join("\n"));
  t.true(lines.includes(`| ${missing} | never | | |`));
});

test("a branch that did not run is told by its file and line, with the share that did", async (t) => {
  const session = await watchBranches();
  const { hasSeq } = await import("../../edge/core/seq-set.ts");
  hasSeq([], 1);
  const files = await branchesReached(session);
  const own = files.find(({ file }) => file === "edge/core/seq-set.ts");
  t.true(own !== undefined && own.branches.covered < own.branches.total && own.lines.length > 0);
  const lines = branchLines([
    { file: "edge/a.ts", branches: { covered: 1, total: 4 }, lines: [3, 5] },
    { file: "edge/b.ts", branches: { covered: 4, total: 4 }, lines: [] },
  ]);
  t.is(lines[1], "# Branches: 62.5 % of 8 in 2 files that ran");
  t.deepEqual(lines.slice(3), [" 25.0 %  edge/a.ts: lines 3, 5"]);
});
