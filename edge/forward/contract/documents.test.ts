import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Ajv } from "ajv";
import test from "ava";
import { asyncApi, contractSchema } from "./documents.ts";

const require = createRequire(import.meta.url);
const written = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, name), "utf8"));

const CONTRACT = readFileSync(join(import.meta.dirname, "CONTRACT.md"), "utf8");

for (const [name, document] of [
  ["contract-v1.schema.json", contractSchema()],
  ["asyncapi.json", asyncApi()],
] as const) {
  test(`${name} says what the code says`, (t) => {
    t.deepEqual(
      written(name),
      document,
      "npx -c 'node test-rigs/reference/main.ts' writes it anew",
    );
  });
}

test("the document is AsyncAPI 3.0", (t) => {
  const schema = require("@asyncapi/specs/schemas/3.0.0-without-$id.json") as object;
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const validate = ajv.compile(schema);
  t.true(validate(asyncApi()), ajv.errorsText(validate.errors));
  t.false(validate({ ...asyncApi(), channels: { readings: { adress: "x" } } }));
});

test("every message that the page shows keeps to the contract", (t) => {
  const validate = new Ajv({ allowUnionTypes: true }).compile(contractSchema());
  const shown = [...CONTRACT.matchAll(/```json\n(.*?)```/gs)].map(([, text = ""]) => text);
  t.true(shown.length >= 4);
  for (const text of shown) t.true(validate(JSON.parse(text)), text);
});
