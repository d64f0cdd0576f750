import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { GatewayError, messageOf } from "../core/errors.ts";
import {
  isPersonalFile,
  PERSONAL_LIST,
  personalHash,
  personalListIn,
} from "../provision/personal.ts";

/** A folder that makes a card a gateway's: whose, and its files. */
export type GatewayFolder = { readonly id: string; readonly files: readonly string[] };

/**
 * The gateway of a folder of `lifeline provision batch`. Throws `card.personal` where its files are not
 * what its list says.
 */
export function gatewayIn(folder: string): GatewayFolder {
  try {
    const list = personalListIn(readFileSync(join(folder, PERSONAL_LIST), "utf8"));
    if (typeof list === "string") throw new Error(`${PERSONAL_LIST}: ${list}`);
    const names = readdirSync(folder).filter((name) => name !== PERSONAL_LIST);
    for (const name of names) {
      if (!isPersonalFile(name)) throw new Error(`${name} is no file that a card can hold`);
      if (personalHash(readFileSync(join(folder, name))) !== list.files[name]) {
        throw new Error(`${name} is not what ${PERSONAL_LIST} says`);
      }
    }
    const [lost] = Object.keys(list.files).filter((name) => !names.includes(name));
    if (lost !== undefined) throw new Error(`${lost} is missing`);
    const files = [...names, PERSONAL_LIST].map((name) => join(folder, name));
    return { id: list.gateway, files };
  } catch (cause) {
    throw new GatewayError("card.personal", `${folder}: ${messageOf(cause)}`, { cause });
  }
}

/** The gateways of a batch, in the order of their ids. Throws `card.personal`. */
export function gatewaysOf(batch: string): readonly GatewayFolder[] {
  let folders: readonly string[];
  try {
    const entries = readdirSync(batch, { withFileTypes: true });
    folders = entries.filter((each) => each.isDirectory()).map((each) => join(batch, each.name));
  } catch (cause) {
    throw new GatewayError("card.personal", `${batch}: ${messageOf(cause)}`, { cause });
  }
  if (folders.length === 0) throw new GatewayError("card.personal", `${basename(batch)} is empty`);
  return folders.toSorted().map(gatewayIn);
}
