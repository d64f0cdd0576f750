import { type Command, InvalidArgumentError, type Option } from "commander";
import type { Lang } from "../core/errors.ts";
import type { Invocation } from "./invocation.ts";
import { say, type TextKey } from "./text.ts";

const DAY_S = 86_400;

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

/** Adds the commands about what goes over a line. */
export function addLineCommands(parts: CommandParts, lang: Lang): void {
  const { command, option, config, json, does } = parts;
  command("decode", "decode modbus-rtu 01 03 00 00 00 02 C4 0B")
    .argument("[FRAMING]")
    .argument("[HEX...]")
    .addOption(json)
    .action(does(async () => (await import("./decode.ts")).decode));
  command("trace", "trace line-a --past --save line-a.pcapng\n  wireshark line-a.pcapng")
    .argument("[BUS]")
    .addOption(config)
    .addOption(json)
    .addOption(option("--save <file>", "saveOption"))
    .addOption(option("--past", "pastOption"))
    .addOption(
      option("--seconds <n>", "traceSecondsOption").argParser((text) => secondsIn(text, lang)),
    )
    .action(does(async () => (await import("./trace.ts")).trace));
}

/** Seconds that a trace may take. */
function secondsIn(text: string, lang: Lang): number {
  if (/^\d+$/.test(text) && Number(text) <= DAY_S) return Number(text);
  throw new InvalidArgumentError(say(lang, "traceSecondsAllowed"));
}
