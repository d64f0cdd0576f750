import { Option } from "commander";
import type { Lang } from "../core/errors.ts";
import { type FieldTextKey, sayField } from "./field-text.ts";
import { type IdentifyTextKey, sayIdentify } from "./identify-text.ts";
import type { CommandParts } from "./line-commands.ts";

/** Adds the commands that read, write and look for devices in the field. */
export function addFieldCommands(parts: CommandParts, lang: Lang): void {
  const { command, option, config, json, does } = parts;
  const fieldOption = (flags: string, text: FieldTextKey) =>
    new Option(flags, sayField(lang, text));
  command(
    "read",
    "read gas-1.gas\n  lifeline read line-a 3 holding 40 float32\n  lifeline read line-a 3 --pdu 2B 0E 01 00",
  )
    .argument("[operands...]")
    .usage(`[options] ${sayField(lang, "readOperands")}`)
    .addOption(config)
    .addOption(json)
    .addOption(fieldOption("--order <order>", "orderOption"))
    .addOption(fieldOption("--pdu <hex...>", "pduOption"))
    .addOption(fieldOption("--unsafe", "unsafeOption"))
    .addOption(option("--yes", "yesOption"))
    .action(does(async () => (await import("./read.ts")).read));
  command(
    "write",
    "write valve-1.shut true\n  lifeline write line-a 3 holding 40 1.5 --type float32",
  )
    .argument("[operands...]")
    .usage(`[options] ${sayField(lang, "writeOperands")}`)
    .addOption(config)
    .addOption(json)
    .addOption(fieldOption("--type <type>", "typeOption"))
    .addOption(fieldOption("--order <order>", "orderOption"))
    .addOption(option("--yes", "yesOption"))
    .action(does(async () => (await import("./write.ts")).write));
  command("scan", "scan line-a --units 1-32\n  lifeline scan line-a --speeds --formats 8N1,8E1")
    .argument("[BUS]")
    .addOption(config)
    .addOption(json)
    .addOption(option("--units <list>", "unitsOption"))
    .addOption(option("--speeds [list]", "speedsOption"))
    .addOption(option("--formats [list]", "formatsOption"))
    .addOption(option("--timeout <time>", "scanTimeoutOption"))
    .addOption(option("--probe <how>", "probeOption"))
    .action(does(async () => (await import("./scan.ts")).scan));
  const own = (flags: string, text: IdentifyTextKey) => new Option(flags, sayIdentify(lang, text));
  command(
    "identify",
    "identify line-a 3\n  lifeline identify line-a 3 --for 10m --profile pump.yaml",
  )
    .argument("[BUS]")
    .argument("[UNIT]")
    .usage(`[options] ${sayIdentify(lang, "operands")}`)
    .addOption(config)
    .addOption(json)
    .addOption(own("--for <time>", "forOption"))
    .addOption(own("--addresses <from-to>", "addressesOption"))
    .addOption(own("--profile <file>", "profileOption"))
    .action(does(async () => (await import("./identify.ts")).identify));
  command("node", "node flash /dev/ttyUSB0")
    .argument("[ACTION]")
    .argument("[PORT]")
    .addOption(json)
    .action(does(async () => (await import("./node.ts")).node));
}
