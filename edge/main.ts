#!/usr/bin/env node
import process from "node:process";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { addFieldCommands } from "./cli/field-commands.ts";
import { fail, type Invocation, misuse } from "./cli/invocation.ts";
import { LANGUAGES, languageAsked } from "./cli/language.ts";
import { say, type TextKey } from "./cli/text.ts";
import { speak, usageText } from "./cli/usage.ts";
import type { Lang } from "./core/errors.ts";
import { RELEASE } from "./release.ts";

/** Runs one command; commands are loaded only when they are used, so that a start stays quick. */
async function main(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  // Known before the arguments are parsed: help, and what is wrong with them, is told in it.
  const lang = languageAsked(args, process.env);
  const option = (flags: string, text: TextKey) => new Option(flags, say(lang, text));
  const config = option("--config <file>", "configOption").default("gateway.yaml");
  const json = option("--json", "jsonOption");
  const program = speak(new Command("lifeline"), lang)
    .description(say(lang, "program"))
    .version(RELEASE, "-V, --version", say(lang, "versionOption"))
    .addOption(option("--lang <language>", "langOption").argParser((text) => known(text, lang)));
  const command = (name: TextKey, example: string) =>
    program
      .command(name)
      .description(say(lang, name))
      .addHelpText("after", `\n${say(lang, "Example:")}\n  lifeline ${example}`);
  const does =
    (load: () => Promise<(invocation: Invocation) => number | Promise<number>>) =>
    async (...values: unknown[]) => {
      const self = values.at(-1) as Command;
      const invocation = { ...self.opts<Invocation>(), lang, operands: self.args };
      try {
        const run = await load();
        exitCode = await run(invocation);
      } catch (error) {
        exitCode = fail(error, invocation);
      }
    };

  command("run", "run --config /etc/lifeline/gateway.yaml")
    .addOption(config)
    .action(does(async () => (await import("./cli/run.ts")).run));
  command("check", "check --config gateway.yaml")
    .addOption(config)
    .addOption(json)
    .addOption(option("--schema", "schemaOption"))
    .action(does(async () => (await import("./cli/check.ts")).check));
  command("status", "status --json")
    .addOption(config)
    .addOption(json)
    .action(does(async () => (await import("./cli/status.ts")).status));
  command("alarms", "alarms ack gas-high")
    .argument("[action]")
    .argument("[alarm]")
    .addOption(config)
    .addOption(json)
    .action(does(async () => (await import("./cli/alarms.ts")).alarms));
  addFieldCommands({ command, option, config, json, does });
  command("demo", "demo --seconds 30")
    .addOption(json)
    .addOption(
      option("--seconds <n>", "secondsOption")
        .default(90)
        .argParser((text) => storySeconds(text, lang)),
    )
    .action(does(async () => (await import("./cli/demo.ts")).demo));

  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return endOf(error, args, lang);
    throw error;
  }
}

/** The exit code of what commander ended by itself: help, the version, or a mistake, told here. */
function endOf(error: CommanderError, args: readonly string[], lang: Lang): number {
  if (error.exitCode === 0) return 0;
  // Without a command the help was shown, which says it all.
  if (error.code === "commander.help") return 2;
  const json = args.includes("--json") ? ({ json: true } as const) : {};
  return misuse(usageText(error, lang), { lang, ...json });
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

// Whatever may still be open must not keep a failed gateway alive: the supervisor starts it anew.
process.exit(await main(process.argv.slice(2)));
