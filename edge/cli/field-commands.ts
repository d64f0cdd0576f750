import type { CommandParts } from "./line-commands.ts";

/** Adds the commands that read and write in the field. */
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
}
