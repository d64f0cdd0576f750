/** What can stand between two terms, as it is written. */
export const BINARY = ["+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "&&", "||"] as const;

/** What a formula can call: by name, with the least and the most arguments it takes. */
export const FUNCTIONS = {
  abs: [1, 1],
  sqrt: [1, 1],
  exp: [1, 1],
  ln: [1, 1],
  log10: [1, 1],
  sin: [1, 1],
  cos: [1, 1],
  tan: [1, 1],
  floor: [1, 1],
  ceil: [1, 1],
  round: [1, 1],
  pow: [2, 2],
  atan2: [2, 2],
  clamp: [3, 3],
  min: [1, 16],
  max: [1, 16],
  mean: [1, 16],
  median: [1, 16],
} as const satisfies Readonly<Record<string, readonly [least: number, most: number]>>;

export type FunctionName = keyof typeof FUNCTIONS;

/**
 * An arithmetic expression over inputs, taken apart. Truth is 1 and 0. Angles are in radians.
 * Plain data: nothing in a formula can be run but what is listed here.
 */
export type Formula =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "negated" | "not"; readonly of: Formula }
  | {
      readonly kind: "binary";
      readonly operator: (typeof BINARY)[number];
      readonly left: Formula;
      readonly right: Formula;
    }
  | {
      readonly kind: "choice";
      readonly when: Formula;
      readonly yes: Formula;
      readonly no: Formula;
    }
  | { readonly kind: "call"; readonly name: FunctionName; readonly of: readonly Formula[] };

/** Whether the formula is true or false rather than a number. */
export function isTruth(formula: Formula): boolean {
  switch (formula.kind) {
    case "not":
      return true;
    case "binary":
      return /[<>=&|]/.test(formula.operator);
    case "choice":
      return isTruth(formula.yes) && isTruth(formula.no);
    default:
      return false;
  }
}

/**
 * The value of `formula` where each input is what `inputs` tells: NaN where that is not known. What
 * is not finite, such as a division by 0, is not known, nor is what depends on it: no comparison
 * makes a truth of it. But one true side is enough for `||`, one false side for `&&` (Kleene's
 * logic), and a choice needs only the side that it takes.
 */
export function evaluate(formula: Formula, inputs: (name: string) => number): number {
  const value = workedOut(formula, inputs);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** As `evaluate`, but that the last step may be an infinity. */
function workedOut(formula: Formula, inputs: (name: string) => number): number {
  switch (formula.kind) {
    case "number":
      return formula.value;
    case "input":
      return inputs(formula.name);
    case "negated":
      return -evaluate(formula.of, inputs);
    case "not":
      return truth(evaluate(formula.of, inputs), (value) => value === 0);
    case "binary":
      return binary(
        formula.operator,
        evaluate(formula.left, inputs),
        evaluate(formula.right, inputs),
      );
    case "choice": {
      const when = evaluate(formula.when, inputs);
      if (Number.isNaN(when)) return Number.NaN;
      return evaluate(when !== 0 ? formula.yes : formula.no, inputs);
    }
    case "call":
      return call(
        formula.name,
        formula.of.map((each) => evaluate(each, inputs)),
      );
  }
}

/** The names of the inputs that `formula` has, each once. */
export function inputsOf(formula: Formula): ReadonlySet<string> {
  switch (formula.kind) {
    case "number":
      return new Set();
    case "input":
      return new Set([formula.name]);
    case "negated":
    case "not":
      return inputsOf(formula.of);
    case "binary":
      return inputsOf(formula.left).union(inputsOf(formula.right));
    case "choice":
      return [formula.when, formula.yes, formula.no].map(inputsOf).reduce(union);
    case "call":
      return formula.of.map(inputsOf).reduce(union, new Set<string>());
  }
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return a.union(b);
}

/** An unknown number makes nothing true or false. */
function truth(value: number, holds: (value: number) => boolean): number {
  if (Number.isNaN(value)) return Number.NaN;
  return holds(value) ? 1 : 0;
}

function binary(operator: (typeof BINARY)[number], a: number, b: number): number {
  if (operator === "||" && (isTrue(a) || isTrue(b))) return 1;
  if (operator === "&&" && (a === 0 || b === 0)) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "<":
      return Number(a < b);
    case "<=":
      return Number(a <= b);
    case ">":
      return Number(a > b);
    case ">=":
      return Number(a >= b);
    case "==":
      return Number(a === b);
    case "!=":
      return Number(a !== b);
    case "&&":
      return 1; // Neither is false.
    case "||":
      return 0; // Neither is true.
  }
}

/** An unknown number is not true, nor is it false. */
function isTrue(value: number): boolean {
  return value !== 0 && !Number.isNaN(value);
}

function call(name: FunctionName, of: readonly number[]): number {
  // A power of 0 would be 1 whatever it is of.
  if (of.some(Number.isNaN)) return Number.NaN;
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = of;
  switch (name) {
    case "abs":
    case "sqrt":
    case "exp":
    case "log10":
    case "sin":
    case "cos":
    case "tan":
    case "floor":
    case "ceil":
    case "round":
      return Math[name](a);
    case "ln":
      return Math.log(a);
    case "pow":
      return a ** b;
    case "atan2":
      return Math.atan2(a, b);
    case "clamp":
      return Math.min(Math.max(a, b), c);
    case "min":
    case "max":
      return Math[name](...of);
    case "mean":
      return mean(of);
    case "median":
      return median(of);
  }
}

/** The arithmetic mean of at least one number. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle one of at least one number; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.some(Number.isNaN)) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
