import type { Held, StreamKind, TimeNote } from "../edge/core/ledger.ts";
import type { SeqRange } from "../edge/core/seq-set.ts";
import type { ClockState, UptimeMs } from "../edge/core/time.ts";
import {
  type Anchor,
  type Basis,
  boundedBy,
  type Correction,
  isKnownAt,
  toldBy,
} from "../edge/core/time-truth.ts";
import { type Boot, bootNamed, bootOf, saveBoot } from "./boots.ts";
import { checkSum, parsed } from "./cells.ts";
import type { RowTime } from "./requests.ts";
import type { Statements } from "./statements.ts";

const KINDS = ["readings", "events"] as const satisfies readonly StreamKind[];

/** What is read of a row to place it in time. */
const ROW_OF = {
  readings: "SELECT at, boot, uptime, clock FROM batch WHERE seq = ?",
  events: "SELECT at, boot, uptime, body ->> '$.clock' AS clock FROM event WHERE seq = ?",
} as const satisfies Record<StreamKind, string>;

/** The last row from a seq on that may wait: behind it may stand thinned ones, which do not. */
const LAST_OF = {
  readings: "SELECT seq FROM batch WHERE seq >= ? AND boot IS NOT NULL ORDER BY seq DESC LIMIT 1",
  events: "SELECT seq FROM event WHERE seq >= ? AND boot IS NOT NULL ORDER BY seq DESC LIMIT 1",
} as const satisfies Record<StreamKind, string>;

/** An anchor is stored anew when it is so much older or other than the one before. */
const ANCHOR_AGE_MS = 3_600_000;
const ANCHOR_STEP_MS = 500;

type Row = {
  readonly at: number;
  readonly boot: number | null;
  readonly uptime: number | null;
  readonly clock: ClockState;
};

/** Seqs of one boot that were stored without the time being known, and of which nothing is settled. */
type Waiting = SeqRange & { readonly boot: number };

/** All that is known of the times of one stream. */
type Times = {
  readonly waiting: readonly Waiting[];
  /** Whether the end of the last of them is not stored: it grows with every message. */
  readonly isGrowing: boolean;
  readonly corrections: readonly Correction[];
};

/** What one commit makes of the times; it counts once that is stored. */
export type TimeState = Readonly<Record<StreamKind, Times>> & { readonly boot: Boot };

/**
 * Which messages wait for their time, and by what others are told. A message that is settled, by a
 * correction or because it may go as it is, stays so for ever: it may have been sent.
 */
export class TimeRows {
  readonly #statements: Statements;
  readonly #anchors = new Map<number, Anchor | null>();
  /** As it is stored. */
  state: TimeState;

