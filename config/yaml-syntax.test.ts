import test from "ava";
import { readSource } from "./source.ts";
import { syntaxReason } from "./yaml-syntax.ts";

/** The texts an installer is likely to write, and the word that the reason must hold. */
const CASES: readonly (readonly [string, string])[] = [
  ["a:\n\tb: 1", "tabs"],
  ["a: %[LEL]", "quotes"],
  [`a: { b: \${env:X} }`, "quotes"],
  ["a: b: c", "colon"],
  ["a: 'x", "closing quote"],
  ["a: { b: 1", "closing }"],
  ["a: [1", "closing ]"],
  ["a:\n  b: 1\n c: 2", "indentation"],
  ["a: 1\nb", "colon is missing"],
  ["a: 1\n---\nb: 1", "second document"],
  ['a: "\\q"', "backslash"],
  ["a: }", "brackets"],
  ["a: *x", "anchor"],
];

for (const [text, word] of CASES) {
  test(`${JSON.stringify(text)} is explained with '${word}'`, (t) => {
    const [problem, ...more] = readSource(text).problems;
    t.is(problem?.code, "yaml-syntax");
    t.true(problem?.message.en.includes(word), problem?.message.en);
    t.regex(problem?.message["zh-CN"] ?? "", /\p{Script=Han}/u);
    t.deepEqual(more, []);
  });
}

test("what has no words of its own is told in the parser's", (t) => {
  t.is(syntaxReason("IMPOSSIBLE", "Odd thing.", "").en, "Odd thing");
});
