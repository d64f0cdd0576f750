import { Option } from "commander";
import type { Lang } from "../core/errors.ts";
import type { CommandParts } from "./line-commands.ts";
import { sayUpdate, type UpdateTextKey } from "./update-text.ts";

/** Adds `lifeline update`. */
export function addUpdate({ command, option, config, json, does }: CommandParts, lang: Lang): void {
  const own = (flags: string, text: UpdateTextKey) => new Option(flags, sayUpdate(lang, text));
  command(
    "update",
    `update
  lifeline update check
  lifeline update install
  lifeline update install 0.3.0 --from /media/usb
  lifeline update rollback --reason 'the pump is not read'
  lifeline update config new.yaml
  lifeline update history`,
  )
    .argument("[ACTION]")
    .argument("[RELEASE]")
    .usage(`[options] ${sayUpdate(lang, "operands")}`)
    .addOption(config)
    .addOption(json)
    .addOption(own("--from <dir>", "fromOption"))
    .addOption(own("--dry-run", "dryRunOption"))
    .addOption(own("--install <dir>", "installOption"))
    .addOption(own("--reason <text>", "reasonOption"))
    .addOption(option("--yes", "yesOption"))
    .action(does(async () => (await import("./update.ts")).update));
}
