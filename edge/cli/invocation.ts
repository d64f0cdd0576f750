import process from "node:process";
import { ERRORS, GatewayError, type Lang, messageOf } from "../core/errors.ts";
import { say } from "./text.ts";

/** How a command was called. */
export type Invocation = {
  readonly config: string;
  readonly lang: Lang;
  readonly json?: true;
  /** What was typed after the command, options left out. */
  readonly operands: readonly string[];
  readonly schema?: true;
  readonly seconds?: string;
};

/** Writes one line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line to standard error. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Tells a person about `error`, never with a stack trace; returns exit code 1. */
export function fail(error: unknown, lang: Lang): 1 {
  complain(`${say(lang, "error")}: ${messageOf(error)}`);
  if (error instanceof GatewayError) {
    const { meaning, advice } = ERRORS[error.code];
    complain(`  ${error.code}: ${meaning[lang]}`);
    complain(`  ${say(lang, "todo")}: ${advice[lang]}`);
  }
  return 1;
}
