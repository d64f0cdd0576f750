import test from "ava";
import { evaluate, isTruth } from "../edge/core/formula.ts";
import { parseFormula } from "./formula.ts";

const INPUTS: Readonly<Record<string, number>> = { a: 6, b: 4, wet: 1 };

function worth(text: string): number | string {
  const parsed = parseFormula(text, Object.keys(INPUTS));
  if ("fault" in parsed) return parsed.fault.code;
  return evaluate(parsed.formula, (name) => INPUTS[name] ?? Number.NaN);
}

function calculated(text: string): number | boolean | string {
  const parsed = parseFormula(text, Object.keys(INPUTS));
  if ("fault" in parsed) return parsed.fault.code;
  const value = worth(text);
  return isTruth(parsed.formula) ? value !== 0 : value;
}

test("arithmetic has its usual order", (t) => {
  t.is(calculated("a + b * 2"), 14);
  t.is(calculated("(a + b) * 2"), 20);
  t.is(calculated("a - b - 1"), 1);
  t.is(calculated("-a / b"), -1.5);
  t.is(calculated("1.5e3 + +a"), 1506);
});

test("comparisons and choices", (t) => {
  t.is(calculated("a > b"), true);
  t.is(calculated("!(a > b) || a == b"), false);
  t.is(calculated("a != b && wet"), true);
  t.is(calculated("a < b ? 1 : 2"), 2);
  t.is(calculated("a < b ? a > 1 : a >= 6"), true);
});

test("what is not finite is not known, and nothing is true or false of it", (t) => {
  for (const text of ["a / 0 > 1", "a / 0 == a / 0", "!(a / 0)", "1 / (a / 0) < 1", "-ln(0) > 1"]) {
    t.is(worth(text), Number.NaN, text);
  }
  for (const text of ["exp(9999) > 1", "pow(0 / 0, 0)", "1e999 > a", "min(a, b / 0)"]) {
    t.is(worth(text), Number.NaN, text);
  }
  t.is(worth("a > 5 || a / 0 > 1"), 1);
  t.is(worth("b == 0 ? a / 0 : a / b"), 1.5);
});

test("every function means what it does in mathematics", (t) => {
  t.is(calculated("abs(-a) + sqrt(b) + pow(b, 2) + floor(1.9) + ceil(1.1) + round(1.4)"), 28);
  t.is(calculated("ln(exp(3)) + log10(1000) + clamp(a, 0, 5)"), 11);
  t.is(calculated("min(a, b) + max(a, b, 9) + mean(a, b) + median(a, b, 100)"), 24);
  t.true(Math.abs(Number(calculated("sin(1) * cos(1) / tan(1) - cos(1) * cos(1)"))) < 1e-15);
  t.is(calculated("atan2(0, 1)"), 0);
});

test("a power is written pow, because -a^2 is read in two ways", (t) => {
  t.is(calculated("-a^2"), "bad-formula");
  t.is(calculated("a ** 2"), "bad-formula");
});

test("nothing can be named, called or reached but inputs and functions", (t) => {
  for (const text of ["process", "toString(a)", "constructor(a)", "__proto__"]) {
    t.is(calculated(text), "formula-word", text);
  }
  for (const text of ["a.b", "a['b']", "'x'", "[a]", "a.b()", "true", "this", "a = b"]) {
    t.regex(String(calculated(text)), /^bad-formula$/, text);
  }
});

test("what is no formula is refused with what is wrong", (t) => {
  for (const text of [
    "",
    "a +",
    "a b",
    "(a",
    "a, b",
    "a;b",
    "f(",
    "a ? b",
    "1..2",
    "a % b",
    "~a",
  ]) {
    t.is(calculated(text), "bad-formula", text);
  }
  t.is(calculated("pow(a)"), "formula-arguments");
  t.is(calculated("min()"), "formula-arguments");
});
