import type { Spoken } from "../heard.ts";

/** Cuts a stream of bytes into messages, however they were split or joined on the way. */
export interface Parser {
  /** Takes received bytes and tells what they complete, in order. */
  take(bytes: Uint8Array): readonly Spoken[];
  /**
   * The line was silent, as far as it was heard in time: what is unfinished is given up. What comes
   * next is the beginning of a message, or the rest of one that was handed over late.
   */
  breakOff(): void;
  /** Bytes may be missing: what comes next may begin anywhere within a message. */
  loseTrack(): void;
  /** Bytes thrown away so far because they belong to no message. */
  readonly discarded: number;
}
