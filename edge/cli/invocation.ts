import process from "node:process";
import { ERRORS, GatewayError, type Lang, messageOf } from "../core/errors.ts";
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
  readonly yes?: true;
};

/** Writes one line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line to standard error. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Tells about `error`, a person or with `json` a program, never with a stack trace; returns exit
 * code 1.
 */
export function fail(error: unknown, { lang, json }: Pick<Invocation, "lang" | "json">): 1 {
  const message = messageOf(error);
  const code = error instanceof GatewayError ? error.code : null;
  if (json) {
    const advice = code === null ? null : ERRORS[code].advice[lang];
    print(toJson({ error: { code, message, advice } }));
    return 1;
  }
  complain(`${say(lang, "error")}: ${message}`);
  if (code !== null) {
    const { meaning, advice } = ERRORS[code];
    complain(`  ${code}: ${meaning[lang]}`);
    complain(`  ${say(lang, "todo")}: ${advice[lang]}`);
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
