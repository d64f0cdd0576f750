import { Option } from "commander";
import type { Lang } from "../core/errors.ts";
import { type AlarmsTextKey, sayAlarms } from "./alarms-text.ts";
import { type BufferTextKey, sayBuffer } from "./buffer-text.ts";
import { type CalibrateTextKey, sayCalibrate } from "./calibrate-text.ts";
import { type CommandTextKey, sayCommand } from "./command-text.ts";
import { sayConfig } from "./config-text.ts";
import { addDoctor } from "./doctor-command.ts";
import { addFlash } from "./flash-command.ts";
import { type InterlockTextKey, sayInterlock } from "./interlock-text.ts";
import type { CommandParts } from "./line-commands.ts";
import { addProvision } from "./provision-command.ts";
import { addRelease } from "./release-command.ts";
import { addReportCommand } from "./report-command.ts";
import { addUpdate } from "./update-command.ts";
import { addWatch } from "./watch-command.ts";

/** Adds the commands about the gateway as a whole. */
export function addSiteCommands(parts: CommandParts, lang: Lang): void {
  const { command, option, config, json, does } = parts;
  command("check", "check --config gateway.yaml")
    .addOption(config)
    .addOption(json)
    .addOption(option("--card <dir>", "cardOption"))
    .addOption(option("--schema", "schemaOption"))
    .action(does(async () => (await import("./check.ts")).check));
  command("profiles", "profiles level\n  lifeline profiles keller-series-30")
    .argument("[NAME]")
    .addOption(config)
    .addOption(json)
    .action(does(async () => (await import("./profiles.ts")).profiles));
  command("status", "status --json")
    .addOption(config)
    .addOption(json)
    .action(does(async () => (await import("./status.ts")).status));
  addDoctor(parts);
  addWatch(parts, lang);
  addAlarms(parts, lang);
  addInterlock(parts, lang);
  addBuffer(parts, lang);
  addCalibrate(parts, lang);
  addCommand(parts, lang);
  addReportCommand(parts, lang);
  addProvision(parts, lang);
  addFlash(parts, lang);
  addUpdate(parts, lang);
  addRelease(parts, lang);
  command("config", "config\n  lifeline config diff 3\n  lifeline config rollback")
    .argument("[ACTION]")
    .argument("[N]")
    .usage(`[options] ${sayConfig(lang, "operands")}`)
    .addOption(config)
    .addOption(json)
    .action(does(async () => (await import("./config.ts")).config));
}

function addAlarms({ command, config, json, does }: CommandParts, lang: Lang): void {
  const alarmsOption = (flags: string, text: AlarmsTextKey) =>
    new Option(flags, sayAlarms(lang, text));
  command(
    "alarms",
    "alarms ack gas-high\n  lifeline alarms shelve gas-high --for 2h --reason 'sensor is washed'\n  lifeline alarms history gas-high --from -24h\n  lifeline alarms stats\n  lifeline alarms audit",
  )
    .argument("[ACTION]")
    .argument("[ALARM]")
    .addOption(config)
    .addOption(json)
    .addOption(alarmsOption("--for <time>", "forOption"))
    .addOption(alarmsOption("--once", "onceOption"))
    .addOption(alarmsOption("--reason <text>", "reasonOption"))
    .addOption(alarmsOption("--from <time>", "fromOption"))
    .addOption(alarmsOption("--to <time>", "toOption"))
    .addOption(new Option("--database <file>", sayBuffer(lang, "fileOption")))
    .action(does(async () => (await import("./alarms.ts")).alarms));
}

