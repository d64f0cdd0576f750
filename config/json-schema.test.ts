import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import test from "ava";
import { parse } from "yaml";
import type { JsonSchema } from "./json-schema.ts";
import { configJsonSchema, profileJsonSchema } from "./json-schema.ts";

const EXAMPLE = join(
  import.meta.dirname,
  "../test-rigs/golden/config/good-product-example/gateway.yaml",
);

const validate = new Ajv2020({ allowUnionTypes: true }).compile(configJsonSchema());

/** Every key of the schema, by its path. */
function keysOf(path: string, schema: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  const below = Object.entries(schema.properties ?? {}).map(
    ([key, child]) => [`${path}.${key}`, child] as const,
  );
  const entry = schema.additionalProperties;
  return [
    ...below,
    ...below.flatMap(([key, child]) => keysOf(key, child)),
    ...(schema.oneOf ?? []).flatMap((option) => keysOf(path, option)),
    ...(typeof entry === "object" ? keysOf(`${path}.*`, entry) : []),
  ];
}

test("an editor accepts the product's example", (t) => {
  t.true(validate(parse(readFileSync(EXAMPLE, "utf8"))), JSON.stringify(validate.errors));
});

test("an editor marks what the loader refuses by form", (t) => {
  const gateway = { id: "gw-1" };
  const bus = { kind: "modbus-rtu", port: "/dev/x" };
  const alarm = { point: "a.b", severity: "red" };
  for (const wrong of [
    {},
    { gateway, busses: {} },
    { gateway, buses: { a: { ...bus, baud: 96_000 } } },
    { gateway, buses: { a: { ...bus, timeout: "5 s" } } },
    { gateway, buses: { "a b": bus } },
    { gateway, buses: { a: { kind: "modbus-rtu" } } },
    { gateway, alarms: { a: alarm } },
    { gateway, alarms: { a: { ...alarm, high: 1, low: 0 } } },
    { gateway, destinations: { a: { kind: "mqtt", url: "mqtt://x", password: "hunter2" } } },
  ]) {
    t.false(validate(wrong), JSON.stringify(wrong));
  }
  t.true(validate({ gateway, buses: { a: bus }, alarms: { a: { ...alarm, high: 1 } } }));
});

for (const [title, schema] of [
  ["gateway.yaml", configJsonSchema()],
  ["a profile", profileJsonSchema()],
] as const) {
  test(`every key of ${title} is described`, (t) => {
    const keys = keysOf("", schema);
    t.true(keys.length > 10);
    for (const [path, { description }] of keys) t.truthy(description, path);
  });
}
