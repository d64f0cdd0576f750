import { Option } from "commander";
import type { Lang } from "../core/errors.ts";
import type { CommandParts } from "./line-commands.ts";
import { type ProvisionTextKey, sayProvision } from "./provision-text.ts";

/** Adds `lifeline provision`. */
export function addProvision({ command, option, config, json, does }: CommandParts, lang: Lang) {
  const own = (flags: string, text: ProvisionTextKey) =>
    new Option(flags, sayProvision(lang, text));
  command(
    "provision",
    `provision
  lifeline provision enrol --claim /media/usb/claim
  lifeline provision csr --out /media/usb/gw-0001.csr
  lifeline provision install /media/usb/gw-0001.pem
  lifeline provision batch sites.csv --template gateway.yaml --out batch-7`,
  )
    .argument("[ACTION]")
    .argument("[FILE]")
    .usage(`[options] ${sayProvision(lang, "operands")}`)
    .addOption(config)
    .addOption(json)
    .addOption(own("--claim <file>", "claimOption"))
    .addOption(own("--out <file>", "outOption"))
    .addOption(own("--template <file>", "templateOption"))
    .addOption(own("--common <dir>", "commonOption"))
    .addOption(own("--for <time>", "forOption"))
    .addOption(option("--yes", "yesOption"))
    .action(does(async () => (await import("./provision.ts")).provision));
}
