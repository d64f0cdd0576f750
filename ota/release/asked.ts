import process from "node:process";
import {
  Argument,
  Command,
  CommanderError,
  InvalidArgumentError,
  Option as Switch,
} from "commander";

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

/** An option under the very name that it is typed by. */
class Named extends Switch {
  override attributeName(): string {
    return this.name();
  }
}

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
  const command = commandOf(script).exitOverride();
  command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "help" };
    return { kind: "misuse", why: error.message.replace(/^error: /, "") };
  }
  const typed = command.opts();
  const values = Object.entries(script.options).map(([name, { kind }]) => {
    return [name, typed[name] ?? VOID[kind]] as const;
  });
  // Each was taken by the option that its type is made of.
  return { kind: "do", values: Object.fromEntries(values) as Values<O>, operands: command.args };
}

/** What is there of an option that nobody typed and that has no usual value. */
const VOID: Partial<Record<Option["kind"], unknown>> = { flag: false, list: [] };

/** The help of `script`, in lines of at most 80 columns. */
export function helpOf(script: Script<Readonly<Record<string, Option>>>): string {
  return commandOf(script).helpInformation();
}

function commandOf({
  name,
  about,
  options,
  operands,
}: Script<Readonly<Record<string, Option>>>): Command {
  const command = new Command(`${name} --`);
  const help = command.createHelp();
  const paragraphs = about.split("\n\n").map((text) => {
    return text.startsWith("  ") ? text : help.boxWrap(text.replace(/\s+/g, " "), COLUMNS);
  });
  command.description(paragraphs.join("\n\n"));
  command.configureHelp({ helpWidth: COLUMNS }).helpOption("-h, --help", "this text");
  command.allowExcessArguments(false);
  for (const [option, each] of Object.entries(options)) {
    command.addOption(switchOf(option, each));
  }
  if (operands === undefined) return command;
  const { value, least, most = Number.POSITIVE_INFINITY, of } = operands;
  const shape = `${value}${most > 1 ? "..." : ""}`;
  const argument = new Argument(least > 0 ? `<${shape}>` : `[${shape}]`, "which");
  return command.addArgument(of === undefined ? argument : argument.choices(of));
}

function switchOf(name: string, option: Option): Switch {
  if (option.kind === "flag") return new Named(`--${name}`, option.says);
  const made = new Named(`--${name} <${calledOf(option)}>`, option.says);
  if (option.kind === "list") {
    if (option.of !== undefined) made.description += ` (among: ${option.of.join(", ")})`;
    return made.argParser((text) => amongst(there(text).split(","), option.of));
  }
  if (option.usual !== undefined) made.default(option.usual);
  if (option.needed) made.makeOptionMandatory();
  if (option.kind === "choice") return made.choices(option.of);
  return made.argParser((text) => (option.kind === "text" ? there(text) : numberOf(option, text)));
}

function calledOf(option: Exclude<Option, { kind: "flag" }>): string {
  if ("value" in option) return option.value;
  return option.kind === "choice" ? "NAME" : "N";
}

/** What begins like an option is one whose forerunner has lost its value. */
function there(text: string): string {
  if (text === "" || text.startsWith("--")) throw new InvalidArgumentError("It lacks its value.");
  return text;
}

function amongst(chosen: readonly string[], of: readonly string[] = chosen): readonly string[] {
  const unknown = chosen.filter((item) => !of.includes(item));
  if (unknown.length === 0) return chosen;
  throw new InvalidArgumentError(`There is no ${unknown.join(", ")}; there are: ${of.join(", ")}.`);
}

function numberOf({ kind, least, most }: Extract<Option, Bounds>, text: string): number {
  const number = /^[+-]?[0-9._e]+$/i.test(text) ? Number(text) : Number.NaN;
  const isFit = kind === "whole" ? Number.isSafeInteger(number) : Number.isFinite(number);
  if (isFit && number >= least && number <= (most ?? number)) return number;
  const range = most === undefined ? `, ${least} or more` : ` from ${least} to ${most}`;
  throw new InvalidArgumentError(`It takes a ${kind === "whole" ? "whole " : ""}number${range}.`);
}
