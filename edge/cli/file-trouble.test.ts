import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import type { Lang } from "../core/errors.ts";
import { fileTrouble } from "./file-trouble.ts";

/** What is told of what `work` throws. */
function told(work: () => void, lang: Lang): string {
  try {
    work();
  } catch (error) {
    return fileTrouble(error, lang);
  }
  return "nothing went wrong";
}

test("what the system refuses is told in the reader's language, without its own words", (t) => {
  const dir = tempDir("trouble");
  mkdirSync(join(dir, "folder"));
  const works: readonly (() => void)[] = [
    () => readFileSync(join(dir, "none")),
    () => readFileSync(dir),
    () => writeFileSync(join(dir, "folder"), "", { flag: "wx" }),
    () => writeFileSync(join(dir, "none", "file"), ""),
    () => writeFileSync("/dev/full", "x"),
  ];
  for (const work of works) {
    t.notRegex(told(work, "en"), /E[A-Z]{4}|nothing went wrong/);
    t.regex(told(work, "zh-CN"), /^[\p{Script=Han}，]+$/u);
  }
});

test("what has no words is told as the system says it", (t) => {
  t.is(fileTrouble(new Error("what is this"), "zh-CN"), "what is this");
});
