import { z } from "zod";
import { OUTPUT_NAMES, OUTPUTS, type Output, type OutputName } from "./outputs.ts";

/** JSON Schema, draft 7. */
export type JsonSchema = {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
};

/**
 * The schema of an output. Open, it lets keys through that it does not name, as programs must: later
 * releases may say more. Closed, it does not, as tests must not: what is printed is documented.
 */
export function outputSchema(name: OutputName, strictness: "open" | "closed"): JsonSchema {
  const io = strictness === "closed" ? "output" : "input";
  const { $schema: _, ...schema } = z.toJSONSchema(OUTPUTS[name].schema, {
    target: "draft-7",
    io,
  });
  return schema as JsonSchema;
}

/** One JSON Schema for all outputs, each under `definitions`. */
export function outputSchemas(): object {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "What the commands of lifeline print with --json",
    definitions: Object.fromEntries(OUTPUT_NAMES.map((name) => [name, outputSchema(name, "open")])),
  };
}

const BEGINNING = `# What the commands print with \`--json\`

Made from \`json/outputs.ts\`; write it anew with \`npx -c 'node test-rigs/reference/main.ts'\`.

One JSON text to standard output: an object or an array, or where that is said one object a line.
What is listed stays: a later release may add keys, and takes none away nor gives one another
meaning. Programs must pass over keys that they do not know. Times are Unix milliseconds, lengths of
time milliseconds. Texts for people are in the language of the command, codes in none. The exit
code is 0 where all is well, 1 where the answer is no or a fault was found, 2 where the command was
used wrongly. The whole JSON Schema, one definition an output, is
[json/outputs.schema.json](json/outputs.schema.json).
`;

/** The page that lists every output with its keys. */
export function outputPage(): string {
  return `${[BEGINNING, ...OUTPUT_NAMES.map(section)].join("\n")}`;
}

function section(name: OutputName): string {
  const { typed, what, isEachLine }: Output = OUTPUTS[name];
  const schema = outputSchema(name, "open");
  const kind = isEachLine
    ? "one object a line"
    : schema.type === "array"
      ? "an array"
      : "an object";
  const keys = schema.items?.properties ? schema.items : schema;
  return `## \`${typed}\`

${what} (\`${name}\`: ${kind})

| key | what it is |
| --- | --- |
${keyRows(keys, "").join("\n")}
`;
}

/** A row for each key, those of an object below it; deeper ones are left to the schema. */
function keyRows({ properties = {}, required = [] }: JsonSchema, above: string): readonly string[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const path = `${above}${key}`;
    const inner = innerOf(schema);
    const isLeft = required.includes(key) ? "" : "may be left out; ";
    const row = `| \`${path}\` | ${isLeft}${meaningOf(schema)} |`;
    const isDeep = above.split(".").length > 2;
    return isDeep ? [row] : [row, ...keyRows(inner.schema, `${path}${inner.isMany ? "[]" : ""}.`)];
  });
}

/** The object that `schema` is about: that of an array's items, or of what may be null. */
function innerOf(schema: JsonSchema): { readonly schema: JsonSchema; readonly isMany: boolean } {
  const some = schema.anyOf?.find(({ type }) => type !== "null") ?? schema;
  return some.items === undefined
    ? { schema: some, isMany: false }
    : { schema: some.items, isMany: true };
}

function meaningOf(schema: JsonSchema): string {
  const inner = schema.anyOf?.find(({ type }) => type !== "null") ?? schema;
  const about = schema.description ?? inner.description;
  return about === undefined ? typeOf(schema) : `${typeOf(schema)}: ${about}`;
}

function typeOf({ type, anyOf, items, const: only, enum: words }: JsonSchema): string {
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(" or ");
  if (only !== undefined) return `\`${String(only)}\``;
  if (words !== undefined) return words.map((word) => `\`${String(word)}\``).join(", ");
  if (type === "array") return items?.type === "string" ? "strings" : "array";
  return typeof type === "object" ? type.join(" or ") : (type ?? "anything");
}
