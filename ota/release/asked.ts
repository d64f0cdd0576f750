import process from "node:process";
import { parseArgs } from "node:util";

/** What an option says of itself in the help, in a few words. */
type Says = { readonly says: string };
/** Whether an option must be given; `usual` is what it is where it is not. */
type Given<T> = { readonly needed?: true; readonly usual?: T };

/**
 * An option of a command of the checkout. `value` is how its value is called in the help (`DIR`); a
 * number has bounds, a list has commas between its items, each of them among `of` where that is given.
 */
export type Option =
  | (Says & { readonly kind: "flag" })
  | (Says & Given<string> & { readonly kind: "text"; readonly value: string })
  | (Says & Given<string> & { readonly kind: "choice"; readonly of: readonly string[] })
  | (Says & { readonly kind: "list"; readonly value: string; readonly of?: readonly string[] })
  | (Says & Given<number> & { readonly kind: "number" | "whole" } & Bounds);

type Bounds = { readonly least: number; readonly most?: number };

type ValueOf<O extends Option> = O extends { kind: "flag" }
  ? boolean
  : O extends { kind: "list" }
    ? readonly string[]
    : O extends { kind: "choice"; of: readonly (infer C)[] }
      ? C
      : O extends { kind: "text" }
        ? string
        : number;

/** What came of the options: undefined only where one may be left out and nothing is usual. */
export type Values<O extends Readonly<Record<string, Option>>> = {
  readonly [N in keyof O]: O[N] extends
    | { kind: "flag" | "list" }
    | { usual: unknown }
    | { needed: true }
    ? ValueOf<O[N]>
    : ValueOf<O[N]> | undefined;
};

/** A command of the checkout, as its help shows it. */
export interface Script<O extends Readonly<Record<string, Option>>> {
  /** How it is typed: `npm run kills`. */
  readonly name: string;
  /** What it does, and when it exits with what; a paragraph that is indented is shown as it is. */
  readonly about: string;
  readonly options: O;
  /** What is named without an option: so many at least and at most, among `of` where that is given. */
  readonly operands?: Bounds & { readonly value: string; readonly of?: readonly string[] };
}

/** What was typed: to be done, to be explained, or wrong and why. */
export type Asked<O extends Readonly<Record<string, Option>>> =
  | { readonly kind: "do"; readonly values: Values<O>; readonly operands: readonly string[] }
  | { readonly kind: "help" }
  | { readonly kind: "misuse"; readonly why: string };

const COLUMNS = 80;

class Misuse extends Error {}

/**
 * What this process was asked, of a command that looks like `script`. Ends the process where there is
 * nothing to do: with 0 behind the help, with 2 behind what was wrong with the arguments.
 */
export function asked<const O extends Readonly<Record<string, Option>>>(
  script: Script<O>,
): Extract<Asked<O>, { kind: "do" }> {
  const read = askedBy(script, process.argv.slice(2));
  if (read.kind === "do") return read;
  if (read.kind === "help") {
    process.stdout.write(helpOf(script));
    process.exit(0);
  }
  process.stderr.write(`${script.name}: ${read.why}\n\n${helpOf(script)}`);
  process.exit(2);
}

/** What `args` ask of `script`. */
export function askedBy<const O extends Readonly<Record<string, Option>>>(
  script: Script<O>,
  args: readonly string[],
): Asked<O> {
  const { options, operands: allowed = { least: 0, most: 0, value: "" } } = script;
  const types = Object.entries(options).map(([name, { kind }]) => {
    return [name, { type: kind === "flag" ? "boolean" : "string" }] as const;
  });
  const { tokens } = parseArgs({
    args: [...args],
    options: { ...Object.fromEntries(types), help: { type: "boolean", short: "h" } },
    ...{ strict: false, tokens: true, allowPositionals: true },
  });
  try {
    const given = new Map<string, string | undefined>();
    const operands: string[] = [];
    for (const token of tokens ?? []) {
      if (token.kind === "positional") operands.push(token.value);
      if (token.kind !== "option") continue;
      if (token.name === "help") return { kind: "help" };
      if (!Object.hasOwn(options, token.name)) {
        throw new Misuse(`there is no option ${token.rawName}`);
      }
      given.set(token.name, token.value);
    }
    checkOperands(operands, allowed);
    const values = Object.entries(options).map(([name, option]) => {
      return [name, taken(name, option, given)] as const;
    });
    return { kind: "do", values: Object.fromEntries(values) as Values<O>, operands };
  } catch (error) {
    if (error instanceof Misuse) return { kind: "misuse", why: error.message };
    throw error;
  }
}

