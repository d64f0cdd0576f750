import type { JsonSchema } from "./json-schema.ts";
import { configJsonSchema, profileJsonSchema } from "./json-schema.ts";

const INTRO = `# Reference of the configuration

<!-- Written by the program from the schema. Do not edit; to write it anew:
     npx -c 'node test-rigs/reference/main.ts' -->

One file, \`gateway.yaml\`, in YAML 1.2 and UTF-8. An editor that knows JSON Schema completes and
checks it with the output of \`npm run -s lifeline -- check --schema\`.

- A **duration** is a number and \`ms\`, \`s\`, \`m\`, \`h\` or \`d\`: \`500ms\`, \`5s\`, \`10m\`, \`2h\`, \`90d\`.
- A **size** is a number and \`B\`, \`kB\`, \`MB\`, \`GB\` or \`TB\`, powers of 1000: \`64MB\`, \`2GB\`.
- A **name** has 1 to 64 letters (of any script), digits, \`-\` and \`_\`.
- **Secrets** are never in the file: \`\${file:/run/secrets/NAME}\` and \`\${env:NAME}\` refer to them, in \`url\`, \`username\` and \`password\` of a destination. Within \`{ … }\` they need quotes. The service seals what lies in \`/etc/lifeline/secrets\` to the machine, and reads it by the same path.
- A relative **path** begins in the folder of \`gateway.yaml\`.
- Digits with a leading zero (\`0012\`) are text, and so is \`8E1\`; other YAML readers may need quotes.
`;

const PROFILE_INTRO = `# Reference of a device profile

A file \`MODEL.yaml\` in \`drivers/profiles\`, or in the folder \`profiles\` beside \`gateway.yaml\`.
`;

/** The reference page of `gateway.yaml` and of profiles, as Markdown. */
export function referencePage(): string {
  const config = [INTRO, ...sections("", configJsonSchema())].join("\n");
  const profile = [PROFILE_INTRO, ...sections("", profileJsonSchema())].join("\n");
  return `${config}\n${profile}`;
}

/** The section at `path` with a table of its keys, then the sections below it. */
function sections(path: string, schema: JsonSchema): readonly string[] {
  if (isText(schema)) return [];
  if (schema.oneOf?.[0]?.properties !== undefined) {
    return schema.oneOf.flatMap((option) => sections(`${path}, kind ${option.title}`, option));
  }
  const { properties, additionalProperties } = schema;
  if (typeof additionalProperties === "object" && isSection(additionalProperties)) {
    return sections(`${path}.NAME`, additionalProperties);
  }
  if (properties === undefined) return [];
  const below = Object.entries(properties).flatMap(([key, child]) =>
    sections(path === "" ? key : `${path}.${key}`, child),
  );
  return [table(path, schema, properties), ...below];
}

function table(
  path: string,
  schema: JsonSchema,
  properties: Readonly<Record<string, JsonSchema>>,
): string {
  const rows = Object.entries(properties).map(([key, child]) => {
    const needed = schema.required?.includes(key) === true;
    const cells = [`\`${key}\``, allowedText(child), needed ? "needed" : defaultText(child)];
    return `| ${[...cells, child.description ?? ""].map(cell).join(" | ")} |`;
  });
  return [
    `## ${path === "" ? "Top level" : `\`${path}\``}\n`,
    "| key | allowed | default | meaning |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function allowedText(schema: JsonSchema): string {
  if (schema.$comment !== undefined) return schema.$comment;
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(", ");
  switch (schema.type) {
    case "boolean":
      return "`true`, `false`";
    case "integer":
    case "number":
      return numberText(schema);
    default:
      if (isTexts(schema)) return "texts in `en` and in `zh-CN`, by number";
      return isText(schema) ? "a text in `en` and in `zh-CN`" : "a section, see below";
  }
}

function numberText({ type, minimum, maximum }: JsonSchema): string {
  const word = type === "integer" ? "whole number" : "number";
  if (minimum === undefined) return word;
  return maximum === undefined
    ? `${word}, ${minimum} or more`
    : `${word}, ${minimum} to ${maximum}`;
}

function defaultText({ default: value }: JsonSchema): string {
  if (value === undefined || typeof value === "object") return "";
  return `\`${value}\``;
}

/** A text in both languages has two keys, but a table of them would tell nobody anything. */
function isText({ title }: JsonSchema): boolean {
  return title === "text";
}

function isTexts({ additionalProperties }: JsonSchema): boolean {
  return typeof additionalProperties === "object" && isText(additionalProperties);
}

function isSection(schema: JsonSchema): boolean {
  return !isText(schema) && (schema.properties !== undefined || schema.oneOf !== undefined);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
