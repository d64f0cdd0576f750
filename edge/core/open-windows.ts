import type { Batch, Series } from "./batch.ts";
import type { Origin, StoredMark, WindowMark } from "./queue.ts";
import type { ClockState, UptimeMs } from "./time.ts";
import { batchOfCourses, type Course, type Courses, takeSeries } from "./windows.ts";

/** Of an earlier boot: what its clock showed is not comparable with anything since. */
type GroupName = ClockState | "before";

/** Windows whose times are of one kind. */
type Group = {
  readonly courses: Courses;
  /** Which message of the ledger was the first with a reading of a window, by its beginning. */
  readonly firsts: Map<number, Origin>;
  /** The last message that was taken in. */
  last: Origin;
  /** By how much its wall time is ahead of elapsed time, in milliseconds; null where not known. */
  aheadMs: number | null;
};

/** Windows that are over, and by which message their times are told. */
export type Closed = { readonly batch: Batch; readonly origin: Origin };

/** What time it is. */
export type Moment = {
  readonly uptime: UptimeMs;
  /** Wall time in milliseconds; null while that is not known. */
  readonly wallAt: number | null;
};

/** So late that no window ends behind it. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** The order in which windows that are over at once are told. */
const ORDER: readonly GroupName[] = ["before", "unsynced", "corrected", "synced"];

/**
 * The windows of one destination that are not over. They begin at multiples of their length in Unix
 * time; while that is not known, in elapsed time and what the clock was ahead of it at first. No
 * window holds readings of both kinds. A reading that comes late makes another row of its window.
 */
export class OpenWindows {
  readonly #windowMs: number;
  /** How long after its end a window may still get a reading, in milliseconds. */
  readonly #lateMs: number;
  #groups: Map<GroupName, Group>;
  #untilAt: number;
  #unsynced: WindowMark["unsynced"];

  constructor(windowMs: number, lateMs: number, mark: WindowMark | null = null) {
    this.#windowMs = windowMs;
    this.#lateMs = lateMs;
    this.#groups = new Map();
    this.#untilAt = mark?.untilAt ?? 0;
    this.#unsynced = null;
  }