function checkOperands(
  operands: readonly string[],
  { least, most = Number.POSITIVE_INFINITY, value, of }: NonNullable<Script<never>["operands"]>,
): void {
  const surplus = operands.slice(most);
  if (surplus.length > 0) {
    throw new Misuse(`nothing is to be done with ${surplus.join(" ")}: options stand behind --`);
  }
  if (operands.length < least) throw new Misuse(`${value} is missing`);
  const unknown = operands.filter((each) => of !== undefined && !of.includes(each));
  if (unknown.length > 0) {
    throw new Misuse(`there is no ${unknown.join(", ")}; there are: ${of?.join(", ")}`);
  }
}

function taken(name: string, option: Option, given: ReadonlyMap<string, string | undefined>) {
  const text = given.get(name);
  if (option.kind === "flag") {
    if (text !== undefined) throw new Misuse(`--${name} takes no value`);
    return given.has(name);
  }
  if (!given.has(name)) {
    if (option.kind === "list") return [];
    if (option.needed) throw new Misuse(`--${name} is missing`);
    return option.usual;
  }
  // What begins like an option is one whose forerunner has lost its value.
  if (text === undefined || text === "" || text.startsWith("--")) {
    throw new Misuse(`--${name} lacks its value`);
  }
  switch (option.kind) {
    case "text":
      return text;
    case "list":
      return amongst(text.split(","), name, option.of);
    case "choice":
      return amongst([text], name, option.of)[0];
    default:
      return numberOf(name, option, text);
  }
}

function amongst(
  chosen: readonly string[],
  name: string,
  of: readonly string[] = chosen,
): readonly string[] {
  const unknown = chosen.filter((item) => !of.includes(item));
  if (unknown.length === 0) return chosen;
  throw new Misuse(`--${name}: there is no ${unknown.join(", ")}; there are: ${of.join(", ")}`);
}

function numberOf(name: string, option: Extract<Option, Bounds>, text: string): number {
  const { kind, least, most = Number.POSITIVE_INFINITY } = option;
  const number = /^[+-]?[0-9._e]+$/i.test(text) ? Number(text) : Number.NaN;
  const isFit = kind === "whole" ? Number.isSafeInteger(number) : Number.isFinite(number);
  if (isFit && number >= least && number <= most) return number;
  throw new Misuse(`--${name} takes ${rangeOf(option)}, not ${text}`);
}

function rangeOf({ kind, least, most }: Extract<Option, Bounds>): string {
  const range = most === undefined ? `, ${least} or more` : ` from ${least} to ${most}`;
  return `a ${kind === "whole" ? "whole " : ""}number${range}`;
}

/** The help of `script`, in lines of at most 80 columns. */
export function helpOf(script: Script<Readonly<Record<string, Option>>>): string {
  const { name, about, options, operands } = script;
  const rows = Object.entries(options).map(([option, each]) => rowOf(option, each));
  rows.push(["--help", "this text"]);
  const width = Math.max(...rows.map(([head]) => head.length)) + 4;
  const lines = rows.flatMap(([head, says]) => {
    return wrapped(says, COLUMNS - width).map((line, at) => {
      return `${at === 0 ? `  ${head}`.padEnd(width) : " ".repeat(width)}${line}`;
    });
  });
  const paragraphs = about.split("\n\n");
  if (operands?.of !== undefined) paragraphs.push(`${operands.value}: ${operands.of.join(", ")}`);
  const told = paragraphs.flatMap((text) => {
    return ["", ...(text.startsWith("  ") ? [text] : wrapped(text, COLUMNS))];
  });
  const { value = "", least = 0 } = operands ?? {};
  const operand = value === "" ? "" : least === 0 ? `[${value}] ` : `${value} `;
  return [`${name} -- ${operand}[OPTION…]`, ...told, "", ...lines, ""].join("\n");
}

function rowOf(name: string, option: Option): readonly [string, string] {
  if (option.kind === "flag") return [`--${name}`, option.says];
  if (option.kind === "list") {
    const of = option.of === undefined ? "" : `: ${option.of.join(", ")}`;
    return [`--${name} ${option.value}`, `${option.says}${of}`];
  }
  const { usual = "", needed = false, says } = option;
  const notes = `${usual === "" ? "" : ` (${usual})`}${needed ? "; needed" : ""}`;
  if (option.kind === "text") return [`--${name} ${option.value}`, `${says}${notes}`];
  if (option.kind === "choice") {
    return [`--${name} NAME`, `${says}: ${option.of.join(", ")}${notes}`];
  }
  return [`--${name} N`, `${says}${notes}`];
}

function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
