import process from "node:process";
import { ERRORS, type ErrorCode, GatewayError, type Lang, messageOf } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { say } from "./text.ts";

/** How a command was called. */
export type Invocation = {
  readonly config: string;
  readonly lang: Lang;
  readonly json?: true;
  /** What was typed after the command, options left out. */
  readonly operands: readonly string[];
  readonly schema?: true;
  readonly seconds?: number;
};

/** Writes one line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line to standard error. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A failure in words; `code`, `meaning` and `advice` where the error table knows it. */
export type Failure = {
  readonly message: string;
  readonly code: ErrorCode | null;
  readonly meaning?: string;
  readonly advice: string | null;
};

/** What there is to tell about `error` in `lang`. */
export function failureOf(error: unknown, lang: Lang): Failure {
  const message = messageOf(error);
  if (!(error instanceof GatewayError)) return { message, code: null, advice: null };
  const { code } = error;
  const { meaning, advice } = ERRORS[code];
  return { message, code, meaning: meaning[lang], advice: advice[lang] };
}

/**
 * Tells about `error`, a person or with `json` a program, never with a stack trace; returns exit
 * code 1.
 */
export function fail(error: unknown, { lang, json }: Pick<Invocation, "lang" | "json">): 1 {
  const { code, message, meaning, advice } = failureOf(error, lang);
  if (json) {
    print(toJson({ error: { code, message, advice } }));
    return 1;
  }
  complain(`${say(lang, "error")}: ${message}`);
  if (code !== null) {
    complain(`  ${code}: ${meaning}`);
    complain(`  ${say(lang, "todo")}: ${advice}`);
  }
  return 1;
}

/** Tells that the program was called wrongly, and where to read how; returns exit code 2. */
export function misuse(message: string, { lang, json }: Pick<Invocation, "lang" | "json">): 2 {
  const advice = say(lang, "readHelp");
  if (json) {
    print(toJson({ error: { code: "usage", message, advice } }));
    return 2;
  }
  complain(`${say(lang, "error")}: ${message}`);
  complain(`  ${say(lang, "todo")}: ${advice}`);
  return 2;
}
