import process from "node:process";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { Lang } from "../core/errors.ts";
import { RELEASE } from "../release.ts";
import { endWithOutput, outliveOutput, outputTaken } from "../world/output.ts";
import { addFieldCommands } from "./field-commands.ts";
import { fail, type Invocation, misuse } from "./invocation.ts";
import { LANGUAGES, languageAsked } from "./language.ts";
import { addLineCommands, type CommandParts } from "./line-commands.ts";
import { addRecordCommands } from "./record-commands.ts";
import { addShellCommands } from "./shell-commands.ts";
import { addSiteCommands } from "./site-commands.ts";
import { say, type TextKey } from "./text.ts";
import { speak, usageText } from "./usage.ts";

/** How long the reader of the log may take over the last lines of a gateway, in milliseconds. */
const LOG_PATIENCE_MS = 1_000;

/**
 * Runs the command in `args` and resolves with its exit code. Commands are loaded only when they are
 * used, so that a start stays quick; `onLoaded` hears when one is.
 */
export async function main(args: readonly string[], onLoaded = () => {}): Promise<number> {
  let exitCode = 0;
  let patienceMs = Number.POSITIVE_INFINITY;
  // Known before the arguments are parsed: help, and what is wrong with them, is told in it.
  const lang = languageAsked(args, process.env);
  endWithOutput((why) => say(lang, "errorIs", { what: say(lang, "outputLost", { why }) }));
  const option = (flags: string, text: TextKey) => new Option(flags, say(lang, text));
  const config = option("--config <file>", "configOption").default("gateway.yaml");
  const json = option("--json", "jsonOption");
  const program = speak(new Command("lifeline"), lang)
    .description(say(lang, "program"))
    .addHelpText("after", `\n${say(lang, "exitCodes")}`)
    .addOption(option("--timing", "timingOption"))
    .version(RELEASE, "-V, --version", say(lang, "versionOption"))
    .addOption(option("--lang <language>", "langOption").argParser((text) => known(text, lang)));
  const command = (name: TextKey, example: string) =>
    program
      .command(name)
      .description(say(lang, name))
      .addHelpText("after", `\n${say(lang, "Example:")}\n  lifeline ${example}`);
  const does =
    (load: () => Promise<Action>) =>
    async (...values: unknown[]) => {
      const self = values.at(-1) as Command;
      exitCode = await perform(load, onLoaded, {
        ...self.opts<Invocation>(),
        command: self.name(),
        lang,
        operands: self.args,
      });
    };

  command("run", "run --config /etc/lifeline/gateway.yaml")
    .addOption(config)
    .addOption(option("--json", "jsonLogOption"))
    .hook("preAction", () => {
      outliveOutput();
      patienceMs = LOG_PATIENCE_MS;
    })
    .action(does(async () => (await import("./run.ts")).run));
  const parts = { command, option, config, json, does };
  addSiteCommands(parts, lang);
  addLineCommands(parts, lang);
  addFieldCommands(parts, lang);
  addShellCommands(parts, lang);
  addRecordCommands(parts, lang);
  command("demo", "demo --seconds 30")
    .addOption(json)
    .addOption(
      option("--seconds <n>", "secondsOption")
        .default(90)
        .argParser((text) => storySeconds(text, lang)),
    )
    .action(does(async () => (await import("./demo.ts")).demo));
  addFleet(parts, lang);

  await program.parseAsync(helpful(args, program), { from: "user" }).catch((error) => {
    const names = program.commands.map((each) => each.name());
    exitCode = endOf(error, args, names, lang);
  });
  await outputTaken(patienceMs);
  return exitCode;
}

function addFleet({ command, option, json, does }: CommandParts, lang: Lang): void {
  command("fleet", "fleet versions\n  lifeline fleet rollout start plan.json --canaries 2")
    .argument("[operands...]")
    .usage(`[options] ${say(lang, "fleetOperands")}`)
    .addOption(json)
    .addOption(option("--dir <folder>", "fleetDirOption"))
    .addOption(option("--canaries <n>", "fleetCanariesOption"))
    .addOption(option("--broker <url>", "fleetBrokerOption"))
    .addOption(option("--key <file>", "fleetKeyOption"))
    .action(does(async () => (await import("./fleet.ts")).fleet));
}

/**
 * `args` without the wish for help where they name no command: commander would show its own help,
 * as if the command were there.
 */
function helpful(args: readonly string[], { commands }: Command): readonly string[] {
  const isValue = (at: number) => args[at - 1] === "--lang";
  const named = args.find((arg, at) => !arg.startsWith("-") && !isValue(at));
  const isKnown = named === undefined || named === "help";
  if (isKnown || commands.some((command) => command.name() === named)) return args;
  return args.filter((arg) => arg !== "--help" && arg !== "-h");
}

/** What a command does; returns the exit code. */
type Action = (invocation: Invocation) => number | Promise<number>;

/** Does what `load` loads, and tells of what fails. */
async function perform(
  load: () => Promise<Action>,
  onLoaded: () => void,
  invocation: Invocation,
): Promise<number> {
  try {
    const action = await load();
    onLoaded();
    return await action(invocation);
  } catch (error) {
    return fail(error, invocation);
  }
}

/** The exit code of what commander ended by itself: help, the version, or a mistake, told here. */
function endOf(
  error: unknown,
  args: readonly string[],
  names: readonly string[],
  lang: Lang,
): number {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode === 0) return 0;
  // Without a command the help was shown, which says it all.
  if (error.code === "commander.help") return 2;
  const json = args.includes("--json") ? ({ json: true } as const) : {};
  const command = args.find((arg) => names.includes(arg));
  return misuse(usageText(error, lang), {
    lang,
    ...json,
    ...(command !== undefined && { command }),
  });
}

function known(text: string, lang: Lang): string {
  if (LANGUAGES.some((language) => language === text)) return text;
  throw new InvalidArgumentError(say(lang, "languagesAllowed"));
}

/** Seconds that the demo's story may take. */
function storySeconds(text: string, lang: Lang): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= 10 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError(say(lang, "secondsAllowed"));
}
