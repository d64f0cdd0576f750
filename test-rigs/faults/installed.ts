import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));
const PARTS = ["edge", "drivers", "config", "buffer"];

/**
 * Installs this release in `dir` as one of several, with the link to it, and another that was cut
 * off while it was written. Resolves with the program to start.
 */
export function installSideBySide(
  dir: string,
  { whole, broken }: { readonly whole: string; readonly broken: string },
): string {
  const root = join(dir, "lifeline");
  const release = join(root, "releases", whole);
  for (const part of PARTS) {
    cpSync(join(CHECKOUT, part), join(release, part), { recursive: true });
  }
  symlinkSync(join(CHECKOUT, "node_modules"), join(release, "node_modules"));
  const about = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as object;
  writeFileSync(join(release, "package.json"), JSON.stringify({ ...about, version: whole }));
  symlinkSync(join("releases", whole), join(root, "current"));
  mkdirSync(join(root, "releases", broken, "edge"), { recursive: true });
  // What was not flushed before a power cut has its name, and nothing in it.
  for (const file of ["package.json", "edge/main.ts"]) {
    writeFileSync(join(root, "releases", broken, file), "");
  }
  symlinkSync(join("releases", broken), join(root, "current.new"));
  return join(root, "current", "edge", "main.ts");
}
