import { DIAGNOSTICS } from "./open-answer.ts";

/** After so many answers in a row without one, an adapter gives requests back no more. */
const GONE_AFTER = 16;

/**
 * Whether an adapter gives requests back, as half-duplex ones do: as is said, or as the requests
 * show whose answers cannot look like them. Some orders are confirmed by repeating them; only
 * where it is known that nothing comes back is the first copy of such an order its confirmation.
 */
export class Echo {
  readonly #said: boolean | null;
  #shown: boolean | null = null;
  /** Answers since the last request that came back. */
  #answersWithout = 0;

  /** `said` is what the operator knows; null where requests are to show it. */
  constructor(said: boolean | null = null) {
    this.#said = said;
  }

  /**
   * Whether the first copy of a request with this function, whose answer may be the same, is to be
   * taken for its echo. While nothing is known, an order's and a read's is, so that what was perhaps
   * not done is never told as done, nor an echo as values; a diagnostic's is not: nothing hangs on
   * it.
   */
  isAwaited(functionCode: number): boolean {
    return this.#said ?? this.#shown ?? functionCode !== DIAGNOSTICS;
  }

  /** A request came back. */
  heard(): void {
    this.#shown = true;
    this.#answersWithout = 0;
  }

  /**
   * A request of `length` bytes was answered by other bytes; `before` bytes, none of them its echo, came before
   * the answer. As many as half of it may be its echo, damaged: they show nothing. An echo that was
   * heard once may be lost now and then.
   */
  missed(length: number, before: number): void {
    if (before >= length / 2) return;
    this.#answersWithout++;
    if (this.#shown !== true || this.#answersWithout >= GONE_AFTER) this.#shown = false;
  }

  /** The line is opened anew, perhaps with another adapter: one that gives requests back may be. */
  reopened(): void {
    if (this.#shown === false) this.#shown = null;
  }
}
