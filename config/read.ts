import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { GatewayError, type Lang } from "../edge/core/errors.ts";
import { openedPath } from "../edge/core/sealed.ts";
import type { LoadResult } from "./load.ts";
import { loadConfig } from "./load.ts";
import type { Problem } from "./problems.ts";
import { problemOf } from "./problems.ts";
import type { Profile, Profiles } from "./profile.ts";
import { loadProfile } from "./profile.ts";
import { readFailure, systemCode } from "./read-failure.ts";

/** The folder of the profiles that come with the release. */
export const SHIPPED_PROFILES: string = join(import.meta.dirname, "..", "drivers", "profiles");

/** The folder, beside `gateway.yaml`, of profiles that a site adds or changes. */
const SITE_PROFILES = "profiles";

const NOT_UTF8 = [problemOf("not-utf8", null, [], { line: 1, column: 1 })];

/**
 * Reads `gateway.yaml` and the profiles: those of the release, and those in the folder `profiles`
 * beside the file, which win. `placeOf` tells where a file that it names lies now. Throws
 * `config.unreadable`, in `lang`, when the file cannot be read.
 */
export function readConfig(
  file: string,
  env: (name: string) => string | undefined,
  lang: Lang = "en",
  placeOf: (path: string) => string = (path) => path,
): LoadResult {
  const bytes = readBytes(file, lang);
  const text = decode(bytes);
  if (text === null) return { config: null, problems: NOT_UTF8 };
  const folder = dirname(resolve(file));
  const profiles = profilesBeside(folder, lang);
  const readFile = (path: string) => readFileSync(readable(placeOf(path)), "utf8");
  const isPrivate = (path: string) => (statSync(readable(placeOf(path))).mode & 0o077) === 0;
  const result = loadConfig(text, { profiles, readFile, isPrivate, env, folder });
  const problems = profiles.problems();
  const config = problems.some(({ severity }) => severity === "error") ? null : result.config;
  return { config, problems: [...problems, ...result.problems] };
}

/** A secret that is sealed is read where it was opened to. */
function readable(path: string): string {
  const opened = openedPath(path);
  return !existsSync(path) && existsSync(opened) ? opened : path;
}

/** The profiles of the release, and those of the site beside the configuration in `folder`. */
export function profilesBeside(folder: string, lang: Lang): ProfileFolders {
  return new ProfileFolders([SHIPPED_PROFILES, join(folder, SITE_PROFILES)], lang);
}

/**
 * The profiles in some folders; a later folder wins, and one that does not exist is empty. Each is
 * read when it is first asked for, since a gateway uses few of many.
 */
export class ProfileFolders implements Profiles {
  readonly #files: ReadonlyMap<string, string>;
  readonly #read = new Map<string, Profile | null>();
  readonly #problems: Problem[] = [];

  readonly #lang: Lang;

  constructor(folders: readonly string[], lang: Lang = "en") {
    this.#lang = lang;
    const files = folders.flatMap((folder) => profileFiles(folder, lang));
    this.#files = new Map(files.map((file) => [basename(file, ".yaml"), file]));
  }

  /** The names of all profiles. */
  keys(): MapIterator<string> {
    return this.#files.keys();
  }

  has(name: string): boolean {
    return this.#files.has(name);
  }

  /** Throws `config.unreadable` when the file is there and cannot be read. */
  get(name: string): Profile | null | undefined {
    const file = this.#files.get(name);
    if (file === undefined) return undefined;
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const text = decode(readBytes(file, this.#lang));
    const { profile, problems } =
      text === null ? { profile: null, problems: NOT_UTF8 } : loadProfile(text);
    this.#problems.push(...problems.map((problem) => ({ ...problem, file })));
    this.#read.set(name, profile);
    return profile;
  }

  /** What is wrong with the profiles that were asked for. */
  problems(): readonly Problem[] {
    return this.#problems;
  }
}

function profileFiles(folder: string, lang: Lang): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".yaml"))
      .toSorted()
      .map((name) => join(folder, name));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw unreadable(folder, error, lang);
  }
}

function readBytes(file: string, lang: Lang): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw unreadable(file, error, lang);
  }
}

function unreadable(file: string, cause: unknown, lang: Lang): GatewayError {
  return new GatewayError("config.unreadable", `${file}: ${readFailure(cause)[lang]}`, { cause });
}

/** The text of `bytes`, or null when they are not UTF-8. A byte order mark is kept. */
function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
