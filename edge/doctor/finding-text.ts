import type { Text } from "../core/errors.ts";

/** What there is to say of one kind of finding; `{subject}` and its values are filled in. */
export type FindingText = {
  /** What is wrong, in one line, without a full stop. */
  readonly meaning: Text;
  /** What most likely brought it about. */
  readonly cause: Text;
  /** What to do, the first thing to try first. */
  readonly remedy: Text;
};