  /** `heads` are the highest seqs stored. */
  constructor(statements: Statements, bootId: string, heads: Readonly<Record<StreamKind, number>>) {
    this.#statements = statements;
    const times = (kind: StreamKind): Times => {
      const waiting = readWaiting(statements, kind);
      return { ...waiting, corrections: readCorrections(statements, kind) };
    };
    const [readings, events] = [times("readings"), times("events")];
    const known = Math.max(...readings.corrections.map((one) => this.#endOf(one)), -Infinity);
    const before = readings.waiting[0]?.from ?? heads.readings + 1;
    const boot = bootNamed(statements, bootId, { before, known });
    this.state = { readings, events, boot };
  }

  /** What waits for its time. */
  held(state = this.state): Readonly<Record<StreamKind, Held>> {
    const of = ({ waiting }: Times): Held => {
      const count = waiting.reduce((sum, { from, to }) => sum + to - from + 1, 0);
      return waiting[0] === undefined ? null : { from: waiting[0].from, count };
    };
    return { readings: of(state.readings), events: of(state.events) };
  }

  /** By what the time of row `seq` is told that was stored at `uptime`. */
  timeOf(kind: StreamKind, seq: number, uptime: number | null): RowTime {
    return timeBy(this.state[kind].corrections, seq, uptime);
  }

  /** By what the time of batch `seq` is told, or whether it waits for that; also within a transaction. */
  readingsTime(seq: number, uptime: number | null): RowTime | "waits" {
    const sql = `SELECT 1 FROM unsynced WHERE kind = 'readings' AND from_seq <= ?
      AND (to_seq IS NULL OR to_seq >= ?)`;
    if (this.#statements.of(sql).get(seq, seq) !== undefined) return "waits";
    return this.timeOf("readings", seq, uptime);
  }

  /** `state` once row `seq` is stored; `isLet`: it may go as it is. Within a transaction. */
  stored(state: TimeState, kind: StreamKind, row: Stored): TimeState {
    const { seq, clock, uptime, isLet } = row;
    const { waiting, isGrowing } = state[kind];
    const last = waiting.at(-1);
    const boot = state.boot.number;
    if (clock !== "unsynced" || uptime === null || isLet) {
      if (isGrowing && last !== undefined) this.#close(kind, last);
      return isGrowing ? withTimes(state, kind, { isGrowing: false }) : state;
    }
    if (isGrowing && last?.boot === boot && last.to === seq - 1) {
      return withTimes(state, kind, { waiting: [...waiting.slice(0, -1), { ...last, to: seq }] });
    }
    if (isGrowing && last !== undefined) this.#close(kind, last);
    const sql = "INSERT INTO unsynced (kind, from_seq, to_seq, boot) VALUES (?, ?, NULL, ?)";
    this.#statements.of(sql).run(kind, seq, boot);
    const more = { from: seq, to: seq, boot };
    return withTimes(state, kind, { waiting: [...waiting, more], isGrowing: true });
  }

  /** Stores which boot this is, once. Within a transaction that stores something. */
  begun(state: TimeState): TimeState {
    if (state.boot.isSaved) return state;
    return { ...state, boot: saveBoot(this.#statements, state.boot) };
  }

  /** `state` once what waits was settled as `note` says. Within a transaction. */
  settled(state: TimeState, { known, letGo }: TimeNote): TimeState {
    let next = known === null ? state : this.#anchored(state, known);
    for (const kind of KINDS) {
      const { waiting } = next[kind];
      if (waiting.length === 0) continue;
      const bases = this.#basesOf(waiting, kind, next.boot, known);
      const isEnd = known !== null || letGo.includes(kind);
      const rest = waiting.filter((_, i) => bases[i] === null && !isEnd);
      if (rest.length === waiting.length) continue;
      const corrections = waiting.flatMap(({ from, to }, i) => {
        const basis = bases[i];
        return basis ? [{ from, to, basis }] : [];
      });
      for (const correction of corrections) this.#save(kind, correction);
      for (const { from } of waiting) {
        if (!rest.some((one) => one.from === from)) this.#forget("unsynced", kind, from);
      }
      next = withTimes(next, kind, {
        waiting: rest,
        isGrowing: next[kind].isGrowing && rest.at(-1) === waiting.at(-1),
        corrections: [...next[kind].corrections, ...corrections],
      });
    }
    return next;
  }

  /** `state` once no row below `tail` is stored any more. Within a transaction. */
  without(state: TimeState, kind: StreamKind, tail: number): TimeState {
    const { waiting, corrections, isGrowing } = state[kind];
    const isGone = ({ to }: SeqRange) => to < tail;
    if (![...waiting, ...corrections].some(isGone) && (waiting[0]?.from ?? tail) >= tail) {
      return state;
    }
    for (const one of corrections.filter(isGone)) this.#forget("correction", kind, one.from);
    for (const one of waiting.filter(isGone)) this.#forget("unsynced", kind, one.from);
    const left = waiting.filter((one) => !isGone(one));
    const first = left[0];
    if (first !== undefined && first.from < tail) {
      const sql = "UPDATE unsynced SET from_seq = ? WHERE kind = ? AND from_seq = ?";
      this.#statements.of(sql).run(tail, kind, first.from);
    }
    return withTimes(state, kind, {
      waiting: left.map((one) => ({ ...one, from: Math.max(one.from, tail) })),
      isGrowing: isGrowing && left.length > 0,
      corrections: corrections.filter((one) => !isGone(one)),
    });
  }

  /** By what each of `waiting` is told now; null where that is not known yet. */
  #basesOf(
    waiting: readonly Waiting[],
    kind: StreamKind,
    own: Boot,
    known: Anchor | null,
  ): readonly (Basis | null)[] {
    const anchorOf = (boot: number) => (boot === own.number ? known : this.#anchorIn(boot));
    const lost = waiting.filter(({ boot }) => anchorOf(boot) === null);
    const bounded = known === null ? new Map() : boundedBy(this.#lost(lost, kind), known.offsetMs);
    return waiting.map((range): Basis | null => {
      const anchor = anchorOf(range.boot);
      if (anchor === null) return bounded.get(range.boot) ?? null;
      return { kind: "known", ...anchor, notBefore: this.#knownBefore(range, kind) };
    });
  }

  /** What an earlier boot learnt last; asked of each at every commit while its messages wait. */
  #anchorIn(boot: number): Anchor | null {
    const known = this.#anchors.get(boot);
    if (known !== undefined) return known;
    const anchor = bootOf(this.#statements, boot)?.anchor ?? null;
    this.#anchors.set(boot, anchor);
    return anchor;
  }

  /** The boots of `ranges`, by the last of each. */
  #lost(ranges: readonly Waiting[], kind: StreamKind) {
    const last = new Map(ranges.map((range) => [range.boot, range]));
    return [...last.values()].flatMap(({ boot, from, to }) => {
      const row = this.#lastRow(kind, from, to);
      if (row?.uptime == null) return [];
      const after = bootOf(this.#statements, boot)?.after ?? null;
      return [{ boot, last: row.uptime, offsetMs: row.at - row.uptime, after }];
    });
  }

  /** The known time of the row before `range`, where it is of the same boot. */
  #knownBefore({ from, boot }: Waiting, kind: StreamKind): number | null {
    const row = this.#row(kind, from - 1);
    if (row === undefined || row.boot !== boot) return null;
    if (row.clock !== "unsynced") return row.at;
    const time = this.timeOf(kind, from - 1, row.uptime);
    return time === null ? null : toldBy(time.basis, time.uptime, 0).at;
  }

  /** The last known time that `correction` gave; -Infinity where none. */
  #endOf({ to, basis }: Correction): number {
    const uptime = this.#row("readings", to)?.uptime;
    const isKnown = uptime != null && basis.kind === "known" && isKnownAt(basis, uptime);
    return isKnown ? toldBy(basis, uptime as UptimeMs, 0).at : -Infinity;
  }

  #anchored(state: TimeState, known: Anchor): TimeState {
    const { anchor, isSaved } = state.boot;
    const isOld =
      anchor === null ||
      known.uptime - anchor.uptime > ANCHOR_AGE_MS ||
      Math.abs(known.offsetMs - anchor.offsetMs) > ANCHOR_STEP_MS;
    if (!isOld || !isSaved) return state;
    return { ...state, boot: saveBoot(this.#statements, { ...state.boot, anchor: known }) };
  }

  #row(kind: StreamKind, seq: number): Row | undefined {
    return this.#statements.of(ROW_OF[kind]).get(seq) as Row | undefined;
  }

  /** The last row of `from` to `to` that has a moment: behind it may stand what was thinned, or nothing. */
  #lastRow(kind: StreamKind, from: number, to: number): Row | undefined {
    const sql = `${ROW_OF[kind].replace("seq = ?", "seq BETWEEN ? AND ? AND uptime IS NOT NULL")}
      ORDER BY seq DESC LIMIT 1`;
    return this.#statements.of(sql).get(from, to) as Row | undefined;
  }

  #save(kind: StreamKind, { from, to, basis }: Correction): void {
    const text = JSON.stringify(basis);
    const sql =
      "INSERT INTO correction (kind, from_seq, to_seq, basis, crc) VALUES (?, ?, ?, ?, ?)";
    this.#statements.of(sql).run(kind, from, to, text, checkSum(kind, from, to, text));
  }

  #close(kind: StreamKind, { from, to }: Waiting): void {
    const sql = "UPDATE unsynced SET to_seq = ? WHERE kind = ? AND from_seq = ?";
    this.#statements.of(sql).run(to, kind, from);
  }

  #forget(table: "unsynced" | "correction", kind: StreamKind, from: number): void {
    const sql = `DELETE FROM ${table} WHERE kind = ? AND from_seq = ?`;
    this.#statements.of(sql).run(kind, from);
  }
}

/** A row that was stored just now. */
type Stored = {
  readonly seq: number;
  readonly clock: ClockState;
  readonly uptime: number | null;
  readonly isLet: boolean;
};

/** By which of `corrections` the time of row `seq` is told that was stored at `uptime`. */
export function timeBy(
  corrections: readonly Correction[],
  seq: number,
  uptime: number | null,
): RowTime {
  if (uptime === null || corrections.length === 0) return null;
  const found = corrections.find(({ from, to }) => from <= seq && seq <= to);
  return found === undefined ? null : { basis: found.basis, uptime: uptime as UptimeMs };
}

/** Every correction of `kind`, in the order of the seqs. */
export function readCorrections(statements: Statements, kind: StreamKind): readonly Correction[] {
  type Cells = { readonly from_seq: number; readonly to_seq: number; readonly basis: string };
  const sql = "SELECT from_seq, to_seq, basis FROM correction WHERE kind = ? ORDER BY from_seq";
  return (statements.of(sql).all(kind) as Cells[]).flatMap(({ from_seq, to_seq, basis }) => {
    const told = parsed<Basis>(basis);
    return told === null ? [] : [{ from: from_seq, to: to_seq, basis: told }];
  });
}

function readWaiting(
  statements: Statements,
  kind: StreamKind,
): Pick<Times, "waiting" | "isGrowing"> {
  type Cells = { readonly from_seq: number; readonly to_seq: number | null; readonly boot: number };
  const sql = "SELECT from_seq, to_seq, boot FROM unsynced WHERE kind = ? ORDER BY from_seq";
  const rows = statements.of(sql).all(kind) as Cells[];
  const waiting = rows.map(({ from_seq, to_seq, boot }) => {
    const last = to_seq ?? statements.of(LAST_OF[kind]).pluck().get(from_seq);
    return { from: from_seq, to: (last as number | undefined) ?? from_seq, boot };
  });
  return { waiting, isGrowing: rows.at(-1)?.to_seq === null };
}

function withTimes(state: TimeState, kind: StreamKind, changed: Partial<Times>): TimeState {
  return { ...state, [kind]: { ...state[kind], ...changed } };
}
