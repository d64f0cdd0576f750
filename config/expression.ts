import { RE2JS, RE2JSException } from "re2js";
import type { Path, ProblemCode, ProblemParams } from "./problems.ts";

/**
 * The most steps of a compiled expression. The slowest that was found below it took 6 ms for the
 * longest line, of 511 bytes, on one core of an AMD EPYC: on a line of 115200 baud that is never
 * silent, 14 % of a core. A usual expression takes 2 µs.
 */
export const EXPRESSION_STEPS_MAX = 256;

/** Notes a problem at `path`, which begins at what is being checked. */
export type NoteAt = <Code extends ProblemCode>(
  code: Code,
  params: ProblemParams<Code>,
  path: Path,
) => void;

/** The named groups of `expression`, or null with what is wrong with it noted at `path`. */
export function groupsOf(expression: string, path: Path, note: NoteAt): readonly string[] | null {
  try {
    const compiled = RE2JS.compile(expression);
    const size = compiled.programSize();
    if (size > EXPRESSION_STEPS_MAX) {
      note("expression-too-large", { size, max: EXPRESSION_STEPS_MAX }, path);
      return null;
    }
    return Object.keys(compiled.namedGroups());
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    note("bad-expression", { fault: error.message.replace(/^error parsing regexp: /, "") }, path);
    return null;
  }
}
