import { readFileSync } from "node:fs";
import test from "ava";
import { MUTANTS, planted } from "./mutants.ts";

const textOf = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

test("every mutant can still be planted, and changes its file", (t) => {
  t.true(MUTANTS.length >= 10);
  for (const mutant of MUTANTS) {
    const text = textOf(mutant.file);
    t.notThrows(() => planted(text, mutant), mutant.name);
    t.not(planted(text, mutant), text);
  }
});

test("a mutant whose place is gone, or stands twice, is refused by its name", (t) => {
  const mutant = { name: "nothing is checked", file: "a.ts", find: "check();", put: "" };
  const refusal = { message: /"nothing is checked" cannot be planted: a\.ts has/ };
  t.throws(() => planted("go();", mutant), refusal);
  t.throws(() => planted("check(); check();", mutant), refusal);
});
