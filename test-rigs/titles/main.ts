/**
 * `main.ts FILE…`: the titles of the tests that each file defines, as JSON by file. Nothing is run:
 * what they import as `ava` only takes the titles down.
 */
import { registerHooks } from "node:module";
import { relative } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const STUB = new URL("titles-only.ts", import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "ava" ? { url: STUB, shortCircuit: true } : next(specifier, context),
});

const { taken } = (await import(STUB)) as typeof import("./titles-only.ts");
const titles: Record<string, readonly string[]> = {};
for (const file of process.argv.slice(2)) {
  await import(pathToFileURL(file).href);
  titles[relative(process.cwd(), file)] = taken();
}
process.stdout.write(JSON.stringify(titles), () => process.exit(0));
