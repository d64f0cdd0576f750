import { z } from "zod";
import { profileSchema } from "./profile-schema.ts";
import { configSchema } from "./schema.ts";

/** A JSON Schema (draft 2020-12), as far as this product's schemas use the language. */
export type JsonSchema = {
  readonly title?: string;
  readonly description?: string;
  readonly $comment?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
};

/** The JSON Schema of `gateway.yaml`, for editors: completion, descriptions, first checks. */
export function configJsonSchema(): JsonSchema {
  return jsonSchemaOf(configSchema);
}

/** The JSON Schema of a device profile. */
export function profileJsonSchema(): JsonSchema {
  return jsonSchemaOf(profileSchema);
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: "input",
    target: "draft-2020-12",
    override: ({ jsonSchema }) => {
      // zod writes JavaScript's own limits where a whole number has none.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as JsonSchema;
}
