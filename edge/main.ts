#!/usr/bin/env node
import process from "node:process";
import { Command, CommanderError, Option } from "commander";
import { fail, type Invocation } from "./cli/invocation.ts";
import { languageOf } from "./cli/text.ts";
import { RELEASE } from "./release.ts";

/** Exit code of a command that was used wrongly. */
const USAGE = 2;

/** Runs one command; commands are loaded only when they are used, so that a start stays quick. */
async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command("lifeline")
    .description("Lifeline Edge: the gateway that guards a city's lifelines")
    .version(RELEASE)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  const json = new Option("--json", "stable output for programs");
  const command = (words: string, description: string, example: string) =>
    program
      .command(words)
      .description(description)
      .addOption(new Option("--config <file>", "configuration file").default("gateway.yaml"))
      .addOption(new Option("--lang <language>", "language").choices(["en", "zh-CN"]))
      .addHelpText("after", `\nExample:\n  lifeline ${example}`)
      .exitOverride();
  const does =
    (load: () => Promise<(invocation: Invocation) => number | Promise<number>>) =>
    async (...args: unknown[]) => {
      const self = args.at(-1) as Command;
      const options = self.opts<Invocation>();
      const lang = options.lang ?? languageOf(process.env);
      const invocation = { ...options, lang, operands: self.args };
      try {
        const run = await load();
        exitCode = await run(invocation);
      } catch (error) {
        exitCode = fail(error, invocation);
      }
    };

  command("run", "Run the gateway.", "run --config /etc/lifeline/gateway.yaml").action(
    does(async () => (await import("./cli/run.ts")).run),
  );
  command("check", "Check the configuration and say what is wrong.", "check --config gateway.yaml")
    .addOption(json)
    .option("--schema", "print the JSON Schema of gateway.yaml for editors")
    .action(does(async () => (await import("./cli/check.ts")).check));
  command("status", "Show the state of the running gateway.", "status --json")
    .addOption(json)
    .action(does(async () => (await import("./cli/status.ts")).status));
  command("alarms [action] [alarm]", "List alarms; ack or reset one.", "alarms ack gas-high")
    .addOption(json)
    .action(does(async () => (await import("./cli/alarms.ts")).alarms));
  command("demo", "Guard a simulated city block, with a leak and an outage.", "demo --seconds 30")
    .addOption(json)
    .option("--seconds <n>", "how long the story takes, 10 to 3600", "90")
    .action(does(async () => (await import("./cli/demo.ts")).demo));

  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    throw error;
  }
}

process.exitCode = await main(process.argv);
