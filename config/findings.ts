import type { Path, Problem, ProblemCode, ProblemParams } from "./problems.ts";
import { problemOf } from "./problems.ts";
import type { Side, Source } from "./source.ts";

/** Collects the problems of one file and finds the place of each. */
export class Findings {
  readonly #source: Source;
  readonly #problems: Problem[];

  constructor(source: Source) {
    this.#source = source;
    this.#problems = [...source.problems];
  }

  /** Notes a problem with what stands at `path`, or with its key. */
  add<Code extends ProblemCode>(
    code: Code,
    params: ProblemParams<Code>,
    path: Path,
    side: Side = "value",
  ): void {
    this.#problems.push(problemOf(code, params, path, this.#source.locate(path, side)));
  }

  /** Whether one of the problems is an error. */
  hasErrors(): boolean {
    return this.#problems.some(({ severity }) => severity === "error");
  }

  /** Every problem so far, in the order of the file. */
  list(): readonly Problem[] {
    return this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }
}
