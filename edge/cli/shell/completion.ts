import { toJson } from "../../core/json.ts";
import { type Invocation, misuse, print } from "../invocation.ts";
import type { CommandTree } from "./command-tree.ts";
import { completionScript, SHELLS } from "./completion-script.ts";
import { sayShell } from "./completion-text.ts";

/** `lifeline completion SHELL`: the script that completes what `tree` takes. */
export function completion(tree: CommandTree, invocation: Invocation): number {
  const { lang, json, operands } = invocation;
  const shell = SHELLS.find((each) => each === operands[0]);
  if (shell === undefined || operands.length > 1) {
    return misuse(sayShell(lang, "shellMissing", { shells: SHELLS.join(", ") }), invocation);
  }
  const script = completionScript(tree, shell);
  print(json ? toJson({ v: 1, shell, script }) : script.trimEnd());
  return 0;
}
