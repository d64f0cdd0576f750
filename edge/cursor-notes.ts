import type { Delivered } from "./core/ledger.ts";

/** What destinations have acknowledged and no commit has taken along yet: the latest of each. */
export class CursorNotes {
  readonly #delivered = new Map<string, Delivered>();

  add(delivered: Delivered): void {
    this.#delivered.set(keyOf(delivered), delivered);
  }

  /** Gives out everything; nothing is noted then. */
  takeAll(): readonly Delivered[] {
    const all = [...this.#delivered.values()];
    this.#delivered.clear();
    return all;
  }

  /** Takes back what could not be stored, but where something newer was noted meanwhile. */
  putBack(delivered: readonly Delivered[]): void {
    for (const one of delivered) if (!this.#delivered.has(keyOf(one))) this.add(one);
  }
}

function keyOf({ kind, destination, queue }: Delivered): string {
  return `${kind}/${queue ?? ""}/${destination}`;
}