  /** One like it, of which nothing that becomes of it is true of this one. */
  copy(): OpenWindows {
    const copy = new OpenWindows(this.#windowMs, this.#lateMs);
    copy.#untilAt = this.#untilAt;
    copy.#unsynced = this.#unsynced;
    copy.#groups = new Map(Array.from(this.#groups, ([name, group]) => [name, copyOf(group)]));
    return copy;
  }

  /** Takes in `batch`, which is the ledger's `origin`. */
  feed(batch: Batch, origin: Origin, name: GroupName = batch.clock): void {
    const { uptime } = batch;
    const shownMs = uptime === undefined ? null : batch.at - uptime;
    const group = this.#groups.get(name) ?? emptyGroup(origin, shownMs);
    this.#groups.set(name, group);
    group.last = origin;
    if (name !== "unsynced") group.aheadMs = shownMs;
    const isElapsed = uptime !== undefined && group.aheadMs !== null;
    const at = isElapsed ? Math.round(uptime + (group.aheadMs as number)) : batch.at;
    let [from, to] = [Infinity, -Infinity];
    for (const series of batch.series) {
      takeSeries(group.courses, at, series, this.#windowMs);
      for (const t of series.t) {
        from = Math.min(from, t);
        to = Math.max(to, t);
      }
    }
    for (let begin = this.#begin(at + from); begin <= at + to; begin += this.#windowMs) {
      if (!group.firsts.has(begin)) group.firsts.set(begin, origin);
    }
  }

  /** Takes in what `mark` leaves untold of `batch`, stored under `seq` in an earlier life. */
  feedAgain(batch: Batch, seq: number, isOfThisBoot: boolean, mark: StoredMark): void {
    const isBefore = batch.clock === "unsynced" && !isOfThisBoot;
    const series = batch.series.flatMap((each) => {
      if (each.thinned !== undefined) return [];
      const rest = seq > mark.head ? each : this.#untold(batch, each, isOfThisBoot, mark);
      return rest.t.length === 0 ? [] : [rest];
    });
    if (series.length === 0) return;
    this.feed({ ...batch, series }, { seq }, isBefore ? "before" : batch.clock);
  }

  /** Gives out the windows that are over at `moment`. */
  close({ uptime, wallAt }: Moment): readonly Closed[] {
    const unsynced = this.#groups.get("unsynced");
    const knownAt = wallAt ?? this.#shownAt(uptime);
    if (knownAt !== null) this.#untilAt = Math.max(this.#untilAt, knownAt - this.#lateMs);
    if (unsynced !== undefined && unsynced.aheadMs !== null) {
      // Once the time is known none of them gets another reading.
      const untilAt = wallAt === null ? uptime + unsynced.aheadMs - this.#lateMs : NEVER;
      this.#unsynced = { aheadMs: unsynced.aheadMs, untilAt };
    }
    const endOf = (name: GroupName): number => {
      if (name === "before") return NEVER;
      if (name === "unsynced") return this.#unsynced?.untilAt ?? NEVER;
      return knownAt === null ? -NEVER : this.#untilAt;
    };
    return ORDER.flatMap((name) => {
      const group = this.#groups.get(name);
      return group === undefined ? [] : this.#closed(name, group, endOf(name));
    });
  }

  /** What was told by now, where the ledger's readings had come to `head` before this commit. */
  mark(head: number): WindowMark {
    const firsts = [...this.#groups.values()].flatMap(({ firsts }) => [...firsts.values()]);
    const seqs = firsts.map((origin) => ("seq" in origin ? origin.seq - 1 : head));
    const since = Math.min(head, ...seqs);
    return { since, untilAt: this.#untilAt, unsynced: this.#unsynced };
  }

  /** The commit gave `seqs`; `head` is the ledger's where it gave none. */
  settle(seqs: readonly number[], head: number): void {
    const settled = (origin: Origin): Origin =>
      "seq" in origin ? origin : { seq: seqs[origin.index] ?? head };
    for (const group of this.#groups.values()) {
      group.last = settled(group.last);
      for (const [begin, origin] of group.firsts) group.firsts.set(begin, settled(origin));
    }
  }

  /** What the clock shows on by itself after it was last right; null where it never was. */
  #shownAt(uptime: UptimeMs): number | null {
    const aheadMs = this.#groups.get("synced")?.aheadMs ?? this.#groups.get("corrected")?.aheadMs;
    return aheadMs == null ? null : uptime + aheadMs;
  }

  #untold(batch: Batch, series: Series, isOfThisBoot: boolean, mark: StoredMark): Series {
    const { clock, uptime, at } = batch;
    const isUnsynced = clock === "unsynced";
    const { unsynced } = mark;
    const isOther = unsynced === null || (mark.isOfThisBoot && !isOfThisBoot);
    const untilAt = isUnsynced ? (isOther ? NEVER : unsynced.untilAt) : mark.untilAt;
    const shown =
      isUnsynced && unsynced !== null && uptime !== undefined ? uptime + unsynced.aheadMs : at;
    return pick(series, (t) => this.#begin(shown + t) + this.#windowMs > untilAt);
  }

  #closed(name: GroupName, group: Group, untilAt: number): readonly Closed[] {
    const over: Courses = new Map();
    for (const [key, { point, unit, windows }] of group.courses) {
      const ended = [...windows].filter(([begin]) => begin + this.#windowMs <= untilAt);
      if (ended.length === 0) continue;
      for (const [begin] of ended) windows.delete(begin);
      over.set(key, { point, unit, windows: new Map(ended) });
    }
    for (const begin of group.firsts.keys()) {
      if (begin + this.#windowMs <= untilAt) group.firsts.delete(begin);
    }
    const { last, aheadMs } = group;
    // What its clock is ahead stays for as long as readings may come by it.
    if (untilAt === NEVER) this.#groups.delete(name);
    if (over.size === 0) return [];
    const clock = name === "before" ? "unsynced" : name;
    const batch = batchOfCourses(over, clock, this.#windowMs);
    const isTimed = clock === "unsynced" && aheadMs !== null;
    const moment = isTimed ? { uptime: (batch.at - aheadMs) as UptimeMs } : {};
    return [{ batch: { ...batch, ...moment }, origin: last }];
  }

  #begin(at: number): number {
    return Math.floor(at / this.#windowMs) * this.#windowMs;
  }
}

function emptyGroup(origin: Origin, aheadMs: number | null): Group {
  return { courses: new Map(), firsts: new Map(), last: origin, aheadMs };
}

function copyOf({ courses, firsts, last, aheadMs }: Group): Group {
  const copied = Array.from(courses, ([name, course]) => [name, copyOfCourse(course)] as const);
  return { courses: new Map(copied), firsts: new Map(firsts), last, aheadMs };
}

function copyOfCourse({ point, unit, windows }: Course): Course {
  const copied = Array.from(windows, ([begin, window]) => [begin, { ...window }] as const);
  return { point, unit, windows: new Map(copied) };
}

/** The readings of `series` whose time after the batch's `isWanted`. */
function pick(series: Series, isWanted: (t: number) => boolean): Series {
  const { point, unit, t, v, q } = series;
  const wanted = t.flatMap((each, i) => (isWanted(each) ? [i] : []));
  if (wanted.length === t.length) return series;
  const of = <Item>(column: readonly Item[]) => wanted.map((i) => column[i] as Item);
  return { point, unit, t: of(t), v: of(v), q: q && of(q) };
}
