import type { Batch, Series } from "../../core/batch.ts";
import type { Value } from "../../core/reading.ts";
import { hasSeq, type SeqSet, withSeq } from "../../core/seq-set.ts";
import { CHINA_MIN } from "../civil-time.ts";
import { markOf } from "./mark.ts";
import {
  NO_STATISTICS,
  type Sample,
  type Statistics,
  withIntegral,
  withSample,
} from "./statistics.ts";

/** Periods of one length, which begin at multiples of it by China's clock; at most a day. */
export type Grid = { readonly name: GridName; readonly ms: number };

export type GridName = "minute" | "hour" | "day";

/** One quantity of which periods tell. */
export type Quantity = {
  /** By which reports name it. */
  readonly code: string;
  /** `device.point` of its value. */
  readonly point: string;
  /** What the value is multiplied with before it is integrated, `device.point`; null for nothing. */
  readonly flow: string | null;
  /** So long a value holds until the next one, in milliseconds. */
  readonly holdMs: number;
};

/** One period that has ended. */
export type Period = {
  readonly grid: GridName;
  /** Wall times in milliseconds; `to` is the end, which is not in it. */
  readonly from: number;
  readonly to: number;
  /** By the codes of the quantities. */
  readonly of: ReadonlyMap<string, Statistics>;
  /** The lowest seq of what went into it. */
  readonly firstSeq: number;
};

type Open = {
  readonly grid: Grid;
  readonly from: number;
  readonly of: Map<string, Statistics>;
  firstSeq: number;
};

/** What was told last of one quantity, and up to when it was integrated. */
type Holding = { readonly value: number | null; readonly at: number; doneTo: number };

/** The most periods that are open: where time leaps, the oldest gives way and is closed. */
const OPEN_MAX = 512;

/**
 * Makes periods of batches, given in the order of their seqs. Holds the open periods and no
 * readings. A period is closed when all that belongs to it must have come; what comes later is
 * counted as late. What a full buffer has thinned stands behind newer batches: it makes periods of
 * its own where none was closed for its time.
 */
export class PeriodFold {
  readonly #grids: readonly Grid[];
  readonly #quantities: readonly Quantity[];
  readonly #settleMs: number;
  readonly #wanted: ReadonlySet<string>;
  readonly #open = new Map<string, Open>();
  readonly #held = new Map<string, Holding>();
  readonly #flows = new Map<string, number | null>();
  /** By grid: the periods that were closed, counted from the beginning of time. */
  readonly #closed = new Map<GridName, SeqSet>();
  #late = 0;

  /** `grids` from the shortest; a reading is stored within `settleMs` of its time. */
  constructor(grids: readonly Grid[], quantities: readonly Quantity[], settleMs: number) {
    this.#grids = grids;
    this.#quantities = quantities;
    this.#settleMs = settleMs;
    this.#wanted = new Set(quantities.flatMap(({ point, flow }) => [point, flow ?? point]));
  }

  /** Readings that came when their period was closed already. */
  get late(): number {
    return this.#late;
  }

  /** The lowest seq of what is in open periods of `grid`; null where none is open. */
  firstSeqOf(grid: GridName): number | null {
    const seqs = this.#open
      .values()
      .filter((open) => open.grid.name === grid)
      .map(({ firstSeq }) => firstSeq);
    const lowest = Math.min(...seqs);
    return lowest === Infinity ? null : lowest;
  }

  /** The clock was set back: periods that were closed may come again. */
  reopen(): void {
    this.#closed.clear();
    this.#held.clear();
  }

