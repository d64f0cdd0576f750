import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Owner and group may look inside, nobody else. */
const MODE = 0o750;

/**
 * Makes `path` and what is missing above it. Not by `recursive`: that tries for ever where the
 * parent is there and nothing can be made in it, as below /proc. Throws what mkdir(2) says.
 */
export function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path, { mode: MODE });
}
