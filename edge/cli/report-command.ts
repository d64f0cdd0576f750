import { Option } from "commander";
import type { Lang } from "../core/errors.ts";
import type { CommandParts } from "./line-commands.ts";
import { type ReportTextKey, sayReport } from "./report-text.ts";

/** Adds `lifeline report`. */
export function addReportCommand({ command, config, json, does }: CommandParts, lang: Lang): void {
  const own = (flags: string, text: ReportTextKey) => new Option(flags, sayReport(lang, text));
  const several = (text: string, before: readonly string[] = []) => [...before, text];
  command(
    "report",
    `report commissioning
  lifeline report commissioning --reference gas-1.gas=25±2 --photo photos --yes
  lifeline report verify gw-0001-C-20261128T020443Z.pdf`,
  )
    .argument("[ACTION]")
    .argument("[FILE]")
    .usage(`[options] ${sayReport(lang, "operands")}`)
    .addOption(config)
    .addOption(json)
    .addOption(own("--answers <file>", "answersOption"))
    .addOption(own("--reference <point=value>", "referenceOption").argParser(several))
    .addOption(own("--tolerance <number>", "toleranceOption"))
    .addOption(own("--photo <file>", "photoOption").argParser(several))
    .addOption(own("--units <list>", "unitsOption"))
    .addOption(own("--out <folder>", "outOption"))
    .addOption(own("--database <file>", "databaseOption"))
    .addOption(own("--yes", "yesOption"))
    .action(does(async () => (await import("./report.ts")).report));
}
