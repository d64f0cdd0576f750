import { statSync } from "node:fs";
import type { WallMs } from "../core/time.ts";

/** The latest moment that has certainly been, and the file that proves it. */
export type TimeProof = { readonly at: WallMs; readonly file: string };

/**
 * The latest time at which one of `files` was written: a clock that shows less is wrong. Those that
 * are not there prove nothing; null where none does.
 */
export function latestProof(files: readonly string[]): TimeProof | null {
  const proofs = files.flatMap((file) => {
    const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    return at === undefined ? [] : [{ at: at as WallMs, file }];
  });
  return proofs.toSorted((one, other) => other.at - one.at)[0] ?? null;
}
