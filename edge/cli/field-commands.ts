import type { Command, Option } from "commander";
import type { Invocation } from "./invocation.ts";
import type { TextKey } from "./text.ts";

/** How the command line makes commands. */
export type CommandParts = {
  readonly command: (name: TextKey, example: string) => Command;
  readonly option: (flags: string, text: TextKey) => Option;
  readonly config: Option;
  readonly json: Option;
  readonly does: (
    load: () => Promise<(invocation: Invocation) => number | Promise<number>>,
  ) => (...values: unknown[]) => Promise<void>;
};

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
