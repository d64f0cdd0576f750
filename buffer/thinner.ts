import { type Batch, readingCount } from "../edge/core/batch.ts";
import { GatewayError } from "../edge/core/errors.ts";
import type { SeqRange } from "../edge/core/seq-set.ts";
import { decompressed } from "./encoding/compress.ts";
import { decodeBatch, encodeBatch } from "./encoding/encode.ts";
import {
  HOUR_MS,
  isAround,
  type Message,
  MINUTE_MS,
  type Moment,
  type Plan,
  planDrop,
  planThinning,
  type Transitions,
} from "./ladder.ts";
import type { EngineCommit } from "./requests.ts";
import type { Statements } from "./statements.ts";
import { thin, timesOf } from "./thinning.ts";
import type { TimeOf } from "./time-rows.ts";
import { timedBatch, toldAt } from "./timed.ts";

/** So many messages are looked at in one step. */
const LOOK = 1_024;
/** Thinning must save this part of the readings, or it is not worth its columns. */
const SAVED_MIN = 0.5;

/** A batch as it goes into its row; `thinned` is its window in milliseconds, 0 for none. */
export type BatchBody = Omit<EngineCommit["batches"][number], "uptime"> & {
  readonly thinned: number;
};

/** Messages that shall go, and those that shall stand for them: none where they are dropped. */
export type Bulk = {
  readonly seqs: readonly number[];
  readonly into: readonly BatchBody[];
  /** Of one reading each, in milliseconds; null where nothing stands for them. */
  readonly windowMs: number | null;
  /** How many readings were decoded for it. */
  readonly readings: number;
};

/** How the times of the batches of a range of seqs are told as it is asked. */
export type TimesIn = (range: SeqRange) => TimeOf;

/** Which messages are looked at: from one seq on, and below another. */
type Within = { readonly from: number; readonly head: number };

/** A step down the ladder. */
type Rung = { readonly windowMs: number | null; readonly mayBeYoung: boolean };

/** What is given up first comes first. */
const RUNGS: readonly Rung[] = [
  { windowMs: MINUTE_MS, mayBeYoung: false },
  { windowMs: HOUR_MS, mayBeYoung: false },
  { windowMs: null, mayBeYoung: false },
  { windowMs: MINUTE_MS, mayBeYoung: true },
  { windowMs: null, mayBeYoung: true },
];

/** Looks for the messages that tell least, step by step, and makes others that stand for them. */
export class Thinner {
  readonly #statements: Statements;
  readonly #aroundMs: number;
  readonly #timesIn: TimesIn;
  /** Up to which seq each rung has nothing more to give. */
  readonly #passed: number[] = RUNGS.map(() => 0);
  /**
   * What each rung was to thin behind that, and could not: at most as many as are looked at. To
   * look at the same again and again would keep the rungs below from giving anything.
   */
  readonly #futile: readonly Set<number>[] = RUNGS.map(() => new Set());

  constructor(statements: Statements, aroundMs: number, timesIn: TimesIn) {
    this.#statements = statements;
    this.#aroundMs = aroundMs;
    this.#timesIn = timesIn;
  }

  /** Looks at everything anew: something was rolled back, or an alarm is not known any more. */
  restart(): void {
    this.#passed.fill(0);
    for (const futile of this.#futile) futile.clear();
  }

  /**
   * What is to go next of the messages from `from` on and below `head`; null when nothing may. An
   * empty bulk says that there is more to look at. `newestAt` is the wall time of the newest message.
   */
  next(from: number, head: number, newestAt: number): Bulk | null {
    for (const index of RUNGS.keys()) {
      const bulk = this.#step(index, { from, head }, newestAt);
      if (bulk !== null) return bulk;
    }
    return null;
  }

  /** Thinned messages below `head` that are older than wall time `at`: they have high seqs. */
  older(at: number, head: number): readonly number[] {
    const sql = `SELECT seq FROM batch WHERE thinned > 0 AND at < ? AND seq < ?
      AND clock <> 'unsynced' ORDER BY seq LIMIT ${LOOK}`;
    return this.#statements.of(sql).pluck().all(at, head) as number[];
  }

  #step(index: number, within: Within, newestAt: number): Bulk | null {
    const { windowMs, mayBeYoung } = RUNGS[index] as Rung;
    const rows = this.#rows(index, windowMs, within);
    if (rows.length === 0) return null;
    const [from, to] = spanOf(rows.map(({ seq }) => seq));
    const timeOf = this.#timesIn({ from, to });
    const messages = rows.map((row) => messageOf(row, timeOf));
    const youngMs = mayBeYoung ? 0 : this.#aroundMs;
    const futile = this.#futile[index] as Set<number>;
    const bounds = {
      ...this.#transitions(messages),
      aroundMs: this.#aroundMs,
      newestAt,
      youngMs,
      futile,
    };
    const plan =
      windowMs === null
        ? planDrop(messages, bounds)
        : planThinning(messages, windowMs, bounds, messages.length === LOOK);
    if (plan.passed > 0) this.#pass(index, plan.passed);
    if (plan.bulk.length > 0) {
      const bulk = this.#bulk(plan, windowMs, timeOf);
      if (bulk.seqs.length === 0) this.#leave(index, plan);
      return bulk;
    }
    const isAllPassed = plan.passed === messages.at(-1)?.seq;
    return isAllPassed && messages.length === LOOK ? NOTHING_YET : null;
  }

