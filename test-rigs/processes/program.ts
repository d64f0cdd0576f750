import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Where `npm test` puts the program that it builds of this checkout before the tests. */
export const BUILT_DIR: string = fileURLToPath(
  new URL("../../node_modules/.cache/program", import.meta.url),
);

/** The program as it is written, for tests that look at which of its files are loaded. */
export const SOURCES: string = fileURLToPath(new URL("../../edge/main.ts", import.meta.url));

/**
 * The program that tests start as a process. Under `npm test` it is built as for a release, which
 * starts in half the time of the sources it is made of; otherwise it is the sources, as they are now.
 */
export const MAIN: string = process.env.LIFELINE_BUILT
  ? join(BUILT_DIR, "app", "main.js")
  : SOURCES;
