import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * All that is no folder below `folder`, as paths with slashes. Links are told of and not followed:
 * readdir of Node, asked for all below, goes through those that lead to folders.
 */
export function filesBelow(folder: string, below = ""): readonly string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(folder, path) : [path];
  });
}
