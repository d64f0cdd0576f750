import { readFileSync } from "node:fs";
import { openKey, readPublicKey } from "../../ota/repository/key-file.ts";
import type { RoleKeys } from "../../ota/repository/metadata.ts";
import type { SigningKey } from "../../ota/repository/signing-key.ts";
import { GatewayError, messageOf } from "../core/errors.ts";
import { hasTerminal } from "../world/confirm.ts";
import { hiddenAnswer } from "../world/hidden-answer.ts";
import type { Invocation } from "./invocation.ts";
import { sayRelease } from "./release-text.ts";

/** As many have to sign where nothing else is said. */
const USUAL = 2;

/** The keys in the public files that `list` names, and how many of them have to sign. */
export function roleOf(list: string, threshold: string | undefined): RoleKeys {
  const keys = names(list).map((file) => readPublicKey(textOf(file), file).key);
  return { keys, threshold: Number(threshold ?? Math.min(USUAL, keys.length)) };
}

/** The secret keys in the files that `list` names, each opened by its passphrase. */
export async function keysIn(list: string, invocation: Invocation): Promise<readonly SigningKey[]> {
  const keys: SigningKey[] = [];
  for (const file of names(list)) {
    const question = sayRelease(invocation.lang, "askOpen", { file });
    keys.push(openKey(textOf(file), file, await passphraseFor(question, invocation)));
  }
  return keys;
}

/** What the person types, unseen, or the first line of `--passphrase-file`. Throws `ota.key`. */
export async function passphraseFor(
  question: string,
  { passphraseFile, lang }: Invocation,
): Promise<string> {
  if (passphraseFile !== undefined) return textOf(passphraseFile).split(/\r?\n/)[0] ?? "";
  if (!hasTerminal()) throw new GatewayError("ota.key", sayRelease(lang, "needsPassphrase"));
  return (await hiddenAnswer(question)) ?? "";
}

function names(list: string): readonly string[] {
  return list.split(",").filter((name) => name !== "");
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new GatewayError("ota.key", `${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
}
