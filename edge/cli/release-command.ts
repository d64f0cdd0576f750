import { Option } from "commander";
import type { Lang } from "../core/errors.ts";
import type { CommandParts } from "./line-commands.ts";
import { type ReleaseTextKey, sayRelease } from "./release-text.ts";

/** Adds `lifeline release`. */
export function addRelease({ command, json, does }: CommandParts, lang: Lang): void {
  const own = (flags: string, text: ReleaseTextKey) => new Option(flags, sayRelease(lang, text));
  command(
    "release",
    `release key anna
  lifeline release add dist --from 0.2.0
  lifeline release sign drafts/rpi-arm64.stable.json --key anna.key
  lifeline release publish --key online.key
  lifeline release verify --anchor root.json`,
  )
    .argument("[ACTION]")
    .argument("[WHAT...]")
    .usage(`[options] ${sayRelease(lang, "operands")}`)
    .addOption(json)
    .addOption(own("--dir <dir>", "dirOption"))
    .addOption(own("--key <files>", "keyOption"))
    .addOption(own("--passphrase-file <file>", "passphraseOption"))
    .addOption(own("--root <files>", "rootOption"))
    .addOption(own("--targets <files>", "targetsOption"))
    .addOption(own("--online <files>", "onlineOption"))
    .addOption(own("--threshold <n>", "thresholdOption"))
    .addOption(own("--from <versions>", "fromOption"))
    .addOption(own("--anchor <file>", "anchorOption"))
    .action(does(async () => (await import("./release.ts")).release));
}
