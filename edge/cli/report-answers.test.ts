import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { type Answers, keepAnswers, NO_ANSWERS, readAnswers } from "./report-answers.ts";

/** A file of answers that holds `text`. */
function fileWith(t: ExecutionContext, text: string): string {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-answers-"));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, "answers.yaml");
  writeFileSync(file, text);
  return file;
}

test("answers that were kept are read as they were, what was not asked stays not asked", (t) => {
  const file = fileWith(t, "");
  const answers: Answers = {
    ...NO_ANSWERS,
    ...{ installer: "张伟", photos: [], tolerance: "2%" },
    references: new Map([
      ["gas-1.gas", { typed: { value: 25, tolerance: "2" }, live: null }],
      [
        "level-1.level",
        {
          typed: { value: 1.5, tolerance: null },
          live: { value: 1.49, quality: "good", at: 1_764_288_000_000 },
        },
      ],
      ["level-1.temp", { typed: null, live: null }],
    ]),
  };
  keepAnswers(file, answers);
  t.deepEqual(readAnswers(file, "en"), answers);
  t.deepEqual(readdirSync(join(file, "..")), ["answers.yaml"], "nothing else is left there");
});

test("a person may write them short, and a file that is not there holds none", (t) => {
  const text = "owner: ''\nreferences: { a.b: 25±2, a.c: 7, a.d: true, a.e: none }\n";
  const read = readAnswers(fileWith(t, text), "en");
  if ("mistake" in read) return t.fail(read.mistake);
  t.is(read.owner, "");
  t.deepEqual(
    Array.from(read.references.values(), ({ typed }) => typed),
    [
      { value: 25, tolerance: "2" },
      { value: 7, tolerance: null },
      { value: true, tolerance: null },
      null,
    ],
  );
  t.is(readAnswers("/no/such/file.yaml", "en"), NO_ANSWERS);
  t.deepEqual(readAnswers(fileWith(t, ""), "en"), NO_ANSWERS);
});

test("what is wrong with them is told with its place, and the file is left as it is", (t) => {
  const bad: readonly (readonly [string, RegExp])[] = [
    ["installer: [1]", /installer: .*string/],
    ["instaler: Li", /instaler/],
    ["references: { a.b: much }", /references\.a\.b: a reference is a value as in 25/],
    ["tolerance: -2", /tolerance: a tolerance is a number above 0/],
    ["references: {", /./],
  ];
  for (const [text, why] of bad) {
    const file = fileWith(t, text);
    const read = readAnswers(file, "en");
    t.regex("mistake" in read ? read.mistake : "", why, text);
    t.is(readFileSync(file, "utf8"), text);
  }
  const chinese = readAnswers(fileWith(t, "references: { a.b: much }"), "zh-CN");
  t.regex("mistake" in chinese ? chinese.mistake : "", /标准值的写法/);
});
