import { existsSync, mkdirSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** Where systemd keeps its processes apart: its own tree and the unified one, or that alone. */
const TREES = ["/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"].filter(existsSync);
const [FIRST, ...REST] = TREES.length === 0 ? ["/sys/fs/cgroup"] : TREES;
const PREFIX = "lifeline-rig-";

/**
 * Makes groups that a machine of this process has to itself, and gives the files that a process
 * joins by writing its id; two machines in one group would each take the other's processes for
 * strays. What ended processes left is removed first.
 */
export function ownGroup(): readonly string[] {
  removeGroups((pid) => !existsSync(`/proc/${pid}`));
  return [FIRST, ...REST].map((tree) => {
    const group = join(tree ?? "", `${PREFIX}${process.pid}`);
    mkdirSync(group, { recursive: true });
    return join(group, "cgroup.procs");
  });
}

/** Removes the groups of this process's machine, which has ended. */
export function removeOwnGroup(): void {
  removeGroups((pid) => pid === process.pid);
}

function removeGroups(isOf: (pid: number) => boolean): void {
  for (const tree of [FIRST, ...REST]) {
    for (const name of readdirSync(tree ?? "")) {
      const isOurs = name.startsWith(PREFIX) && isOf(Number(name.slice(PREFIX.length)));
      if (isOurs) removeTree(join(tree ?? "", name));
    }
  }
}

/** A group is removed as an empty folder is, whatever files the kernel shows in it. */
function removeTree(group: string): void {
  try {
    for (const entry of readdirSync(group, { withFileTypes: true })) {
      if (entry.isDirectory()) removeTree(join(group, entry.name));
    }
    rmdirSync(group);
  } catch {
    // Its last processes are still ending: the next machine removes it.
  }
}
