import { existsSync, readFileSync } from "node:fs";
import {
  type KeptSecret,
  openedPath,
  SEALED_ENDS,
  type SealingMeans,
  sealedBy,
} from "../core/sealed.ts";

const TPM = "/dev/tpmrm0";
const SEALER = "/usr/bin/systemd-creds";

/** Where the secret `path` can be read: there, or, while it is sealed, where it was opened to. */
export function readablePath(path: string): string {
  if (existsSync(path)) return path;
  const opened = openedPath(path);
  return existsSync(opened) ? opened : path;
}

/** Every file that the secret `path` may be in, in plain or sealed, the plain one first. */
export function tracesOf(path: string): readonly string[] {
  const { sealing, sealed, refused, public: certificates } = SEALED_ENDS;
  const made = [sealing, sealed, refused, certificates].map((end) => path + end);
  return [path, ...made, openedPath(path)];
}

/** How the secret `path` is kept; null where there is none. Throws what the system says. */
export function keptSecret(path: string): KeptSecret | null {
  const isPlain = existsSync(path) || existsSync(path + SEALED_ENDS.sealing);
  const sealed = besideOf(path, "sealed");
  if (sealed === null) return isPlain ? { isPlain, sealedBy: null } : null;
  // What is sealed in a way of later releases is sealed by the host's key at least.
  return { isPlain, sealedBy: sealedBy(sealed) ?? "host" };
}

/** What `ota/systemd/seal` left beside the secret `path`; null where there is nothing. */
export function besideOf(path: string, what: keyof typeof SEALED_ENDS): string | null {
  try {
    return readFileSync(path + SEALED_ENDS[what], "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** What this machine has to seal by. */
export function sealingMeans(): SealingMeans {
  return { canSeal: existsSync(SEALER), hasTpm: existsSync(TPM) };
}
