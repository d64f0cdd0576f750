import type { Ledger } from "../../core/ledger.ts";
import type { World } from "../../world.ts";
import { CHUNK } from "../chunk.ts";
import { type Grid, type Period, PeriodFold, type Quantity, startOf } from "./fold.ts";
import { Loading } from "./loading.ts";
import { isInOrder, seqFrom } from "./seek.ts";

export type SpanParts = {
  readonly world: Pick<World, "clock" | "log">;
  readonly ledger: Pick<Ledger, "readBatches">;
  readonly signal: AbortSignal;
  /** The lowest seq stored and the highest that may be told of. */
  readonly tail: number;
  readonly head: number;
};

export type Span = {
  readonly grid: Grid;
  readonly quantities: readonly Quantity[];
  readonly settleMs: number;
  /** Wall times in milliseconds; periods that begin from `from` to `to` are wanted. */
  readonly from: number;
  readonly to: number;
};

/** So many periods wait to be told before the buffer is read on. */
const READY_MAX = 8;

/** The periods of a time that was asked for, made of what is stored; holds a few of them. */
export class SpanFeed {
  readonly #parts: SpanParts;
  readonly #span: Span;
  readonly #fold: PeriodFold;
  readonly #loading: Loading;
  readonly #ready: Period[] = [];
  #next: number | null = null;
  #isRead = false;

  /** `onLoaded` is called when `next` may have more to say. */
  constructor(parts: SpanParts, span: Span, onLoaded: () => void) {
    this.#parts = parts;
    this.#span = span;
    this.#fold = new PeriodFold([span.grid], span.quantities, span.settleMs);
    this.#loading = new Loading(parts.world, parts.signal, onLoaded);
  }

  /** The first period that was not taken, null while the buffer is read, `end` behind the last. */
  next(): Period | null | "end" {
    if (!this.#isRead && this.#ready.length < READY_MAX) this.#load();
    return this.#ready[0] ?? (this.#isRead ? "end" : null);
  }

  /** The centre has the period that `next` gave. */
  taken(): void {
    this.#ready.shift();
  }

  #load(): void {
    const { ledger, tail, head } = this.#parts;
    const { from, settleMs } = this.#span;
    this.#loading.start(async () => {
      this.#next ??= await seqFrom(ledger, { tail, head }, from - settleMs);
      const rows = await ledger.readBatches(this.#next, CHUNK);
      for (const { seq, batch } of rows.filter((row) => row.seq <= head)) {
        this.#next = seq + 1;
        if (batch === null) continue;
        this.#fold.add(seq, batch);
        if (!isInOrder(batch)) continue;
        this.#close(batch.at);
        if (batch.at >= this.#endMs + settleMs) this.#isRead = true;
      }
      if (this.#isRead || (rows.length > 0 && this.#next <= head)) return;
      this.#isRead = true;
      this.#close(this.#parts.world.clock.now());
    });
  }

  /** When the last period that is wanted ends. */
  get #endMs(): number {
    const { grid, to } = this.#span;
    return startOf(grid, to) + grid.ms;
  }

  #close(seen: number): void {
    const { from, to } = this.#span;
    for (const period of this.#fold.close(seen)) {
      if (period.from >= from && period.from <= to) this.#ready.push(period);
    }
  }
}
