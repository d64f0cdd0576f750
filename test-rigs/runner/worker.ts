import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const PACKAGES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const CACHE = join(PACKAGES, ".cache");
const BUILT = `ava-${versionOf("ava")}`;
/** ava knows its own files by a folder of that name, and leaves them out of the stacks it shows. */
const FOLDER = "ava";
/** From the root of the checkout, where ava starts its workers. */
const HOOK = "./test-rigs/runner/in-one-piece.ts";

/** What ava starts its workers by, and what a test imports as `ava`: one state between them. */
const ENTRIES = { base: "ava/lib/worker/base.js", main: "ava/entrypoints/main.js" } as const;

/**
 * What Node gets before each worker of ava. A worker is a process a test file, and most of what a
 * short one took went into ava's own 450 modules: here they are made one, once a version of ava.
 */
export async function workerArguments(): Promise<readonly string[]> {
  if (!existsSync(join(CACHE, BUILT))) await buildWorker();
  // What is loaded stays: looking whether it is garbage takes a tenth of a short process.
  return ["--min-semi-space-size=16", `--import=${HOOK}`];
}

/** By the addresses of ava's own files those of what stands for them. */
export function standIns(): ReadonlyMap<string, string> {
  const url = (...path: readonly string[]) => pathToFileURL(join(...path)).href;
  return new Map(
    Object.entries(ENTRIES).map(([name, file]) => {
      return [url(PACKAGES, file), url(CACHE, BUILT, FOLDER, `${name}.js`)];
    }),
  );
}

async function buildWorker(): Promise<void> {
  const { build } = await import("esbuild");
  mkdirSync(CACHE, { recursive: true });
  const made = mkdtempSync(join(CACHE, `${BUILT}-`));
  await build({
    entryPoints: Object.entries(ENTRIES).map(([out, file]) => ({ in: join(PACKAGES, file), out })),
    outdir: join(made, FOLDER),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
    banner: { js: OF_COMMON_JS },
  });
  try {
    renameSync(made, join(CACHE, BUILT));
  } catch (error) {
    rmSync(made, { recursive: true });
    // Another run of ava may have been faster.
    if (!existsSync(join(CACHE, BUILT))) throw error;
  }
}

/** What packages of the older kind expect to find. */
const OF_COMMON_JS = [
  'import { createRequire as requireOf } from "node:module";',
  "const require = requireOf(import.meta.url);",
].join("\n");

function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(PACKAGES, name, "package.json"), "utf8")).version;
}
