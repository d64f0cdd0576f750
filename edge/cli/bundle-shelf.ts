import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BundleShelf } from "../command/bundling.ts";
import { runOwn } from "../world/own-command.ts";

/** How long one may take to be made, in milliseconds. */
const PATIENCE_MS = 10 * 60_000;
/** More than this it does not say of itself. */
const SAID_MAX_BYTES = 100_000;

/**
 * Keeps the newest bundle as `bundles/bundle.tar.gz` in the directory `dir` of the buffer. It is made
 * in a process of its own, which asks this gateway as anybody at the box does: `config` is the file
 * that it runs with.
 */
export function bundleShelf(config: string, dir: string, main?: string): BundleShelf {
  const folder = join(dir, "bundles");
  const [kept, growing] = [join(folder, "bundle.tar.gz"), join(folder, "new.tar.gz")];
  return {
    make: async () => {
      await mkdir(folder, { recursive: true, mode: 0o750 });
      await rm(growing, { force: true });
      const args = ["bundle", "--config", config, "--out", growing, "--json", "--lang", "en"];
      const limits = { patienceMs: PATIENCE_MS, maxBytes: SAID_MAX_BYTES };
      const { code, stdout, stderr, isLate } = await runOwn(args, limits, main);
      if (isLate) throw new Error(`it took more than ${PATIENCE_MS} ms`);
      if (code !== 0) throw new Error((stderr.trim() || stdout.trim()).slice(-300));
      await rename(growing, kept);
    },
    read: async () => {
      try {
        return await readFile(kept);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
        throw error;
      }
    },
  };
}
