import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { flushFolder, readIfThere } from "../trust/durable.ts";
import type { InstallFolders } from "./folders.ts";

/** Where a release brings the boot guard that belongs to it. */
const BROUGHT = join("app", "ota", "install", "boot-guard");

/**
 * Has the boot guard of the release in the slot `name`, which was kept, be the one in use. Not that of
 * a candidate: the guard that watches it must be one that is known to work. Returns whether it is
 * another now. Throws what the system says.
 */
export function renewGuard({ releases, guard, root }: InstallFolders, name: string): boolean {
  const brought = readIfThere(join(releases, name, BROUGHT));
  // Where one was torn the one in use stays: a slot is checked before it is put in place, not later.
  if (brought === null || !brought.toString("latin1").startsWith("#!/bin/sh\n")) return false;
  if (readIfThere(guard)?.equals(brought) === true) return false;
  const beside = `${guard}.new`;
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  const handle = openSync(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o755);
  try {
    writeFileSync(handle, brought);
    fchmodSync(handle, 0o755);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(beside, guard);
  flushFolder(root);
  return true;
}
