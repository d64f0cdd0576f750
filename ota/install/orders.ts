import { rmSync } from "node:fs";
import { dirname } from "node:path";
import type { ClockState, WallMs } from "../../edge/core/time.ts";
import { type JournalLine, type UpdateOrder, updateOrderIn } from "../../edge/core/update-notes.ts";
import { flushFolder, readIfThere } from "../trust/durable.ts";

/** What is to be done about an order now. */
export type DueOrder =
  | { readonly kind: "none" }
  /** What it asks for was done, or failed: it is to go. */
  | { readonly kind: "over"; readonly order: UpdateOrder }
  /** Not before its time; or the time is not known, and it names one. */
  | { readonly kind: "early"; readonly order: UpdateOrder }
  | { readonly kind: "due"; readonly order: UpdateOrder };

/** The order in `file`; null where there is none. */
export function orderIn(file: string): UpdateOrder | null {
  return updateOrderIn(readIfThere(file)?.toString() ?? null);
}

/**
 * Whether the `order` is to be obeyed now, by the journal of what was done before: a command that
 * was brought to its end is not begun again, whatever cut off its removal.
 */
export function dueOf(
  order: UpdateOrder | null,
  journal: readonly JournalLine[],
  now: WallMs,
  clock: ClockState,
): DueOrder {
  if (order === null) return { kind: "none" };
  const { notBefore, until, command } = order;
  const ends: readonly string[] = ["committed", "rolled-back", "refused"];
  const isDone = journal.some((line) => {
    return command !== null && line.command === command.nonce && ends.includes(line.step);
  });
  if (isDone) return { kind: "over", order };
  const isTimed = notBefore !== null || until !== null;
  if (isTimed && clock === "unsynced") return { kind: "early", order };
  // The gateway takes it back and tells so; without a gateway it is left to the next one.
  if (until !== null && now >= until) return { kind: "early", order };
  return { kind: notBefore !== null && now < notBefore ? "early" : "due", order };
}

/** Removes an order that is done. Throws what the system says. */
export function removeOrder(file: string): void {
  rmSync(file, { force: true });
  flushFolder(dirname(file));
}

/**
 * Releases that were gone back from or refused, and not kept since: what is done without an order
 * leaves them alone.
 */
export function failedIn(journal: readonly JournalLine[]): ReadonlySet<string> {
  const failed = new Set<string>();
  for (const { step, release } of journal) {
    if (step === "rolled-back" || step === "refused") failed.add(release);
    if (step === "committed") failed.delete(release);
  }
  return failed;
}
