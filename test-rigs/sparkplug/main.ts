import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { conformancePage } from "./conformance.ts";

/** Writes the table of conformance anew from the checks. */
const folder = join(import.meta.dirname, "..", "..", "edge", "forward", "sparkplug");
const file = join(folder, "CONFORMANCE.md");
writeFileSync(file, conformancePage());
console.log(`written: ${file}`);
