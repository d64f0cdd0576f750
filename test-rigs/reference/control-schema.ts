import { join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";

const ROOT = join(import.meta.dirname, "..", "..");

/**
 * The calls of the local control socket as JSON Schema (draft 7), made of the types that
 * `edge/control/calls.ts` holds: `definitions.Calls.properties` has one entry a method, with its
 * `params` and its `result`.
 */
export function controlSchema(): object {
  const generator = createGenerator({
    path: join(ROOT, "edge", "control", "calls.ts"),
    tsconfig: join(ROOT, "tsconfig.json"),
    type: "Calls",
    // The checker of this package is older than the one that the project is checked with.
    skipTypeCheck: true,
    sortProps: true,
  });
  return { ...generator.createSchema("Calls"), title: "Lifeline Edge, local control, version 1" };
}
