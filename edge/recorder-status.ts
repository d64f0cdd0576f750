import type { Retention } from "./drop-report.ts";

/** Figures of the recorder for `status`. */
export type RecorderStatus = {
  /** Readings in memory that are not stored yet. */
  readonly waiting: number;
  /** Events likewise. */
  readonly waitingEvents: number;
  /** Readings thrown away because too many were waiting. */
  readonly refused: number;
  /** Events given up likewise; those of alarms only when nothing else was left. */
  readonly refusedEvents: number;
  readonly commits: number;
  /** Bytes of the database on disk, as of a recent commit. */
  readonly bytes: number;
  /** Why the last commit failed, or null when it did not. */
  readonly failing: string | null;
  /** What is done for want of room: the last that was told of. */
  readonly retention: Retention;
};
