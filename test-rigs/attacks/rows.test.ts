import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { ERRORS } from "../../edge/core/errors.ts";
import { casesFinder } from "../titles/cases.ts";
import { BOX_ROWS } from "./rows-box.ts";
import { TRUST_ROWS } from "./rows-trust.ts";

const ATTACK_ROWS = [...TRUST_ROWS, ...BOX_ROWS];
const ROWS = 30;
const CASES = 100;

test("each attack has tests of its own that are there, together a hundred and more", async (t) => {
  t.timeout(120_000);
  const find = await casesFinder(ATTACK_ROWS.flatMap(({ cases }) => cases));
  const all = new Set<string>();
  for (const { row, attack, cases } of ATTACK_ROWS) {
    const found = cases.map(find);
    t.deepEqual(
      found.flatMap(({ faults }) => faults),
      [],
      `${row}, ${attack}`,
    );
    for (const title of found.flatMap(({ tests }) => tests)) all.add(title);
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