  #pass(index: number, passed: number): void {
    this.#passed[index] = passed;
    const futile = this.#futile[index] as Set<number>;
    for (const seq of futile) if (seq <= passed) futile.delete(seq);
  }

  /** Nothing came of `plan`, and nothing will. */
  #leave(index: number, { bulk }: Plan): void {
    const passed = this.#passed[index] as number;
    for (const { seq } of bulk) if (seq > passed) this.#futile[index]?.add(seq);
  }

  #rows(index: number, windowMs: number | null, { from, head }: Within): readonly MessageRow[] {
    const sql = `SELECT seq, at, count, boot, uptime FROM batch
      WHERE seq > ? AND seq < ? AND thinned < ? ORDER BY seq LIMIT ${LOOK}`;
    const below = windowMs ?? Number.MAX_SAFE_INTEGER;
    const passed = Math.max(this.#passed[index] as number, from - 1);
    return this.#statements.of(sql).all(passed, head, below) as MessageRow[];
  }

  /** The transitions of alarms near `messages`. */
  #transitions(messages: readonly Message[]): Transitions {
    const [from, to] = spanOf(messages.map(({ at }) => at));
    const moments = messages.flatMap(({ moment }) => moment ?? []);
    const boots = Map.groupBy(moments, ({ boot }) => boot);
    return {
      alarms: this.#alarms(from, to),
      moments: new Map(
        Array.from(boots, ([boot, own]) => {
          const [first, last] = spanOf(own.map(({ uptime }) => uptime));
          return [boot, this.#alarmMoments(boot, first, last)];
        }),
      ),
    };
  }

  #alarms(from: number, to: number): readonly number[] {
    const sql = `SELECT at FROM event WHERE substr(body, 1, 15) = '{"kind":"alarm"'
      AND at BETWEEN ? AND ? ORDER BY at`;
    const [first, last] = [from - this.#aroundMs, to + this.#aroundMs];
    return this.#statements.of(sql).pluck().all(first, last) as number[];
  }

  #alarmMoments(boot: number, from: number, to: number): readonly number[] {
    const sql = `SELECT uptime FROM event WHERE substr(body, 1, 15) = '{"kind":"alarm"'
      AND boot = ? AND uptime BETWEEN ? AND ? ORDER BY uptime`;
    const [first, last] = [from - this.#aroundMs, to + this.#aroundMs];
    return this.#statements.of(sql).pluck().all(boot, first, last) as number[];
  }

  #bulk({ bulk }: Plan, windowMs: number | null, timeOf: TimeOf): Bulk {
    if (windowMs === null)
      return { seqs: bulk.map(({ seq }) => seq), into: [], windowMs, readings: 0 };
    const read = bulk.flatMap((message) => this.#read(message, timeOf) ?? []);
    const batches = read.map(({ batch }) => batch);
    const thinned = byClock(read).flatMap((alike) => thin(alike, windowMs));
    const count = (all: readonly Batch[]) => all.reduce((sum, each) => sum + readingCount(each), 0);
    const readings = count(batches);
    if (count(thinned) > (1 - SAVED_MIN) * readings) return NOTHING_YET;
    const into = thinned.map((batch) => bodyOf(batch, windowMs));
    return { seqs: read.map(({ seq }) => seq), into, windowMs, readings };
  }

  /** Whether `batch`, which is told from others by its earliest reading, reaches near an alarm. */
  #reaches(batch: Batch, { moment }: Message): boolean {
    const { from, to } = timesOf(batch);
    const aroundMs = this.#aroundMs;
    const { boot, uptime } = moment ?? { boot: 0, uptime: 0 };
    const own = this.#alarmMoments(boot, uptime, uptime + to - from);
    const transitions = { alarms: this.#alarms(from, to), moments: new Map([[boot, own]]) };
    const message = { at: from, ...(moment === undefined ? {} : { moment }) };
    return isAround(message, to - from, { ...transitions, aroundMs });
  }

  /**
   * `message` with its times as they are told and numbers for names. Null where it is damaged or
   * reaches near an alarm, and where a minute of its cannot be told from another: it waits for its
   * time, or only bounds are known of that.
   */
  #read(message: Message, timeOf: TimeOf): Read | null {
    const { seq, moment } = message;
    const sql = "SELECT body, uptime FROM batch WHERE seq = ?";
    const row = this.#statements.of(sql).get(seq) as
      | { readonly body: unknown; readonly uptime: number | null }
      | undefined;
    const time = timeOf(seq, row?.uptime ?? null);
    const body = decompressed(row?.body);
    if (body === null || time === "waits") return null;
    try {
      const stored = decodeBatch(body, (id) => ({ point: String(id), unit: null }));
      const batch = timedBatch(stored, time);
      const isTimed = batch.between === undefined;
      const isWhole = this.#reaches(batch, message);
      return isTimed && !isWhole ? { seq, batch, moment: moment ?? null } : null;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return null;
    }
  }
}

