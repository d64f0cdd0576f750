/** The slot that a gateway runs from. */
export type Slot = {
  /** Name of its folder. */
  readonly name: string;
  /** What its release says of itself; null where that cannot be read. */
  readonly release: {
    readonly counter: number;
    readonly hardware: readonly string[];
    readonly channel: string;
  } | null;
};

/**
 * The files by which a gateway, the process that updates it and the boot guard speak. Nothing waits for
 * the disk but the promises: one that hangs holds up no alarm.
 */
export interface UpdateFiles {
  /** Null where it runs from no slot. */
  readonly slot: Slot | null;
  /** The slot that is started next; null where there is none. */
  current(): Promise<string | null>;
  /** What stands in the note of a trial; null where there is none. */
  trial(): Promise<string | null>;
  /**
   * The whole lines of the journal from this byte on, of its last 64 kB, and the byte behind them;
   * all of these where it is shorter than that, as another is in its place then.
   */
  journal(from: number): Promise<{ readonly text: string; readonly end: number }>;
  /** What stands in the order; null where there is none. */
  order(): Promise<string | null>;
  /** What stands in the verdict; null where there is none. */
  verdict(): Promise<string | null>;
  /** What stands in the note of what the process that updates is at; null where there is none. */
  progress(): Promise<string | null>;
  /** What did well, as the release before left it; null where it left nothing. */
  before(): Promise<string | null>;
  /** Replaces a file whole. Rejects with `update.unwritten`. */
  write(file: "order" | "verdict" | "before", text: string): Promise<void>;
  /** Removes the order. Rejects with `update.unwritten`. */
  removeOrder(): Promise<void>;
  /** Whether there is a way out of this machine. */
  hasNetwork(): boolean;
}
