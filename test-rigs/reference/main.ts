import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { referencePage } from "../../config/reference.ts";

/** Writes the reference page of the configuration anew from the schema. */
const file = join(import.meta.dirname, "..", "..", "config", "REFERENCE.md");
writeFileSync(file, referencePage());
console.log(`written: ${file}`);
