/** A file that the offline keys have signed for. */
export type Target = {
  /** Its name in the metadata, with slashes. */
  readonly path: string;
  /** In bytes. */
  readonly length: number;
  /** Hexadecimal, by the name of the algorithm. */
  readonly hashes: Readonly<Record<string, string>>;
  /** What else was signed of it. */
  readonly custom: Readonly<Record<string, unknown>>;
  /** Where it stands below the address of the targets. */
  readonly file: string;
};
