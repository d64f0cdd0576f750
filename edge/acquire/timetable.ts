import { nextDue } from "../core/schedule.ts";
import type { UptimeMs } from "../core/time.ts";

/** Something to be done every `everyMs` milliseconds. */
export type Periodic = { readonly everyMs: number };

/** A piece of work and the due time it is meant for. */
export type Due<Task> = { readonly task: Task; readonly due: UptimeMs };

type Row<Task> = {
  readonly task: Task;
  due: UptimeMs;
  notBefore: UptimeMs;
  doneAt: UptimeMs;
  isBegun: boolean;
};

/**
 * Due times on a fixed grid from `start`: which task is next, and when. A task that was late
 * keeps its grid and skips what it missed.
 *
 * A task may lag behind others that are due for as long as its patience, and no longer: of all
 * that are due, the one goes first whose due time and patience together are the earliest, then the
 * one that was done the longest ago. A task that was done is due again only later, so each other
 * task goes before a waiting one at most once after its patience has ended. Thus none starves,
 * whatever the load.
 */
export class Timetable<Task extends Periodic> {
  readonly #start: UptimeMs;
  readonly #rows: Map<Task, Row<Task>>;
  readonly #patienceMs: (task: Task) => number;
  #missed = 0;

  /** `patienceMs` says how long a task may now lag behind others, in milliseconds. */
  constructor(tasks: readonly Task[], start: UptimeMs, patienceMs: (task: Task) => number) {
    this.#start = start;
    const row = { due: start, notBefore: start, doneAt: start, isBegun: false };
    this.#rows = new Map(tasks.map((task) => [task, { task, ...row }]));
    this.#patienceMs = patienceMs;
  }

  /** How many due times were skipped because the line had no time for them. */
  get missed(): number {
    return this.#missed;
  }

  /** When the next task that is `among` can be done; null where there is none that is not begun. */
  nextAt(among: (task: Task) => boolean = () => true): UptimeMs | null {
    let next: UptimeMs | null = null;
    for (const { task, due, notBefore, isBegun } of this.#rows.values()) {
      if (isBegun) continue;
      const at = Math.max(due, notBefore) as UptimeMs;
      if ((next === null || at < next) && among(task)) next = at;
    }
    return next;
  }

  /** The task to be done at `now`, or null when none is due. */
  next(now: UptimeMs): Due<Task> | null {
    let found: Row<Task> | null = null;
    let foundBy = Infinity;
    for (const row of this.#rows.values()) {
      if (row.due > now || row.notBefore > now || row.isBegun) continue;
      const by = row.due + this.#patienceMs(row.task);
      const isLater = by === foundBy && found !== null && row.doneAt >= found.doneAt;
      if (by > foundBy || isLater) continue;
      found = row;
      foundBy = by;
    }
    return found;
  }

  /** All tasks that are `among` those that could be done at `now`, in no order. */
  due(now: UptimeMs, among: (task: Task) => boolean = () => true): readonly Task[] {
    const due: Task[] = [];
    for (const { task, due: from, notBefore, isBegun } of this.#rows.values()) {
      if (from <= now && notBefore <= now && !isBegun && among(task)) due.push(task);
    }
    return due;
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
    row.doneAt = now;
    row.isBegun = false;
  }

  /**
   * Puts `task` off until `until` if that lies before its next due time, or no more than `lagMs`
   * milliseconds after the one it is meant for; returns whether it did.
   */
  putOff(task: Task, until: UptimeMs, lagMs = 0): boolean {
    const row = this.#rowOf(task);
    if (until >= row.due + task.everyMs && until > row.due + lagMs) return false;
    row.notBefore = until;
    row.isBegun = false;
    return true;
  }

  /** Whether `tasks` are all due for the same time. */
  isEven(tasks: readonly Task[]): boolean {
    return new Set(tasks.map((task) => this.#rowOf(task).due)).size <= 1;
  }

  /** `tasks` take the place of `old`, all of the same period: due when the first of those is. */
  replace(old: readonly Task[], tasks: readonly Task[]): void {
    const rows = old.map((task) => this.#rowOf(task));
    const due = Math.min(...rows.map((row) => row.due)) as UptimeMs;
    const doneAt = Math.min(...rows.map((row) => row.doneAt)) as UptimeMs;
    for (const task of old) this.#rows.delete(task);
    for (const task of tasks) {
      this.#rows.set(task, { task, due, notBefore: due, doneAt, isBegun: false });
    }
  }

  #rowOf(task: Task): Row<Task> {
    const row = this.#rows.get(task);
    if (row === undefined) throw new Error("the task is not in this timetable");
    return row;
  }
}
