import process from "node:process";
import { ERRORS, GatewayError } from "../core/errors.ts";
import type { Clock } from "../core/time.ts";

/** Where the code of an installed release is. */
const IN_SLOT = /[/]releases[/]/;

/**
 * Leaves for the boot guard why a release could not run, where it is on trial: then the release before
 * comes back at once, and the reason is told. `why` is what the run ended with, or null for a
 * configuration that this release does not take; `dir` that of the buffer, null where nobody knows. What
 * may pass by itself is no verdict: the guard counts how often the candidate is started.
 */
export async function noteDeath(clock: Clock, why: unknown, dir: string | null): Promise<void> {
  const folder = dir ?? process.env.STATE_DIRECTORY?.split(":")[0] ?? null;
  if (!IN_SLOT.test(import.meta.dirname) || folder === null) return;
  const reason = reasonOf(why);
  if (reason === null) return;
  const { noteFailure } = await import("./own-update.ts");
  await noteFailure(clock, reason, folder);
}

/** Whether the release that runs is on trial, its buffer being in `dir`. */
export async function isOnTrial(dir: string): Promise<boolean> {
  if (!IN_SLOT.test(import.meta.dirname)) return false;
  return await (await import("./own-update.ts")).isTried(dir);
}

function reasonOf(why: unknown): string | null {
  if (why === null) return "config.invalid";
  if (!(why instanceof GatewayError)) return "update.died";
  return ERRORS[why.code].remedy === "retry" ? null : why.code;
}
