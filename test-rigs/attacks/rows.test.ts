import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { ERRORS } from "../../edge/core/errors.ts";
import { BOX_ROWS } from "./rows-box.ts";
import { TRUST_ROWS } from "./rows-trust.ts";

const TITLES = fileURLToPath(new URL("titles.ts", import.meta.url));
const ATTACK_ROWS = [...TRUST_ROWS, ...BOX_ROWS];
const ROWS = 30;
const CASES = 100;

const files = [...new Set(ATTACK_ROWS.flatMap(({ cases }) => cases.map(({ file }) => file)))];

/** The titles of the tests in each of the files, as they define them. */
async function titlesIn(): Promise<Readonly<Record<string, readonly string[]>>> {
  const paths = files.map((file) => join(process.cwd(), file));
  const { stdout } = await promisify(execFile)(process.execPath, [TITLES, ...paths], {
    maxBuffer: 16 * 1024 * 1024,
    // What is not set up here is skipped there, and has a title all the same.
    env: { ...process.env, CI: "" },
  });
  return JSON.parse(stdout) as Record<string, readonly string[]>;
}

test("each attack has tests of its own that are there, together a hundred and more", async (t) => {
  t.timeout(120_000);
  const titles = await titlesIn();
  const all = new Set<string>();
  for (const { row, attack, cases } of ATTACK_ROWS) {
    for (const some of cases) {
      const there = titles[some.file] ?? [];
      const found =
        "titles" in some ? some.titles : there.filter((title) => some.matching.test(title));
      for (const title of found) t.true(there.includes(title), `${some.file} has no: ${title}`);
      const least = "titles" in some ? 1 : some.least;
      t.true(found.length >= least, `${row}, ${attack}: ${found.length} of ${least} cases`);
      for (const title of found) all.add(`${some.file}: ${title}`);
    }
  }
  t.log(`${all.size} cases`);
  t.true(all.size >= CASES);
});

test("each attack is there once, told of in the README, and refused with codes that there are", (t) => {
  t.deepEqual(
    ATTACK_ROWS.map(({ row }) => row),
    Array.from({ length: ROWS }, (_, index) => index + 1),
  );
  const readme = readFileSync(join(import.meta.dirname, "README.md"), "utf8");
  for (const { row, attack, codes } of ATTACK_ROWS) {
    t.regex(
      readme,
      new RegExp(`^\\| *${row} *\\| ${RegExp.escape(attack)} +\\|`, "m"),
      `row ${row}`,
    );
    for (const code of codes) t.true(Object.hasOwn(ERRORS, code), code);
  }
});
