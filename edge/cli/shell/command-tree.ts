import type { Command, Option } from "commander";

/** An option as one types it. */
export type OptionNode = {
  /** With its dashes: `--config`. */
  readonly long: string;
  /** With its dash: `-h`; null where there is none. */
  readonly short: string | null;
  /** How its value is called, such as `file`; null where it takes none. */
  readonly value: string | null;
  /** Whether the value may be left out. */
  readonly isOptional: boolean;
  /** What it is for, in the language of the command line. */
  readonly about: string;
  /** What it is where it is left out; null where that is nothing. */
  readonly usual: string | null;
};

/** A command as one types it. */
export type CommandNode = {
  readonly name: string;
  readonly about: string;
  /** What stands behind its name, as the help shows it. */
  readonly usage: string;
  /** How its operands are called, in capitals. */
  readonly operands: readonly string[];
  readonly options: readonly OptionNode[];
  /** Command lines that show it, one each. */
  readonly examples: readonly string[];
};

/** All that the command line takes. Plain data. */
export type CommandTree = {
  readonly about: string;
  readonly options: readonly OptionNode[];
  readonly commands: readonly CommandNode[];
};

/** The tree of `program`, whose commands have their examples below their help. */
export function treeOf(program: Command): CommandTree {
  return {
    about: program.description(),
    options: program.createHelp().visibleOptions(program).map(optionNode),
    commands: program.commands.map(commandNode),
  };
}

function commandNode(command: Command): CommandNode {
  return {
    name: command.name(),
    about: command.description(),
    usage: command.usage(),
    operands: command.registeredArguments.map((argument) => argument.name().toUpperCase()),
    options: command.options.map(optionNode),
    examples: examplesOf(command),
  };
}

function optionNode({ long, short, flags, description, defaultValue, ...is }: Option): OptionNode {
  return {
    long: long ?? "",
    short: short ?? null,
    value: /[<[]([\w-]+)/.exec(flags)?.[1] ?? null,
    isOptional: is.optional,
    about: description,
    usual: defaultValue === undefined ? null : String(defaultValue),
  };
}

/** What stands at the end of its help, set in by two and beginning with the program's name. */
function examplesOf(command: Command): readonly string[] {
  let help = "";
  const { writeOut, ...others } = command.configureOutput();
  const collect = (text: string) => {
    help += text;
  };
  command.configureOutput({ ...others, writeOut: collect });
  command.outputHelp();
  command.configureOutput({ ...others, ...(writeOut && { writeOut }) });
  return help.split("\n").flatMap((line) => /^ {2}(lifeline .*)$/.exec(line)?.[1] ?? []);
}
