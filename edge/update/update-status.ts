import type { JournalLine, ReleaseTrial, UpdateOrder, UpdateWork } from "../core/update-notes.ts";

/** What a candidate is found to be, so far. */
export type TrialState = "judged" | "healthy" | "unhealthy";

/** How it stands with the release that runs, for `status`. Stable: other programs read it. */
export type UpdateStatus = {
  /** The slot that the gateway runs from; null where it runs from none. */
  readonly slot: string | null;
  /** The release's counter; null where it is not known. */
  readonly counter: number | null;
  readonly channel: string | null;
  /** Null while the release is not on trial. `unwritten`: what it was found to be is not on the disk. */
  readonly trial:
    | (Pick<ReleaseTrial, "previous" | "tries"> & {
        readonly state: TrialState | "unwritten";
        /** Why, as a code; null where nothing is to be said. */
        readonly reason: string | null;
      })
    | null;
  /** What is ordered and not done; null where nothing is. */
  readonly order: Pick<UpdateOrder, "release" | "by" | "notBefore" | "until"> | null;
  /** What the process that updates is at or ended with; null where nothing is known. */
  readonly work?: UpdateWork | null;
  /** The last step of an update; null where none is known. */
  readonly last: Omit<JournalLine, "boot" | "command"> | null;
};