type MessageRow = Omit<Message, "moment"> & {
  readonly boot: number | null;
  readonly uptime: number | null;
};

/** What `row` is as its time is told. */
function messageOf({ seq, at, count, boot, uptime }: MessageRow, timeOf: TimeOf): Message {
  const moment = momentOf(boot, uptime);
  const told = toldAt(at, timeOf(seq, uptime));
  return { seq, at: told, count, ...(moment === null ? {} : { moment }) };
}

type Read = { readonly seq: number; readonly batch: Batch; readonly moment: Moment | null };

/** A clock that was never right was set where it moves by more than this, in milliseconds. */
const STEP_MS = 500;

/**
 * Parts `read`, in order, where a clock that was never right was set, or the machine started anew:
 * a minute of the one is none of the other, though both are called the same.
 */
function byClock(read: readonly Read[]): readonly (readonly Batch[])[] {
  const parts: Batch[][] = [];
  let last: Read | null = null;
  for (const each of read.filter(({ batch }) => batch.clock === "unsynced")) {
    if (last === null || !isOneClock(last, each)) parts.push([]);
    parts.at(-1)?.push(each.batch);
    last = each;
  }
  const known = read.flatMap(({ batch }) => (batch.clock === "unsynced" ? [] : batch));
  return known.length === 0 ? parts : [known, ...parts];
}

function isOneClock(one: Read, other: Read): boolean {
  if (one.moment === null || other.moment === null) return one.moment === other.moment;
  const aheadMs = ({ batch }: Read, { uptime }: Moment) => batch.at - uptime;
  const byMs = aheadMs(other, other.moment) - aheadMs(one, one.moment);
  return one.moment.boot === other.moment.boot && Math.abs(byMs) <= STEP_MS;
}

function momentOf(boot: number | null, uptime: number | null): Moment | null {
  return boot === null || uptime === null ? null : { boot, uptime };
}

/** The least and the greatest of `numbers`, which are some. */
function spanOf(numbers: readonly number[]): readonly [from: number, to: number] {
  return [Math.min(...numbers), Math.max(...numbers)];
}

const NOTHING_YET: Bulk = { seqs: [], into: [], windowMs: null, readings: 0 };

function bodyOf(batch: Batch, windowMs: number): BatchBody {
  const { at, clock } = batch;
  const body = encodeBatch(batch, (id) => Number(id));
  return { at, clock, count: readingCount(batch), body, thinned: windowMs };
}
