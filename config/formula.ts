import jsep from "jsep";
import { BINARY, type Formula, FUNCTIONS, type FunctionName } from "../edge/core/formula.ts";

/** What is wrong with a formula. */
export type FormulaFault =
  | { readonly code: "bad-formula"; readonly params: { readonly fault: string } }
  | {
      readonly code: "formula-word";
      readonly params: { readonly name: string; readonly known: readonly string[] };
    }
  | {
      readonly code: "formula-arguments";
      readonly params: { readonly name: string; readonly least: number; readonly most: number };
    };

/** What the parser makes of a part of a formula, as far as it is read here. */
type Parsed = jsep.Expression & Readonly<Record<string, unknown>>;

const OPERATORS: ReadonlySet<string> = new Set(BINARY);

/** A fault on its way from deep within a formula. */
class Fault extends Error {
  readonly fault: FormulaFault;

  constructor(fault: FormulaFault) {
    super(fault.code);
    this.fault = fault;
  }
}

/** `text` as a formula over inputs of these names, or what is wrong with it. Never throws. */
export function parseFormula(
  text: string,
  inputs: readonly string[],
): { readonly formula: Formula } | { readonly fault: FormulaFault } {
  try {
    return { formula: formulaOf(parse(text), inputs) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { fault: error.fault };
  }
}

/** jsep takes apart, and runs nothing. Whatever it does not know it throws. */
function parse(text: string): Parsed {
  try {
    return jsep(text) as Parsed;
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error));
  }
}

function bad(fault: string): Fault {
  return new Fault({ code: "bad-formula", params: { fault } });
}

function formulaOf(parsed: Parsed, inputs: readonly string[]): Formula {
  const part = (key: string) => formulaOf(parsed[key] as Parsed, inputs);
  switch (parsed.type) {
    case "Literal":
      if (typeof parsed.value === "number") return { kind: "number", value: parsed.value };
      throw bad(`${String(parsed.raw)} is not a number`);
    case "Identifier":
      return { kind: "input", name: known(String(parsed.name), inputs) };
    case "UnaryExpression":
      return unary(String(parsed.operator), part("argument"));
    case "BinaryExpression":
      return {
        kind: "binary",
        operator: operatorOf(String(parsed.operator)),
        left: part("left"),
        right: part("right"),
      };
    case "ConditionalExpression":
      return {
        kind: "choice",
        when: part("test"),
        yes: part("consequent"),
        no: part("alternate"),
      };
    case "CallExpression":
      return callOf(parsed, inputs);
    case "Compound":
      throw bad("an operator is missing between two terms");
    default:
      throw bad("only numbers, inputs, operators and functions can stand here");
  }
}

function unary(operator: string, of: Formula): Formula {
  switch (operator) {
    case "-":
      return { kind: "negated", of };
    case "+":
      return of;
    case "!":
      return { kind: "not", of };
    default:
      throw bad(`operator ${operator} is not known`);
  }
}

function operatorOf(operator: string): (typeof BINARY)[number] {
  if (OPERATORS.has(operator)) return operator as (typeof BINARY)[number];
  throw bad(`operator ${operator} is not known; a power is pow(a, b)`);
}

function callOf({ callee, arguments: given }: Parsed, inputs: readonly string[]): Formula {
  const { type, name } = callee as Parsed;
  if (type !== "Identifier") throw bad("only a function can be called");
  const called = known(String(name), Object.keys(FUNCTIONS)) as FunctionName;
  const of = (given as readonly Parsed[]).map((each) => formulaOf(each, inputs));
  const [least, most] = FUNCTIONS[called];
  if (of.length < least || of.length > most) {
    throw new Fault({ code: "formula-arguments", params: { name: called, least, most } });
  }
  return { kind: "call", name: called, of };
}

function known(name: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  throw new Fault({ code: "formula-word", params: { name, known: names } });
}
