/** The longest line, in bytes; a longer one is thrown away up to its end. */
export const LINE_MAX = 512;

const CR = 0x0d;
const LF = 0x0a;

/**
 * Lines of a stream of bytes, without their endings. A line whose beginning was not heard is
 * thrown away: half a number looks like a number. So is one that is too long.
 */
export class Lines {
  readonly #ending: readonly number[] | null;
  readonly #line = new Uint8Array(LINE_MAX);
  #length = 0;
  /** Whether the line's beginning was heard and it is not too long. */
  #isWhole = false;
  #discarded = 0;

  readonly #silenceBegins: boolean;

  /**
   * `ending` is what ends a line; null for CR, LF or both. `silenceBegins` says whether behind a
   * silence with nothing unfinished before it a line begins, as it does where a device is asked;
   * one that talks by itself may have been heard from the middle of a line on.
   */
  constructor(ending: readonly number[] | null, silenceBegins = false) {
    this.#ending = ending;
    this.#silenceBegins = silenceBegins;
  }

  /** Bytes thrown away so far. */
  get discarded(): number {
    return this.#discarded;
  }

  /** Takes received bytes and gives every line that they complete and that is not empty. */
  take(bytes: Uint8Array): readonly Uint8Array[] {
    const lines: Uint8Array[] = [];
    for (const byte of bytes) {
      this.#add(byte);
      const endingBytes = this.#endingHere();
      if (endingBytes === 0) continue;
      const length = this.#length - endingBytes;
      if (this.#isWhole && length > 0) lines.push(this.#line.slice(0, length));
      else this.#discarded += length;
      this.#length = 0;
      this.#isWhole = true;
    }
    return lines;
  }

  /**
   * Throws away what is unfinished after a silence. What comes next may be the rest of it, which
   * was only handed over late, so it is thrown away up to its ending.
   */
  breakOff(): void {
    this.#isWhole = this.#length === 0 && (this.#isWhole || this.#silenceBegins);
    this.#discarded += this.#length;
    this.#length = 0;
  }

  /** Throws away what is unfinished; what comes next shows by itself whether it is whole. */
  begin(): void {
    this.#discarded += this.#length;
    this.#length = 0;
    this.#isWhole = true;
  }

  /** Throws away what is unfinished, and all up to the next ending. */
  loseTrack(): void {
    this.begin();
    this.#isWhole = false;
  }

  #add(byte: number): void {
    if (this.#length === LINE_MAX) {
      // The end is kept, because an ending of several bytes may have begun there.
      const kept = (this.#ending?.length ?? 1) - 1;
      this.#discarded += this.#length - kept;
      this.#line.copyWithin(0, this.#length - kept, this.#length);
      this.#length = kept;
      this.#isWhole = false;
    }
    this.#line[this.#length] = byte;
    this.#length += 1;
  }

  /** Bytes of the ending with which the line ends now, 0 where it does not end. */
  #endingHere(): number {
    const last = this.#line[this.#length - 1];
    if (this.#ending === null) return last === CR || last === LF ? 1 : 0;
    const start = this.#length - this.#ending.length;
    const isHere = start >= 0 && this.#ending.every((byte, i) => this.#line[start + i] === byte);
    return isHere ? this.#ending.length : 0;
  }
}
