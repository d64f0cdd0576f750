import type { SetAside } from "./core/ledger.ts";
import type { LostQueue } from "./core/queue.ts";
import { missingIn, type SeqRange, type SeqSet, withRange } from "./core/seq-set.ts";
import { BUFFER, type Turn } from "./gateway-event.ts";

/** Tells what the disk has cost: a buffer that had to make way, and messages that are damaged. */
export class DamageReport {
  readonly #tell: (turn: Turn) => void;
  /** What was told to be lost: several destinations may meet it. */
  readonly #lost = new Map<string, SeqSet>();

  constructor(tell: (turn: Turn) => void) {
    this.#tell = tell;
  }

  /** Another buffer is used than before: what is owed from that one will not be sent now. */
  setAside({ file, why, next }: SetAside): void {
    const cause = why === "damaged" ? "buffer.damaged" : "configuration";
    this.#tell({ ...BUFFER, from: why, to: next, cause, detail: { file } });
  }

  /** A stream of a destination's own is given up: nobody knows any more whose it is. */
  queueLost({ stream, seqs }: LostQueue): void {
    for (const range of seqs) this.lost(stream, range);
    if (seqs.length > 0) return;
    const detail = { stream };
    this.#tell({ ...BUFFER, from: "stored", to: "lost", cause: "buffer.damaged", detail });
  }

  /** What is stored of `range` cannot be read; told is what was not told before. */
  lost(stream: string, range: SeqRange): void {
    const told = this.#lost.get(stream) ?? [];
    for (const { from, to } of missingIn(told, range)) {
      const detail = { stream, fromSeq: from, toSeq: to };
      this.#tell({ ...BUFFER, from: "stored", to: "lost", cause: "buffer.damaged", detail });
    }
    this.#lost.set(stream, withRange(told, range));
  }
}
