/** So many requests in a row that only hasty answers came to show that no line is behind a port. */
const SHOWN_AFTER = 3;

/**
 * Whether a port's line takes the time that its speed says. An answer that is whole before its
 * request and itself can have passed the line is hasty: on a line that keeps its pace it answers
 * something else. Behind some ports there is no line, as with a microcontroller on USB or a
 * simulator: there every quick answer is hasty, and right. The first answer shows which it is; a
 * port that turns out otherwise costs three requests. A short answer that took its time shows
 * nothing of a long one: a device may be slow where no line is.
 */
export class Haste {
  #keepsPace: boolean | null = null;
  /** Requests in a row that nothing but a hasty answer came to. */
  #inVain = 0;
  /** The most that any of their answers would have taken on the line, in milliseconds. */
  #hastyMs = 0;

  /**
   * Whether an answer is too soon to be believed that was whole `tookMs` after its request was given
   * to the port, where the line cannot have carried both in less than `leastMs`.
   */
  isTooSoon(tookMs: number, leastMs: number): boolean {
    const isHasty = tookMs < leastMs;
    this.#keepsPace ??= !isHasty;
    if (isHasty) this.#hastyMs = Math.max(this.#hastyMs, leastMs);
    else if (leastMs >= this.#hastyMs) this.#forget();
    return isHasty && this.#keepsPace;
  }

  /** A request came to nothing: its only answer was hasty and was not believed. */
  inVain(): void {
    this.#inVain++;
    if (this.#inVain >= SHOWN_AFTER) this.#keepsPace = false;
  }

  /** The line is opened anew, perhaps with another adapter: one with a line behind it may be. */
  reopened(): void {
    if (this.#keepsPace === false) this.#keepsPace = null;
    this.#forget();
  }

  #forget(): void {
    this.#inVain = 0;
    this.#hastyMs = 0;
  }
}
