import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { GatewayError } from "../../edge/core/errors.ts";
import { copyDurably } from "./tree.ts";

/** What says which of all files are current: copied last, so that a pulled stick is an older one. */
const LAST = join("metadata", "timestamp.json");

/**
 * Copies the repository `tree` into the folder `dir`, file by file onto the disk. Throws `ota.absent`
 * where nothing is published in `tree`, or what the system says.
 */
export function copyTree(tree: string, dir: string): void {
  if (!existsSync(join(tree, LAST))) {
    throw new GatewayError("ota.absent", `nothing is published in ${tree}`);
  }
  const files = readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".new"))
    .map((entry) => join(entry.parentPath, entry.name).slice(tree.length + 1));
  const inOrder = [...files.filter((name) => name !== LAST), LAST];
  for (const name of inOrder) copyDurably(join(tree, name), join(dir, name));
}
