#!/usr/bin/env node
import process from "node:process";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { fail, type Invocation } from "./cli/invocation.ts";
import { LANGUAGES, languageAsked } from "./cli/language.ts";
import { say } from "./cli/text.ts";
import type { Lang } from "./core/errors.ts";
import { RELEASE } from "./release.ts";

/** Exit code of a command that was used wrongly. */
const USAGE = 2;

/** Runs one command; commands are loaded only when they are used, so that a start stays quick. */
async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  // Known before the arguments are parsed: what is wrong with them is told in it.
  const lang = languageAsked(argv, process.env);
  const program = new Command("lifeline")
    .description("Lifeline Edge: the gateway that guards a city's lifelines")
    .version(RELEASE)
    .exitOverride()
    .addOption(new Option("--lang <language>", "language").choices(LANGUAGES))
    .configureHelp({ showGlobalOptions: true });
  const config = new Option("--config <file>", "configuration file").default("gateway.yaml");
  const json = new Option("--json", "stable output for programs");
  const command = (words: string, description: string, example: string) =>
    program
      .command(words)
      .description(description)
      .addHelpText("after", `\nExample:\n  lifeline ${example}`)
      .exitOverride();
  const does =
    (load: () => Promise<(invocation: Invocation) => number | Promise<number>>) =>
    async (...args: unknown[]) => {
      const self = args.at(-1) as Command;
      const invocation = { ...self.opts<Invocation>(), lang, operands: self.args };
      try {
        const run = await load();
        exitCode = await run(invocation);
      } catch (error) {
        exitCode = fail(error, invocation);
      }
    };

  command("run", "Run the gateway.", "run --config /etc/lifeline/gateway.yaml")
    .addOption(config)
    .action(does(async () => (await import("./cli/run.ts")).run));
  command("check", "Check the configuration and say what is wrong.", "check --config gateway.yaml")
    .addOption(config)
    .addOption(json)
    .option("--schema", "print the JSON Schema of gateway.yaml for editors")
    .action(does(async () => (await import("./cli/check.ts")).check));
  command("status", "Show the state of the running gateway.", "status --json")
    .addOption(config)
    .addOption(json)
    .action(does(async () => (await import("./cli/status.ts")).status));
  command("alarms [action] [alarm]", "List alarms; ack or reset one.", "alarms ack gas-high")
    .addOption(config)
    .addOption(json)
    .action(does(async () => (await import("./cli/alarms.ts")).alarms));
  command("demo", "Guard a simulated city block, with a leak and an outage.", "demo --seconds 30")
    .addOption(json)
    .addOption(
      new Option("--seconds <n>", "how long the story takes, 10 to 3600")
        .default(90)
        .argParser((text) => storySeconds(text, lang)),
    )
    .action(does(async () => (await import("./cli/demo.ts")).demo));

  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    throw error;
  }
}

/** Seconds that the demo's story may take. */
function storySeconds(text: string, lang: Lang): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= 10 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError(say(lang, "secondsAllowed"));
}

process.exitCode = await main(process.argv);
