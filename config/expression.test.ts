import test from "ava";
import { EXPRESSION_STEPS_MAX, groupsOf } from "./expression.ts";

/** The groups and the problems of an expression. */
function check(expression: string) {
  const problems: string[] = [];
  const groups = groupsOf(expression, ["match"], (code) => problems.push(code));
  return { groups, problems };
}

test("the named groups of an expression are found, in both ways of writing them", (t) => {
  t.deepEqual(check("T=(?<temp>\\S+) H=(?P<hum>\\S+) (x)"), {
    groups: ["temp", "hum"],
    problems: [],
  });
});

test("what takes more than linear time, and what is no expression, is refused", (t) => {
  for (const expression of ["(?=a)b", "(?<!a)b", "(a)\\1", "(a", "[z-a]", "a{1001}"]) {
    t.deepEqual(check(expression), { groups: null, problems: ["bad-expression"] }, expression);
  }
});

test("an expression that counts itself large is refused, a usual one is far from it", (t) => {
  t.deepEqual(check("(?<x>\\d{1,20}){1,30}").problems, ["expression-too-large"]);
  t.deepEqual(check(`a{${EXPRESSION_STEPS_MAX + 1}}`).problems, ["expression-too-large"]);
  t.deepEqual(check("(?<a>[+-]?[0-9.]+), (?<b>[+-]?[0-9.]+), (?<c>\\d{1,6}) .*").problems, []);
});
