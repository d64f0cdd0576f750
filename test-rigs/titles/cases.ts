import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Tests of one file: by their titles, or as many as `least` whose titles `matching` matches. */
export type Cases =
  | { readonly file: string; readonly titles: readonly string[] }
  | { readonly file: string; readonly matching: RegExp; readonly least: number };

/** Which tests some cases are, as `FILE: TITLE`, and what is wrong with them. */
export type FoundCases = { readonly tests: readonly string[]; readonly faults: readonly string[] };

const TITLES = fileURLToPath(new URL("main.ts", import.meta.url));

/** Looks in the files that `all` name which of them are there. Runs no test. */
export async function casesFinder(all: readonly Cases[]): Promise<(some: Cases) => FoundCases> {
  const paths = [...new Set(all.map(({ file }) => join(process.cwd(), file)))];
  const { stdout } = await promisify(execFile)(process.execPath, [TITLES, ...paths], {
    maxBuffer: 16 * 1024 * 1024,
    // What is not set up here is skipped there, and has a title all the same.
    env: { ...process.env, CI: "" },
  });
  const titles = JSON.parse(stdout) as Readonly<Record<string, readonly string[]>>;
  return (some) => found(some, titles[some.file] ?? []);
}

function found(some: Cases, there: readonly string[]): FoundCases {
  if ("titles" in some) {
    const absent = some.titles.filter((title) => !there.includes(title));
    return {
      tests: some.titles.map((title) => `${some.file}: ${title}`),
      faults: absent.map((title) => `${some.file} has no: ${title}`),
    };
  }
  const matched = there.filter((title) => some.matching.test(title));
  const isFew = matched.length < some.least;
  const few = `${some.file}: ${matched.length} of ${some.least} tests match ${some.matching}`;
  return {
    tests: matched.map((title) => `${some.file}: ${title}`),
    faults: isFew ? [few] : [],
  };
}
