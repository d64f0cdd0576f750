import process from "node:process";
import { ERRORS, type ErrorCode, GatewayError, type Lang, messageOf } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { say } from "./text.ts";

/** How a command was called. */
export type Invocation = {
  readonly config: string;
  readonly lang: Lang;
  readonly json?: true;
  /** The command that was typed, such as `read`; left out where none was. */
  readonly command?: string;
  /** What was typed after the command, options left out. */
  readonly operands: readonly string[];
  readonly schema?: true;
  readonly seconds?: number;
  /** Where to save a capture. */
  readonly save?: string;
  readonly past?: true;
  readonly yes?: true;
  /** How registers make a value. */
  readonly type?: string;
  /** How the bytes of a value stand in its registers. */
  readonly order?: string;
  /** A request as hexadecimal digits, in as many words as it was typed. */
  readonly pdu?: readonly string[];
  /** Whether to send what may change a device. */
  readonly unsafe?: true;
  /** What a search asks, and how: lists as they were typed, true where the usual is meant. */
  readonly units?: string;
  readonly speeds?: string | true;
  readonly formats?: string | true;
  readonly timeout?: string;
  readonly probe?: string;
  /** A database to look into in place of the configured one. */
  readonly database?: string;
  /** What is to be exported, and where to: times and points as they were typed. */
  readonly from?: string;
  readonly to?: string;
  readonly points?: string;
  readonly format?: string;
  readonly out?: string;
  /** For how long an alarm is shelved or an override lasts, as it was typed; or that it is for once; and why. */
  readonly for?: string;
  readonly once?: true;
  readonly reason?: string;
  /** Which events or lines are asked for, as it was typed; and whether to go on with what comes. */
  readonly point?: string;
  readonly kind?: string;
  readonly level?: string;
  readonly since?: string;
  readonly follow?: true;
  /** How often to look, and what must be in what is shown, as it was typed. */
  readonly every?: string;
  readonly filter?: string;
  /** The kinds of names that a completion asks for. */
  readonly words?: string;
  /** How a point is to be calibrated: numbers and times as they were typed. */
  readonly zero?: string;
  readonly span?: string;
  readonly check?: true;
  readonly revert?: true;
  readonly history?: true;
  readonly within?: string;
  readonly window?: string;
  readonly tolerance?: string;
  readonly note?: string;
  readonly record?: string;
  /** What of an unknown device is looked at, and where the draft of a profile goes. */
  readonly addresses?: string;
  readonly profile?: string;
  /** A configuration that a signed command brings. */
  readonly yaml?: string;
  /** Where the answers of a person are kept; references and photos, as they were typed. */
  readonly answers?: string;
  readonly reference?: readonly string[];
  readonly photo?: readonly string[];
  /** How thoroughly the doctor looks. */
  readonly deep?: true;
  readonly quick?: true;
  /** A file with a claim; the configuration that a batch begins with, and what all its cards get. */
  readonly claim?: string;
  readonly template?: string;
  readonly common?: string;
  /** A gateway's folder, as its card brings it. */
  readonly card?: string;
  /** Whose card is written, or those of which batch; where image files go; a disk named again. */
  readonly gateway?: string;
  readonly batch?: string;
  readonly images?: string;
  readonly fixed?: string;
  /** Where releases are installed; whether only to say what would be done. */
  readonly install?: string;
  readonly dryRun?: true;
  /** Whether a file may be replaced. */
  readonly force?: true;
  /** Where the centre of a fleet keeps what it knows, and how it is to act. */
  readonly dir?: string;
  readonly canaries?: string;
  readonly broker?: string;
  readonly key?: string;
  /** Public keys of the roles of a repository, by commas; how many have to sign; what is trusted. */
  readonly root?: string;
  readonly targets?: string;
  readonly online?: string;
  readonly threshold?: string;
  readonly anchor?: string;
  readonly passphraseFile?: string;
};

/** Writes one line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line to standard error. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What there is to tell about a failure, in one language but for its details. */
export type Failure = {
  /** What went wrong. */
  readonly meaning: string;
  /** What to do about it. */
  readonly advice: string;
  /** Which file, socket or device, and what the system said; as it comes, mostly English. */
  readonly message: string;
  /** Null for an error in the program. */
  readonly code: ErrorCode | null;
};

/** What there is to tell about `error` in `lang`. */
export function failureOf(error: unknown, lang: Lang): Failure {
  const message = messageOf(error);
  if (error instanceof GatewayError) {
    const { code } = error;
    const { meaning, advice } = ERRORS[code];
    return { code, message, meaning: meaning[lang], advice: advice[lang] };
  }
  const [meaning, advice] = [say(lang, "programError"), say(lang, "programErrorTodo")];
  return { code: null, message, meaning, advice };
}

/**
 * Tells about `error`, a person or with `json` a program, never with a stack trace; returns exit
 * code 1.
 */
export function fail(error: unknown, { lang, json }: Pick<Invocation, "lang" | "json">): 1 {
  const { code, meaning, message, advice } = failureOf(error, lang);
  if (json) {
    print(toJson({ error: { code, meaning, message, advice } }));
    return 1;
  }
  complain(
    say(lang, "errorIs", {
      what: code === null ? meaning : say(lang, "withCode", { meaning, code }),
    }),
  );
  complain(`  ${say(lang, "detailIs", { detail: message })}`);
  complain(`  ${say(lang, "todoIs", { advice })}`);
  return 1;
}

/** Tells that the program was called wrongly, and where to read how; returns exit code 2. */
export function misuse(
  message: string,
  { lang, json, command }: Pick<Invocation, "lang" | "json" | "command">,
): 2 {
  const advice = say(lang, "readHelp", {
    command: command === undefined ? "lifeline" : `lifeline ${command}`,
  });
  if (json) {
    const meaning = say(lang, "usedWrongly");
    print(toJson({ error: { code: "usage", meaning, message, advice } }));
    return 2;
  }
  complain(say(lang, "errorIs", { what: message }));
  complain(`  ${say(lang, "todoIs", { advice })}`);
  return 2;
}