  /** Takes `batch`, stored under `seq`. */
  add(seq: number, batch: Batch): void {
    const samples = batch.series
      .filter(({ point }) => this.#wanted.has(point))
      .flatMap((series) => samplesOf(series, batch.at));
    for (const sample of samples.sort((a, b) => a.at - b.at)) this.#take(seq, sample);
  }

  /** The periods that are over when all up to wall time `seen` has come, the earliest first. */
  close(seen: number): readonly Period[] {
    const isOver = ({ from, grid }: Open) => from + grid.ms + this.#settleMs <= seen;
    const over = this.#open.values().filter(isOver).toArray();
    const tooMany = this.#open.size - over.length - OPEN_MAX;
    if (tooMany > 0) {
      const others = this.#open.values().filter((open) => !isOver(open));
      over.push(...others.toArray().sort(byEnd).slice(0, tooMany));
    }
    return over.sort(byEnd).map((open) => this.#close(open));
  }

  #close(open: Open): Period {
    const { grid, from, of, firstSeq } = open;
    const to = from + grid.ms;
    for (const quantity of this.#quantities) this.#integrate(quantity, to, firstSeq);
    this.#open.delete(keyOf(grid, from));
    const closed = this.#closed.get(grid.name) ?? [];
    this.#closed.set(grid.name, withSeq(closed, indexOf(grid, from)));
    return { grid: grid.name, from, to, of, firstSeq };
  }

  #take(seq: number, { point, ...sample }: PlacedSample): void {
    for (const quantity of this.#quantities) {
      if (quantity.flow === point) this.#integrate(quantity, sample.at, seq);
      if (quantity.point !== point) continue;
      this.#integrate(quantity, sample.at, seq);
      this.#note(quantity, sample, seq);
    }
    this.#flows.set(point, sample.value);
  }

  #note({ code }: Quantity, sample: Sample, seq: number): void {
    for (const grid of this.#grids) {
      // A window longer than the period tells nothing of it.
      if (sample.window !== null && sample.window.ms > grid.ms) continue;
      const open = this.#openAt(grid, sample.at, seq);
      if (open === null) {
        if (grid === this.#grids[0]) this.#late++;
        continue;
      }
      open.of.set(code, withSample(open.of.get(code) ?? NO_STATISTICS, sample));
    }
    const before = this.#held.get(code);
    if (before !== undefined && before.at > sample.at) return;
    const { value, at } = sample;
    this.#held.set(code, { value, at, doneTo: Math.max(at, before?.doneTo ?? at) });
  }

  /** Adds what the held value came to until `to`. */
  #integrate(quantity: Quantity, to: number, seq: number): void {
    const held = this.#held.get(quantity.code);
    if (held === undefined || held.value === null) return;
    const flow = quantity.flow === null ? 1 : (this.#flows.get(quantity.flow) ?? null);
    const end = Math.min(to, held.at + quantity.holdMs);
    if (end <= held.doneTo) return;
    if (flow !== null) {
      for (const grid of this.#grids) {
        this.#spread(quantity.code, grid, held.value * flow, { from: held.doneTo, to: end }, seq);
      }
    }
    held.doneTo = end;
  }

  #spread(code: string, grid: Grid, rate: number, span: Span, seq: number): void {
    for (let from = span.from; from < span.to; ) {
      const to = Math.min(span.to, startOf(grid, from) + grid.ms);
      const open = this.#openAt(grid, from, seq);
      const ms = to - from;
      if (open !== null) {
        const before = open.of.get(code) ?? NO_STATISTICS;
        open.of.set(code, withIntegral(before, (rate * ms) / 1000, ms));
      }
      from = to;
    }
  }

  /** The open period that `at` is in; null where that was closed. */
  #openAt(grid: Grid, at: number, seq: number): Open | null {
    const from = startOf(grid, at);
    const key = keyOf(grid, from);
    const known = this.#open.get(key);
    if (known !== undefined) {
      known.firstSeq = Math.min(known.firstSeq, seq);
      return known;
    }
    if (hasSeq(this.#closed.get(grid.name) ?? [], indexOf(grid, from))) return null;
    const open: Open = { grid, from, of: new Map(), firstSeq: seq };
    this.#open.set(key, open);
    return open;
  }
}

type Span = { readonly from: number; readonly to: number };

type PlacedSample = Sample & { readonly point: string };

/** When the period of `grid` begins that `at` is in, by China's clock. */
export function startOf({ ms }: Grid, at: number): number {
  const offset = CHINA_MIN * 60_000;
  return Math.floor((at + offset) / ms) * ms - offset;
}

function indexOf({ ms }: Grid, from: number): number {
  return Math.round((from + CHINA_MIN * 60_000) / ms);
}

function keyOf({ name }: Grid, from: number): string {
  return `${name} ${from}`;
}

/** Of periods that end together the shorter one comes first. */
function byEnd(one: Open, other: Open): number {
  return one.from + one.grid.ms - (other.from + other.grid.ms) || one.grid.ms - other.grid.ms;
}

function samplesOf({ point, t, v, q, thinned }: Series, from: number): readonly PlacedSample[] {
  return t.map((after, i) => {
    const mark = markOf(q?.[i] ?? "good");
    const value = numberOf(v[i] ?? null);
    const column = (values: readonly (number | null)[] | undefined) => values?.[i] ?? null;
    const window = thinned && {
      ms: thinned.windowMs,
      n: thinned.n[i] ?? 0,
      min: column(thinned.min),
      max: column(thinned.max),
      mean: column(thinned.mean),
    };
    // A text is no value that a period could tell of.
    const isText = value === null && mark === "N";
    return { point, at: from + after, value, mark: isText ? "D" : mark, window: window ?? null };
  });
}

/** `value` as a number: true counts as 1, false as 0; null for a text. */
export function numberOf(value: Value | null): number | null {
  if (value === null || typeof value === "string") return null;
  return Number(value);
}
