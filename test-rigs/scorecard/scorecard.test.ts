import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { casesFinder } from "../titles/cases.ts";
import { PROMISES, type Promised } from "./promises.ts";
import { doubts, type Results, scorecard, verdictOf, withScorecard } from "./scorecard.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const results = JSON.parse(read("test-rigs/scorecard/results.json")) as Results;

const PROMISED: Promised = {
  ...{ name: "kept", promise: "It is kept.", command: "npm run keep", minutes: 1 },
  tests: [{ file: "some.test.ts", titles: ["it is kept"] }],
};
const KEPT = { command: "npm run keep", on: "2026-11-28", isKept: true, verdict: "1 of 1" };

test("every promise is proved by a command that there is, and was kept when it was run last", (t) => {
  const { scripts } = JSON.parse(read("package.json"));
  t.deepEqual(doubts(PROMISES, results, scripts), []);
});

test("every promise is protected by tests that there are", async (t) => {
  t.timeout(120_000);
  const find = await casesFinder(PROMISES.flatMap(({ tests }) => tests));
  const all = PROMISES.flatMap(({ tests }) => tests.map(find));
  t.deepEqual(
    all.flatMap(({ faults }) => faults),
    [],
  );
});

test("the README shows the promises and their results as they are", (t) => {
  const readme = read("README.md");
  t.is(readme, withScorecard(readme, scorecard(PROMISES, results)));
});

test("a promise is in doubt without a command, a test, a result, or with one that was not kept", (t) => {
  const scripts = { keep: "node keep.ts" };
  t.deepEqual(doubts([PROMISED], { kept: KEPT }, scripts), []);
  const told = (promised: Partial<Promised>, result: Results, all: typeof scripts | object) =>
    doubts([{ ...PROMISED, ...promised }], result, all as Record<string, string>);
  t.deepEqual(told({}, { kept: KEPT }, {}), ["kept: there is no script keep"]);
  t.deepEqual(told({ tests: [] }, { kept: KEPT }, scripts), [
    "kept: no test of a commit protects it",
  ]);
  t.deepEqual(told({}, {}, scripts), ["kept: it was never proved"]);
  t.deepEqual(told({}, { kept: { ...KEPT, isKept: false, verdict: "0 of 1" } }, scripts), [
    "kept: it is not kept: 0 of 1",
  ]);
  t.deepEqual(told({ command: "npm run keep -- --all" }, { kept: KEPT }, scripts), [
    "kept: it was proved by another command",
  ]);
  t.deepEqual(told({}, { kept: { ...KEPT, commit: "1a2b3c4-dirty" } }, scripts), [
    "kept: it was proved of files that no commit holds",
  ]);
  t.deepEqual(told({}, { kept: KEPT, gone: KEPT }, scripts), [
    "gone: there is a result, and no such promise",
  ]);
});

test("the verdict is the last line that says anything, and not too long for a table", (t) => {
  t.is(verdictOf("one\n  two \n\n"), "two");
  t.is(verdictOf(""), "");
  t.is(verdictOf("x".repeat(500)).length, 200);
});

test("a table stands between its marks, and nothing else in the README moves", (t) => {
  const readme = "# Title\n\n<!-- scorecard -->\n\nold\n\n<!-- /scorecard -->\n\n## Next\n";
  const table = scorecard([PROMISED], { kept: { ...KEPT, verdict: "a | b" } });
  const told = withScorecard(readme, table);
  t.true(told.startsWith("# Title\n\n<!-- scorecard -->\n\n| what is promised"));
  t.true(told.endsWith("|\n\n<!-- /scorecard -->\n\n## Next\n"));
  t.true(told.includes("| It is kept.      | `npm run keep` | a \\| b (2026-11-28)"), told);
  const known = scorecard([PROMISED], { kept: { ...KEPT, commit: "1a2b3c4" } });
  t.true(known.includes("| 1 of 1 (2026-11-28, 1a2b3c4) |"), known);
  t.throws(() => withScorecard("# Title\n", table), { message: /no <!-- scorecard -->/ });
});
