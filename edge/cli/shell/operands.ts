import { FRAMINGS } from "../../../drivers/modbus/decode.ts";
import { ACTIONS } from "../alarms-act.ts";
import type { CommandNode } from "./command-tree.ts";
import { NAME_KINDS, type NameKind } from "./completion-words.ts";

/** What may stand at a place of a command line. */
export type Choice = {
  readonly words?: readonly string[];
  readonly names?: readonly NameKind[];
  readonly files?: true;
};

/** An operand of a command. */
export type Operand = Choice & {
  /** Which it is, from 0; -1 for each. */
  readonly at: number;
  /** What the first operand must be for it; left out for any. */
  readonly behind?: readonly string[];
};

/** What is meant by an operand of this name. */
const BY_NAME: Readonly<Record<string, Choice>> = {
  BUS: { names: ["buses"] },
  DEVICE: { names: ["devices"] },
  POINT: { names: ["points"] },
  ALARM: { names: ["alarms"] },
  DESTINATION: { names: ["destinations"] },
  FILE: { files: true },
  PORT: { files: true },
  FRAMING: { words: [...FRAMINGS, "hj212", "sl651", "sparkplug"] },
};

/** Commands whose operands their names do not tell. */
const OWN: Readonly<Record<string, readonly Operand[]>> = {
  read: [{ at: -1, names: ["points", "buses"] }],
  write: [{ at: 0, names: ["points", "buses"] }],
  profiles: [{ at: 0, names: ["profiles"] }],
  alarms: [
    { at: 0, words: [...ACTIONS.keys(), "list", "history", "stats", "audit"] },
    { at: 1, behind: [...ACTIONS.keys(), "history"], names: ["alarms"] },
  ],
  interlock: [
    { at: 0, words: ["list", "test", "override", "release", "audit"] },
    { at: 1, behind: ["test", "override", "release"], names: ["interlocks"] },
  ],
  buffer: [
    { at: 0, words: ["status", "verify", "export", "audit"] },
    { at: 1, behind: ["audit"], files: true },
  ],
  config: [{ at: 0, words: ["list", "diff", "rollback", "confirm"] }],
  command: [
    { at: 0, words: ["keygen", "sign"], files: true },
    { at: 1, behind: ["sign"], files: true },
  ],
  update: [
    {
      at: 0,
      words: [
        ...["status", "check", "download", "install"],
        ...["commit", "rollback", "history", "config"],
      ],
    },
    { at: 1, behind: ["config"], files: true },
  ],
  provision: [
    { at: 0, words: ["status", "enrol", "csr", "install", "batch", "replace", "reset"] },
    { at: 1, behind: ["install", "batch"], files: true },
  ],
  flash: [
    { at: 0, files: true },
    { at: 1, files: true },
  ],
  node: [
    { at: 0, words: ["flash"] },
    { at: 1, behind: ["flash"], files: true },
  ],
  completion: [{ at: 0, words: ["bash", "zsh", "fish"] }],
};

/** What may stand behind the name of `command`. */
export function operandsOf({ name, operands }: CommandNode): readonly Operand[] {
  if (Object.hasOwn(OWN, name)) return OWN[name] ?? [];
  return operands.flatMap((operand, at) => {
    const choice = BY_NAME[operand];
    return choice === undefined ? [] : [{ at, ...choice }];
  });
}

/** The commands that `operandsOf` knows more of than their names tell. */
export const KNOWN_COMMANDS: readonly string[] = Object.keys(OWN);

/** What the value of an option may be, by the option, or by how its value is called. */
const VALUES: Readonly<Record<string, Choice>> = {
  "--lang": { words: ["en", "zh-CN"] },
  "--format": { words: ["csv", "jsonl", "parquet"] },
  "--order": { words: ["ABCD", "CDAB", "BADC", "DCBA"] },
  "--probe": { words: ["careful", "read"] },
  "--words": { words: NAME_KINDS },
  "--points": { names: ["points"] },
  file: { files: true },
  dir: { files: true },
};

/** What may stand behind `option`, whose value is called `value`. */
export function valuesOf(option: string, value: string): Choice {
  return VALUES[option] ?? VALUES[value] ?? {};
}
