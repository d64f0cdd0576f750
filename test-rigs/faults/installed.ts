import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));
const PARTS = ["edge", "drivers", "config", "buffer"];

/**
 * Installs this release in `dir` as one of several, with the link to it, and, where it is named,
 * another that was cut off while it was written. The program to start, and where it is installed.
 */
export function installSideBySide(
  dir: string,
  { whole, broken = null }: { readonly whole: string; readonly broken?: string | null },
): { readonly main: string; readonly root: string } {
  const root = join(dir, "lifeline");
  const release = join(root, "releases", whole);
  for (const part of PARTS) {
    cpSync(join(CHECKOUT, part), join(release, part), { recursive: true });
  }
  symlinkSync(join(CHECKOUT, "node_modules"), join(release, "node_modules"));
  const about = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as object;
  writeFileSync(join(release, "package.json"), JSON.stringify({ ...about, version: whole }));
  const said = { v: 1, version: whole, counter: 17, hardware: ["amd64"], channel: "stable" };
  writeFileSync(join(release, "release.json"), JSON.stringify(said));
  // As it is where it is built; from a checkout nothing is started by them.
  for (const file of ["bin/lifeline", "runtime/bin/node"]) {
    mkdirSync(join(release, file, ".."), { recursive: true });
    writeFileSync(join(release, file), "");
  }
  symlinkSync(join("releases", whole), join(root, "current"));
  const main = join(root, "current", "edge", "main.ts");
  if (broken === null) return { main, root };
  mkdirSync(join(root, "releases", broken, "edge"), { recursive: true });
  // What was not flushed before a power cut has its name, and nothing in it.
  for (const file of ["package.json", "edge/main.ts"]) {
    writeFileSync(join(root, "releases", broken, file), "");
  }
  symlinkSync(join("releases", broken), join(root, "current.new"));
  return { main, root };
}
