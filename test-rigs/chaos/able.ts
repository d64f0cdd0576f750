import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import process from "node:process";
import type { PackageName } from "../debian/packages.ts";

/** The Debian packages that chaos needs. */
export const CHAOS_PACKAGES: readonly PackageName[] = [
  "mosquitto",
  "openssl",
  "faketime",
  "iproute2",
  "gcc",
  "libc6-dev",
  "perl",
];

/**
 * The namespaces of which it has its own, for unshare(1). With the first process of a process namespace
 * all others in it are gone, whatever ends it.
 */
export const SPACES = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** Why there can be no chaos on this machine, whatever is installed; null where there can. */
export function whyNoChaos(): string | null {
  if (process.getuid?.() !== 0) return "networks of one's own need root";
  try {
    accessSync("/dev/net/tun", constants.R_OK | constants.W_OK);
  } catch {
    return "the kernel has no /dev/net/tun, of which the cables are made";
  }
  const { status, stderr } = spawnSync("unshare", [...SPACES, "true"], { encoding: "utf8" });
  return status === 0 ? null : `there may be no namespaces: ${stderr.trim()}`;
}
