import type { Text } from "../edge/core/errors.ts";
import type { ProblemSeverity } from "./problem-entry.ts";
import { ALARM_PROBLEMS } from "./problems-alarm.ts";
import { BOARD_PROBLEMS } from "./problems-board.ts";
import { CENTRE_PROBLEMS } from "./problems-centre.ts";
import { COMMAND_PROBLEMS } from "./problems-command.ts";
import { INTERLOCK_PROBLEMS } from "./problems-interlock.ts";
import { MEANING_PROBLEMS } from "./problems-meaning.ts";
import { MEASURE_PROBLEMS } from "./problems-measure.ts";
import { OUTSIDE_PROBLEMS } from "./problems-outside.ts";
import { SELECTION_PROBLEMS } from "./problems-selection.ts";
import { SHAPE_PROBLEMS } from "./problems-shape.ts";
import { TALK_PROBLEMS } from "./problems-talk.ts";
import { WARNINGS } from "./problems-warnings.ts";

/** Every problem of a configuration file, by code: code -> what to say, in every language. */
export const PROBLEMS = {
  ...SHAPE_PROBLEMS,
  ...MEANING_PROBLEMS,
  ...ALARM_PROBLEMS,
  ...INTERLOCK_PROBLEMS,
  ...MEASURE_PROBLEMS,
  ...TALK_PROBLEMS,
  ...BOARD_PROBLEMS,
  ...OUTSIDE_PROBLEMS,
  ...COMMAND_PROBLEMS,
  ...SELECTION_PROBLEMS,
  ...CENTRE_PROBLEMS,
  ...WARNINGS,
};

/** A row of the catalogue. */
export type ProblemCode = keyof typeof PROBLEMS;

/** What the text of a row needs to know. */
export type ProblemParams<Code extends ProblemCode> = Parameters<
  (typeof PROBLEMS)[Code]["text"]
>[0];

/** Keys and list positions from the top of the file. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with a file, and where. */
export type Problem = {
  readonly severity: ProblemSeverity;
  readonly code: ProblemCode;
  /** From 1. */
  readonly line: number;
  /** In characters, from 1. */
  readonly column: number;
  /** `devices.gas-1.every`; empty for the file as a whole. */
  readonly path: string;
  readonly message: Text;
  /** The file, where it is not the configuration itself but a profile. */
  readonly file?: string;
};

/** A problem with the words of the catalogue. */
export function problemOf<Code extends ProblemCode>(
  code: Code,
  params: ProblemParams<Code>,
  path: Path,
  place: { readonly line: number; readonly column: number },
): Problem {
  const { severity, text } = PROBLEMS[code];
  // The compiler cannot see that the text of `Code` takes the parameters of `Code`.
  const say = text as (params: ProblemParams<Code>) => Text;
  return {
    severity,
    code,
    line: place.line,
    column: place.column,
    path: pathText(path),
    message: say(params),
  };
}

/**
 * `path` as one writes it: keys joined by dots, list positions in brackets. A key with blanks or
 * control characters is quoted, so that no file can send codes to a terminal.
 */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    const key = /^[^\s\p{C}]+$/u.test(step) ? step : JSON.stringify(step);
    return text === "" ? key : `${text}.${key}`;
  }, "");
}
