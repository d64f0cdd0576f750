import { type Command, Option } from "commander";
import type { Lang } from "../core/errors.ts";
import type { CommandParts } from "./line-commands.ts";
import { sayShell } from "./shell/completion-text.ts";

/** Adds the commands about the command line itself. */
export function addShellCommands(parts: CommandParts, lang: Lang): void {
  const { command, config, json, does } = parts;
  command("completion", "completion bash > /etc/bash_completion.d/lifeline")
    .argument("[SHELL]")
    .addOption(config)
    .addOption(json)
    .addOption(new Option("--words <kinds>", sayShell(lang, "wordsOption")))
    .action((...values: unknown[]) =>
      does(async () => {
        const self = values.at(-1) as Command;
        if (self.opts().words !== undefined) {
          return (await import("./shell/completion-words.ts")).completionWords;
        }
        const [{ completion }, tree] = await Promise.all([
          import("./shell/completion.ts"),
          treeAround(self),
        ]);
        return (invocation) => completion(tree, invocation);
      })(...values),
    );
  command("man", "man | man -l -")
    .addOption(json)
    .action((...values: unknown[]) =>
      does(async () => {
        const [{ man }, tree] = await Promise.all([
          import("./shell/man.ts"),
          treeAround(values.at(-1) as Command),
        ]);
        return (invocation) => man(tree, invocation);
      })(...values),
    );
}

/** All that the command line takes, of which `command` is a part. */
async function treeAround({ parent }: Command) {
  const { treeOf } = await import("./shell/command-tree.ts");
  if (parent === null) throw new Error("a command without a program");
  return treeOf(parent);
}
