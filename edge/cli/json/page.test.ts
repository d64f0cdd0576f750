import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import test from "ava";
import { OUTPUT_NAMES, OUTPUTS } from "./outputs.ts";
import { outputPage, outputSchema, outputSchemas } from "./page.ts";

const ANEW = "write it anew: npx -c 'node test-rigs/reference/main.ts' && npm run fix";
const read = (...path: readonly string[]) =>
  readFileSync(join(import.meta.dirname, ...path), "utf8");

test("the page and the schemas are those of the outputs as they are now", (t) => {
  t.is(read("..", "JSON.md"), outputPage(), ANEW);
  t.deepEqual(JSON.parse(read("outputs.schema.json")), outputSchemas(), ANEW);
});

test("every schema is one, and takes a failure for nothing else", (t) => {
  const ajv = new Ajv({ strict: false });
  const failure = { error: { code: "usage", meaning: "", message: "", advice: "" } };
  for (const name of OUTPUT_NAMES) {
    t.is(ajv.validate(outputSchema(name, "open"), failure), name === "failure", name);
  }
});

test("every command there is has its output documented", (t) => {
  const manual = read("..", "man", "lifeline.1");
  const commands = [...manual.matchAll(/^\.SS "([a-z]+)"$/gm)].map(([, name]) => name);
  const told = Object.values(OUTPUTS).flatMap(({ typed }) => typed.match(/[a-z]+/g) ?? []);
  const silent = commands.filter((name = "") => !told.includes(name));
  t.deepEqual(silent, [], "add what it prints with --json to outputs.ts");
});

test("programs may read more keys than are documented, tests may not", (t) => {
  const ajv = new Ajv({ strict: false });
  const more = { alarm: "a", outcome: "done", more: 1 };
  t.true(ajv.validate(outputSchema("alarmAct", "open"), more));
  t.false(ajv.validate(outputSchema("alarmAct", "closed"), more));
});

test("the page tells what a key means, however deep it stands", (t) => {
  t.regex(outputPage(), /^\| `points\[\]\.ageMs` \| number or null: milliseconds \|$/m);
  t.regex(outputPage(), /^\| `v` \| `1` \|$/m);
});
