import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { GatewayError } from "../edge/core/errors.ts";
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

/** The profiles of some folders, and what is wrong with the files that could not be used. */
export type ProfileSet = {
  readonly profiles: Profiles;
  readonly problems: readonly Problem[];
};

/**
 * Reads `gateway.yaml` and the profiles: those of the release, and those in the folder `profiles`
 * beside the file, which win. Throws `config.unreadable` when the file cannot be read.
 */
export function readConfig(file: string, env: (name: string) => string | undefined): LoadResult {
  const bytes = readBytes(file);
  const text = decode(bytes);
  if (text === null) {
    const place = { line: 1, column: 1 };
    return { config: null, problems: [problemOf("not-utf8", null, [], place)] };
  }
  const folder = dirname(resolve(file));
  const { profiles, problems } = readProfiles([SHIPPED_PROFILES, join(folder, SITE_PROFILES)]);
  const readFile = (path: string) => readFileSync(path, "utf8");
  const result = loadConfig(text, { profiles, readFile, env, folder });
  const config = problems.some(({ severity }) => severity === "error") ? null : result.config;
  return { config, problems: [...problems, ...result.problems] };
}

/** The profiles in `folders`; a later folder wins, and one that does not exist is empty. */
export function readProfiles(folders: readonly string[]): ProfileSet {
  const profiles = new Map<string, Profile | null>();
  const problems: Problem[] = [];
  for (const file of folders.flatMap(profileFiles)) {
    const { profile, problems: own } = loadProfile(decode(readBytes(file)) ?? "");
    problems.push(...own.map((problem) => ({ ...problem, file })));
    profiles.set(basename(file, ".yaml"), profile);
  }
  return { profiles, problems };
}

function profileFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".yaml"))
      .toSorted()
      .map((name) => join(folder, name));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw unreadable(folder, error);
  }
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, cause: unknown): GatewayError {
  return new GatewayError("config.unreadable", `${file}: ${readFailure(cause).en}`, { cause });
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
