import { Option } from "commander";
import type { Lang } from "../core/errors.ts";
import { sayWatch, type WatchTextKey } from "../watch/text.ts";
import type { CommandParts } from "./line-commands.ts";

/** Adds the command that shows live how the gateway is. */
export function addWatch({ command, config, json, does }: CommandParts, lang: Lang): void {
  const own = (flags: string, text: WatchTextKey) => new Option(flags, sayWatch(lang, text));
  command(
    "watch",
    "watch\n  lifeline watch --every 5s --filter gas\n  lifeline watch --once | less",
  )
    .addOption(config)
    .addOption(json)
    .addOption(own("--every <time>", "everyOption"))
    .addOption(own("--filter <text>", "filterOption"))
    .addOption(own("--once", "onceOption"))
    .action(does(async () => (await import("./watch.ts")).watch));
}
