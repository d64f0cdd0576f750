import { nextDue } from "../core/schedule.ts";
import type { UptimeMs } from "../core/time.ts";

/** Something to be done every `everyMs` milliseconds. */
export type Periodic = { readonly everyMs: number };

/** A piece of work and the due time it is meant for. */
export type Due<Task> = { readonly task: Task; readonly due: UptimeMs };

/**
 * Due times on a fixed grid from `start`: which task is next, and when. A task that was late
 * keeps its grid and skips what it missed.
 */
export class Timetable<Task extends Periodic> {
  readonly #start: UptimeMs;
  readonly #rows: { readonly task: Task; due: UptimeMs; notBefore: UptimeMs; isBegun: boolean }[];
  #missed = 0;

  constructor(tasks: readonly Task[], start: UptimeMs) {
    this.#start = start;
    this.#rows = tasks.map((task) => ({
      task,
      due: start,
      notBefore: start,
      isBegun: false,
    }));
  }

  /** How many due times were skipped because the line had no time for them. */
  get missed(): number {
    return this.#missed;
  }

  /** When the next task can be done; null when there are none, or all are begun. */
  get nextAt(): UptimeMs | null {
    let next: UptimeMs | null = null;
    for (const row of this.#rows) {
      if (row.isBegun) continue;
      const at = Math.max(row.due, row.notBefore) as UptimeMs;
      if (next === null || at < next) next = at;
    }
    return next;
  }

  /** The task that has been due the longest at `now`, or null when none is. */
  next(now: UptimeMs): Due<Task> | null {
    let found: Due<Task> | null = null;
    for (const { task, due, notBefore, isBegun } of this.#rows) {
      if (due > now || notBefore > now || isBegun) continue;
      if (found === null || due < found.due) found = { task, due };
    }
    return found;
  }

  /** `task` is being done: it is not next again before it is done or put off. */
  begin(task: Task): void {
    this.#rowOf(task).isBegun = true;
  }

  /** `task` was done for its due time: the next one is the first on the grid after `now`. */
  done(task: Task, now: UptimeMs): void {
    const row = this.#rowOf(task);
    const next = nextDue(this.#start, task.everyMs, now);
    this.#missed += Math.round((next - row.due) / task.everyMs) - 1;
    row.due = next;
    row.isBegun = false;
  }

  /**
   * Puts `task` off until `until` if that lies before its next due time; returns whether it did.
   */
  putOff(task: Task, until: UptimeMs): boolean {
    const row = this.#rowOf(task);
    if (until >= row.due + task.everyMs) return false;
    row.notBefore = until;
    row.isBegun = false;
    return true;
  }

  #rowOf(task: Task) {
    const row = this.#rows.find((row) => row.task === task);
    if (row === undefined) throw new Error("the task is not in this timetable");
    return row;
  }
}
