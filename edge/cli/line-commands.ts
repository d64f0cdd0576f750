import type { Command, Option } from "commander";
import type { Invocation } from "./invocation.ts";
import type { TextKey } from "./text.ts";

/** How the command line makes commands. */
export type CommandParts = {
  readonly command: (name: TextKey, example: string) => Command;
  readonly json: Option;
  readonly does: (
    load: () => Promise<(invocation: Invocation) => number | Promise<number>>,
  ) => (...values: unknown[]) => Promise<void>;
};

/** Adds the commands about what goes over a line. */
export function addLineCommands({ command, json, does }: CommandParts): void {
  command("decode", "decode modbus-rtu 01 03 00 00 00 02 C4 0B")
    .argument("[framing]")
    .argument("[hex...]")
    .addOption(json)
    .action(does(async () => (await import("./decode.ts")).decode));
}
