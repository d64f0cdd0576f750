import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { toJson } from "../../core/json.ts";
import { type Invocation, misuse, print } from "../invocation.ts";
import { sayShell } from "./completion-text.ts";

/** What of a configuration, or of the release, has names that can be typed. */
export const NAME_KINDS = [
  "points",
  "devices",
  "buses",
  "alarms",
  "interlocks",
  "destinations",
  "profiles",
] as const;

/** One of these kinds. */
export type NameKind = (typeof NAME_KINDS)[number];

/** The profiles that come with the release, as `config/read.ts` has it, which takes longer to load. */
const SHIPPED = join(import.meta.dirname, "..", "..", "..", "drivers", "profiles");

/**
 * `lifeline completion --words KINDS`: the names that the scripts ask for, one a line. Whoever
 * presses Tab waits, so little is loaded for it.
 */
export function completionWords(invocation: Invocation): number {
  const { words = "", config } = invocation;
  const names: string[] = [];
  for (const kind of words.split(",")) {
    const known = NAME_KINDS.find((each) => each === kind);
    if (known === undefined) {
      const kinds = NAME_KINDS.join(", ");
      return misuse(sayShell(invocation.lang, "kindUnknown", { kind, kinds }), invocation);
    }
    names.push(...namesIn(config, known));
  }
  if (invocation.json) print(toJson({ v: 1, names }));
  else for (const name of names) print(name);
  return 0;
}

/**
 * The names of `kind` that stand in the configuration `file`, be it right or not: whoever presses
 * Tab waits, so nothing is checked. Nothing where it cannot be read.
 */
export function namesIn(file: string, kind: NameKind): readonly string[] {
  const folders = [SHIPPED, join(dirname(resolve(file)), "profiles")];
  const names = kind === "profiles" ? profilesIn(folders) : namesOf(kind, mapIn(file), folders);
  return names.filter((name) => PLAIN.test(name));
}

/** A shell takes what it is told to complete for more than words where it holds more. */
const PLAIN = /^[\w.-]+$/;

function namesOf(
  kind: Exclude<NameKind, "profiles">,
  config: Tree,
  folders: readonly string[],
): readonly string[] {
  if (kind !== "points") return Object.keys(mapOf(config[kind]));
  return Object.entries(mapOf(config.devices)).flatMap(([name, device]) =>
    pointsOf(mapOf(device), folders).map((point) => `${name}.${point}`),
  );
}

/** The points of a device, its profile's among them. */
function pointsOf(device: Tree, folders: readonly string[]): readonly string[] {
  const { profile } = device;
  const own = Object.keys(mapOf(device.points));
  if (typeof profile !== "string") return own;
  // What is in a later folder wins.
  const maps = folders.map((folder) => mapOf(mapIn(join(folder, `${profile}.yaml`)).points));
  const theirs = maps.findLast((points) => Object.keys(points).length > 0) ?? {};
  return [...new Set([...Object.keys(theirs), ...own])];
}

function profilesIn(folders: readonly string[]): readonly string[] {
  const files = folders.flatMap((folder) => {
    try {
      return readdirSync(folder);
    } catch {
      // A site need not have any.
      return [];
    }
  });
  const names = files.flatMap((name) => /^(.*)\.yaml$/.exec(name)?.[1] ?? []);
  return [...new Set(names)].toSorted();
}

type Tree = Readonly<Record<string, unknown>>;

function mapIn(file: string): Tree {
  try {
    return mapOf(parse(readFileSync(file, "utf8")));
  } catch {
    // `lifeline check` says what is wrong; here there is nobody to tell.
    return {};
  }
}

function mapOf(value: unknown): Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Tree)
    : {};
}
