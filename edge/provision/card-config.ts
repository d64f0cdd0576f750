import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { loadConfig } from "../../config/load.ts";
import type { Problem } from "../../config/problems.ts";
import { ProfileFolders, SHIPPED_PROFILES } from "../../config/read.ts";
import { isPersonalFile, type PersonalFile } from "./personal.ts";

/** Where a gateway finds what its card brought. */
const PLACE = "/etc/lifeline";

/** Which of a card's files `path` is on the gateway, beside its configuration; null for none. */
function fileOfCard(path: string): PersonalFile | null {
  const name = basename(path);
  const isBeside = [PLACE, "."].includes(dirname(path));
  return isBeside && isPersonalFile(name) ? name : null;
}

/**
 * Where a file that a configuration names lies while it is judged: what `card`, a gateway's folder,
 * brings lies there. Without a card, where the configuration says.
 */
export function placeOnCard(card: string | undefined): (path: string) => string {
  return (path) => {
    const name = card === undefined ? null : fileOfCard(path);
    return name === null ? path : join(`${card}`, name);
  };
}

/**
 * What is wrong, as far as it can be seen away from the gateway, with `yaml` on a card that brings
 * `files` and a claim: what lies neither here nor on the card may be put on the gateway another way.
 */
export function faultsOfCard(
  yaml: string,
  files: Readonly<Partial<Record<PersonalFile, string>>>,
): readonly Problem[] {
  const away: string[] = [];
  const readFile = (path: string): string => {
    const name = fileOfCard(path);
    const text = name === null ? undefined : name === "claim" ? "claim" : files[name];
    if (text !== undefined) return text;
    if (name === null && !existsSync(path)) away.push(path);
    return readFileSync(path, "utf8");
  };
  const profiles = new ProfileFolders([SHIPPED_PROFILES]);
  const { problems } = loadConfig(yaml, { profiles, readFile, env: () => "known there" });
  const isAway = ({ message }: Problem) => away.some((path) => message.en.includes(path));
  return problems.filter((each) => each.severity === "error" && !isAway(each));
}
