import { Option } from "commander";
import type { Lang } from "../core/errors.ts";
import { sayBuffer } from "./buffer-text.ts";
import type { CommandParts } from "./line-commands.ts";
import { type RecordTextKey, sayRecord } from "./record-text.ts";

/** Adds the commands about what the gateway has told. */
export function addRecordCommands(parts: CommandParts, lang: Lang): void {
  const { command, config, json, does } = parts;
  const own = (flags: string, text: RecordTextKey) => new Option(flags, sayRecord(lang, text));
  command("events", "events --kind alarm,write --from -24h\n  lifeline events --follow")
    .description(sayRecord(lang, "eventsHelp"))
    .addOption(config)
    .addOption(json)
    .addOption(own("--from <time>", "fromOption"))
    .addOption(own("--to <time>", "toOption"))
    .addOption(own("--point <pattern>", "pointOption"))
    .addOption(own("--kind <kinds>", "kindOption"))
    .addOption(own("--follow", "followOption"))
    .addOption(new Option("--database <file>", sayBuffer(lang, "fileOption")))
    .action(does(async () => (await import("./events.ts")).events));
  command("log", "log --level warn --since -1h\n  lifeline log --follow")
    .addOption(config)
    .addOption(json)
    .addOption(own("--level <level>", "levelOption"))
    .addOption(own("--since <time>", "sinceOption"))
    .addOption(own("--follow", "followOption"))
    .action(does(async () => (await import("./log.ts")).log));
  command("bundle", "bundle\n  lifeline bundle --out /media/usb/box.tar.gz")
    .addOption(config)
    .addOption(json)
    .addOption(own("--out <file>", "outOption"))
    .action(does(async () => (await import("./bundle.ts")).bundle));
}
