import { Option } from "commander";
import type { Lang } from "../core/errors.ts";
import { type FlashTextKey, sayFlash } from "./flash-text.ts";
import type { CommandParts } from "./line-commands.ts";

/** Adds `lifeline flash`. */
export function addFlash({ command, option, json, does }: CommandParts, lang: Lang): void {
  const own = (flags: string, text: FlashTextKey) => new Option(flags, sayFlash(lang, text));
  command(
    "flash",
    `flash
  lifeline flash lifeline.img.zst /dev/mmcblk0 --gateway batch-7/gw-0001
  lifeline flash lifeline.img /dev/sda --batch batch-7
  lifeline flash lifeline.img /dev/sda --batch sites.csv --template gateway.yaml
  lifeline flash lifeline.img --batch batch-7 --images cards`,
  )
    .argument("[IMAGE]")
    .argument("[CARD]")
    .addOption(json)
    .addOption(own("--gateway <dir>", "gatewayOption"))
    .addOption(own("--batch <batch>", "batchOption"))
    .addOption(own("--images <dir>", "imagesOption"))
    .addOption(own("--template <file>", "templateOption"))
    .addOption(own("--common <dir>", "commonOption"))
    .addOption(own("--out <dir>", "outOption"))
    .addOption(own("--force", "forceOption"))
    .addOption(own("--fixed <disk>", "fixedOption"))
    .addOption(option("--yes", "yesOption"))
    .action(does(async () => (await import("./flash.ts")).flash));
}
