import { z } from "zod";
import type { Path } from "./problems.ts";

/**
 * Where the section at `path` is one of several kinds, the kinds that know `key`; none elsewhere.
 */
export function kindsOfKey(schema: z.ZodType, path: Path, key: string): readonly string[] {
  const found = path.reduce<z.core.$ZodType | null>(childOf, schema);
  const section = found === null ? null : bare(found);
  if (!(section instanceof z.ZodDiscriminatedUnion)) return [];
  return section.options.flatMap((option) => {
    if (!(option instanceof z.ZodObject) || !(key in option.shape)) return [];
    const { kind } = option.shape;
    return kind instanceof z.ZodLiteral ? [...kind.values].map(String) : [];
  });
}

function childOf(parent: z.core.$ZodType | null, step: Path[number]): z.core.$ZodType | null {
  const schema = parent === null ? null : bare(parent);
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodObject ? (schema.shape[step] ?? null) : null;
}

/** The schema of what stands there, whether or not it may be left out. */
function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return isWrapped ? bare(schema.def.innerType) : schema;
}
