import { readdirSync, readFileSync } from "node:fs";

/** Where the kernel and the system tell what they know; another tree in tests. */
export type Roots = { readonly proc: string; readonly sys: string; readonly etc: string };

/** The machine's own. */
export const ROOTS: Roots = { proc: "/proc", sys: "/sys", etc: "/etc" };

/** What stands in the file at `path`, trimmed; null where it cannot be read. */
export function kernelText(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    // Not on this machine, not by this kernel, or not for this user.
    return null;
  }
}

/** The number in the file at `path`; null where there is none. */
export function kernelNumber(path: string): number | null {
  const text = kernelText(path);
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null;
}

/** The names in the folder at `path`, in order; none where it cannot be read. */
export function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path).toSorted();
  } catch {
    return [];
  }
}
