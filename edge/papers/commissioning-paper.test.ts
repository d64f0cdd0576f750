import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Ajv } from "ajv";
import test from "ava";
import { testWith } from "../../test-rigs/debian/test-with.ts";
import { LANGUAGES } from "../cli/language.ts";
import { type Commissioning, commissioningRecord, commissioningSchema } from "./commissioning.ts";
import { commissioningPaper } from "./commissioning-paper.ts";
import { printed } from "./paper.ts";

const GOLDEN = join(import.meta.dirname, "../../test-rigs/golden/papers");
const DIGEST = "0123456789abcdef".repeat(4);

const record = (): Commissioning =>
  commissioningRecord.parse(JSON.parse(readFileSync(join(GOLDEN, "commissioning.json"), "utf8")));

for (const lang of LANGUAGES) {
  testWith("poppler-utils")(
    `the text of the printed record is as it is kept, in ${lang}`,
    async (t) => {
      const dir = mkdtempSync(join(tmpdir(), "lifeline-record-"));
      t.teardown(() => rmSync(dir, { recursive: true, force: true }));
      const pdf = join(dir, "record.pdf");
      writeFileSync(pdf, await printed(commissioningPaper(record(), lang, DIGEST)));
      const raw = execFileSync("pdftotext", ["-raw", pdf, "-"], { encoding: "utf8" });
      // How wide a blank is, poppler guesses: every release anew.
      const text = raw.replace(/[ \f]+/g, " ").replace(/\n\s*/g, "\n");
      const file = join(GOLDEN, `commissioning.${lang}.txt`);
      if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);
      t.is(text, readFileSync(file, "utf8"));
    },
  );
}

test("a record of which nothing is open says so, and one of an empty site has no empty table", (t) => {
  const empty = {
    ...{ devices: [], buses: [], points: [], alarms: [], interlocks: [], destinations: [] },
    ...{ photos: [], searches: [], open: [], remarks: "", storedFrom: null },
  };
  const { sections } = commissioningPaper({ ...record(), ...empty }, "en", DIGEST);
  t.deepEqual(sections[0]?.blocks, [
    { kind: "text", text: { text: "Nothing is open.", tone: "good" } },
  ]);
  for (const block of sections.flatMap(({ blocks }) => blocks)) {
    if (block.kind === "table") t.true(block.rows.length > 0 || block.empty !== "");
  }
});

test("every row has a cell for each column", (t) => {
  for (const lang of LANGUAGES) {
    const { sections } = commissioningPaper(record(), lang, DIGEST);
    for (const block of sections.flatMap(({ blocks }) => blocks)) {
      if (block.kind !== "table") continue;
      for (const row of block.rows) t.is(row.length, block.columns.length);
    }
  }
});

test("the schema of records says what the code says, and takes a record", (t) => {
  const file = join(import.meta.dirname, "commissioning-v1.schema.json");
  t.deepEqual(
    JSON.parse(readFileSync(file, "utf8")),
    commissioningSchema(),
    "npx -c 'node test-rigs/reference/main.ts' writes it anew",
  );
  const validate = new Ajv({ strict: false }).compile({ ...commissioningSchema(), $schema: "" });
  t.true(validate(record()), JSON.stringify(validate.errors));
  t.false(validate({ ...record(), v: 2 }));
});
