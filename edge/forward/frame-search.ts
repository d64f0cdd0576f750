/** How the frames of one protocol are found in a stream of bytes. */
export type FrameRules = {
  /**
   * How long the frame that begins at `at` is by its header; null where none begins, `short` where
   * one may, and the header is not whole yet.
   */
  lengthAt(bytes: Uint8Array, at: number): number | null | "short";
  /** Whether the bytes of that length are a frame: check sum and grammar. */
  isSound(frame: Uint8Array): boolean;
  /** Bytes that may stand between two frames and mean nothing. */
  readonly fillers: readonly number[];
};

/** What was found in a stream. */
export type FoundFrame = {
  /** `damaged`: it has a header, and what follows is no frame. */
  readonly kind: "frame" | "damaged";
  readonly bytes: Uint8Array;
};

type Span = { readonly from: number; readonly to: number };

/**
 * Finds frames in a stream that is split anyhow and may hold anything. The frame that is whole
 * first counts, so that a header in what is no frame hides none behind it; what is found depends
 * on the bytes alone, never on how they are split. Keeps less than one frame of the greatest length
 * that the rules let a header tell.
 */
export class FrameSearch {
  readonly #rules: FrameRules;
  #bytes = new Uint8Array(0);
  /** Up to here the kept bytes were told as damaged. */
  #toldTo = 0;
  #discarded = 0;

  constructor(rules: FrameRules) {
    this.#rules = rules;
  }

  /** Bytes that belonged to no frame, fillers left out. */
  get discarded(): number {
    return this.#discarded;
  }

  /** Bytes that wait for what follows them. */
  get waiting(): number {
    return this.#bytes.length;
  }

  /** The frames that `chunk` completes, in the order in which they are whole. */
  take(chunk: Uint8Array): readonly FoundFrame[] {
    const before = this.#bytes.length;
    const bytes = new Uint8Array(before + chunk.length);
    bytes.set(this.#bytes);
    bytes.set(chunk, before);
    const { spans, open } = this.#candidates(bytes);
    const found: FoundFrame[] = [];
    let from = 0;
    // Those that end before were judged when their last byte came.
    const whole = spans.filter(({ to }) => to > before && to <= bytes.length);
    for (const span of whole.sort((a, b) => a.to - b.to || a.from - b.from)) {
      if (span.from < from) continue;
      const frame = bytes.slice(span.from, span.to);
      if (this.#rules.isSound(frame)) {
        found.push({ kind: "frame", bytes: frame });
        this.#discard(bytes, from, span.from);
        from = span.to;
      } else if (span.from >= this.#toldTo) {
        found.push({ kind: "damaged", bytes: frame });
        this.#toldTo = span.to;
      }
    }
    const keep = open.find((at) => at >= from) ?? bytes.length;
    this.#discard(bytes, from, keep);
    this.#bytes = bytes.slice(keep);
    this.#toldTo = Math.max(0, this.#toldTo - keep);
    return found;
  }

  /** Every frame that a header tells, and where those begin that are not whole, in order. */
  #candidates(bytes: Uint8Array): { readonly spans: Span[]; readonly open: number[] } {
    const spans: Span[] = [];
    const open: number[] = [];
    for (let at = 0; at < bytes.length; at++) {
      const length = this.#rules.lengthAt(bytes, at);
      if (length === null) continue;
      if (length === "short" || at + length > bytes.length) open.push(at);
      else spans.push({ from: at, to: at + length });
    }
    return { spans, open };
  }

  #discard(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      if (!this.#rules.fillers.includes(bytes[at] as number)) this.#discarded++;
    }
  }
}
