import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Lang } from "../core/errors.ts";
import { GatewayError, messageOf } from "../core/errors.ts";
import {
  isPersonalFile,
  PERSONAL_LIST,
  personalHash,
  personalListIn,
} from "../provision/personal.ts";
import { sayFlash } from "./flash-text.ts";

/** A folder that makes a card a gateway's: whose, of which class its board is, and its files. */
export type GatewayFolder = {
  readonly id: string;
  /** Null where nobody said. */
  readonly hardware: string | null;
  readonly files: readonly string[];
};

/** Why `dir` can be no gateway's folder, and what is meant; null where it may be one. */
export function whyNoGateway(dir: string, lang: Lang): string | null {
  const isMade = (folder: string) => existsSync(join(folder, PERSONAL_LIST));
  if (isMade(dir)) return null;
  let names: readonly string[];
  try {
    names = readdirSync(dir).toSorted();
  } catch {
    return sayFlash(lang, "noGateway", { dir });
  }
  const inner = names.map((name) => join(dir, name)).find(isMade);
  return inner === undefined
    ? sayFlash(lang, "unmade", { dir })
    : sayFlash(lang, "isBatch", { dir, inner });
}

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
    return { id: list.gateway, hardware: list.hardware ?? null, files };
  } catch (cause) {
    throw new GatewayError("card.personal", `${folder}: ${messageOf(cause)}`, { cause });
  }
}

/**
 * The gateways of a batch, in the order of their labels, which is that of `claims.jsonl`; those that it
 * does not name come last, by their ids. Throws `card.personal`.
 */
export function gatewaysOf(batch: string): readonly GatewayFolder[] {
  let ids: readonly string[];
  try {
    const entries = readdirSync(batch, { withFileTypes: true });
    ids = entries.filter((each) => each.isDirectory()).map((each) => each.name);
  } catch (cause) {
    throw new GatewayError("card.personal", `${batch}: ${messageOf(cause)}`, { cause });
  }
  if (ids.length === 0) throw new GatewayError("card.personal", `${basename(batch)} is empty`);
  const labelled = labelledIn(batch);
  const placeOf = (id: string) => labelled.get(id) ?? labelled.size;
  const ordered = ids.toSorted().toSorted((a, b) => placeOf(a) - placeOf(b));
  return ordered.map((id) => gatewayIn(join(batch, id)));
}

/** Which label is whose, by id. */
function labelledIn(batch: string): ReadonlyMap<string, number> {
  const file = join(batch, "claims.jsonl");
  if (!existsSync(file)) return new Map();
  try {
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    return new Map(lines.map((line, i) => [String(JSON.parse(line).gateway), i]));
  } catch (cause) {
    throw new GatewayError("card.personal", `${file}: ${messageOf(cause)}`, { cause });
  }
}