function addInterlock({ command, option, config, json, does }: CommandParts, lang: Lang): void {
  const own = (flags: string, text: InterlockTextKey) =>
    new Option(flags, sayInterlock(lang, text));
  command(
    "interlock",
    'interlock\n  lifeline interlock test shut-off\n  lifeline interlock override shut-off --for 30m --reason "valve is being serviced"\n  lifeline interlock release shut-off\n  lifeline interlock audit',
  )
    .argument("[action]")
    .argument("[name]")
    .usage(`[options] ${sayInterlock(lang, "operands")}`)
    .addOption(config)
    .addOption(json)
    .addOption(own("--for <time>", "forOption"))
    .addOption(own("--reason <text>", "reasonOption"))
    .addOption(own("--database <file>", "databaseOption"))
    .addOption(option("--yes", "yesOption"))
    .action(does(async () => (await import("./interlock.ts")).interlock));
}

function addCommand({ command, config, json, does }: CommandParts, lang: Lang): void {
  const own = (flags: string, text: CommandTextKey) => new Option(flags, sayCommand(lang, text));
  command(
    "command",
    `command /media/usb/order.json
  lifeline command keygen dispatcher
  lifeline command sign dispatcher.pem gw-0001 '{"kind":"write","point":"valve-1.shut","value":true}'
  lifeline command sign fleet.pem gw-0001 --yaml gateway.yaml --out order.json`,
  )
    .argument("[operands...]")
    .usage(`[options] ${sayCommand(lang, "operands")}`)
    .addOption(config)
    .addOption(json)
    .addOption(own("--for <time>", "forOption"))
    .addOption(own("--out <file>", "outOption"))
    .addOption(own("--yaml <file>", "yamlOption"))
    .action(does(async () => (await import("./command.ts")).command));
}

function addCalibrate({ command, option, config, json, does }: CommandParts, lang: Lang): void {
  const own = (flags: string, text: CalibrateTextKey) =>
    new Option(flags, sayCalibrate(lang, text));
  command(
    "calibrate",
    `calibrate gas-1.gas
  lifeline calibrate gas-1.gas --zero 0 --span 50 --note 'bottle 1234' --out gas-1.pdf
  lifeline calibrate gas-1.gas --check --span 50 --yes
  lifeline calibrate gas-1.gas --revert`,
  )
    .argument("[POINT]")
    .addOption(config)
    .addOption(json)
    .addOption(own("--zero <value>", "zeroOption"))
    .addOption(own("--span <value>", "spanOption"))
    .addOption(own("--check", "checkOption"))
    .addOption(own("--revert", "revertOption"))
    .addOption(own("--history", "historyOption"))
    .addOption(own("--for <time>", "forOption"))
    .addOption(own("--within <time>", "withinOption"))
    .addOption(own("--window <time>", "windowOption"))
    .addOption(own("--tolerance <value>", "toleranceOption"))
    .addOption(own("--note <text>", "noteOption"))
    .addOption(own("--out <file>", "outOption"))
    .addOption(own("--record <n>", "recordOption"))
    .addOption(new Option("--force", sayBuffer(lang, "forceOption")))
    .addOption(option("--yes", "yesOption"))
    .action(does(async () => (await import("./calibrate.ts")).calibrate));
}

function addBuffer({ command, config, json, does }: CommandParts, lang: Lang): void {
  const bufferOption = (flags: string, text: BufferTextKey) =>
    new Option(flags, sayBuffer(lang, text));
  command(
    "buffer",
    "buffer\n  lifeline buffer verify\n  lifeline buffer export --from -24h --points 'gas-*' --out gas.csv\n  lifeline buffer audit received.csv",
  )
    .argument("[ACTION]")
    .argument("[FILE]")
    .addOption(config)
    .addOption(json)
    .addOption(bufferOption("--database <file>", "fileOption"))
    .addOption(bufferOption("--from <time>", "fromOption"))
    .addOption(bufferOption("--to <time>", "toOption"))
    .addOption(bufferOption("--points <pattern>", "pointsOption"))
    .addOption(bufferOption("--format <format>", "formatOption"))
    .addOption(bufferOption("--out <file>", "outOption"))
    .addOption(bufferOption("--force", "forceOption"))
    .action(does(async () => (await import("./buffer.ts")).buffer));
}
