import type { CommandParts } from "./line-commands.ts";

/** Adds the commands that read, write and look for devices in the field. */
export function addFieldCommands({ command, option, config, json, does }: CommandParts): void {
  command("read", "read gas-1.gas\n  lifeline read line-a 3 holding 40 float32")
    .argument("[operands...]")
    .addOption(config)
    .addOption(json)
    .action(does(async () => (await import("./read.ts")).read));
  command("write", "write valve-1.shut true")
    .argument("[point]")
    .argument("[value]")
    .addOption(config)
    .addOption(json)
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
    .action(does(async () => (await import("./scan.ts")).scan));
}
