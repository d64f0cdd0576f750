import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { ENVELOPE_MAX } from "../command/envelope.ts";
import type { CommandOutcome } from "../core/command.ts";
import { ERRORS, type ErrorCode } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { callControl } from "../world/control-socket.ts";
import { sayCommand } from "./command-text.ts";
import { fileTrouble, namedTrouble } from "./file-trouble.ts";
import { type Invocation, misuse, print } from "./invocation.ts";
import { refuse } from "./refuse.ts";
import { usableConfig } from "./usable-config.ts";

/** How long carrying out a command may take: others may be served first, a line be slow. */
const ANSWER_MS = 300_000;

/**
 * `lifeline command FILE`, `… keygen NAME`, `… sign KEY GATEWAY ORDER`: hands a signed command to the
 * running gateway; makes a pair of keys; signs a command.
 */
export async function command(invocation: Invocation): Promise<number> {
  const { lang, operands } = invocation;
  const [action, ...more] = operands;
  if (action === "keygen" && more.length === 1) return keygen(`${more[0]}`, invocation);
  if (action === "sign" && (more.length === 2 || more.length === 3)) {
    return await (await import("./command-sign.ts")).sign(invocation);
  }
  const isFile = action !== undefined && more.length === 0 && !["keygen", "sign"].includes(action);
  if (!isFile) return misuse(sayCommand(lang, "usage"), invocation);
  return await give(action, invocation);
}

/** Hands the signed command in `file` to the running gateway; 1 where it is not done. */
async function give(file: string, invocation: Invocation): Promise<number> {
  const { lang, json } = invocation;
  let envelope: string;
  try {
    envelope = readFileSync(file, "utf8").trim();
  } catch (error) {
    return refuse(
      sayCommand(lang, "unreadable", { file, why: fileTrouble(error, lang) }),
      invocation,
    );
  }
  // The gateway would refuse it too, but its socket takes no more.
  if (envelope.length > ENVELOPE_MAX) {
    return refuse(ERRORS["command.oversized"].meaning[lang], invocation);
  }
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const { socket } = config.control;
  const answer = (await callControl(socket, "command", { envelope }, ANSWER_MS)) as Answer;
  const { outcome, code, detail, result } = answer;
  if (json) print(toJson(answer));
  else {
    print(sayCommand(lang, "answered", { outcome: sayCommand(lang, outcome) }));
    if (code !== undefined) {
      const { meaning, advice } = ERRORS[code];
      print(`  ${meaning[lang]} (${code})${detail === undefined ? "" : `: ${detail}`}`);
      print(`  ${advice[lang]}`);
    }
    if (result !== undefined) print(`  ${toJson(result)}`);
  }
  return outcome === "done" ? 0 : 1;
}

type Answer = {
  readonly outcome: CommandOutcome;
  readonly code?: ErrorCode;
  readonly detail?: string;
  readonly result?: unknown;
};

/** Writes a new pair of keys into the working directory; none that is there is ever replaced. */
function keygen(name: string, invocation: Invocation): number {
  const { lang, json } = invocation;
  if (basename(name) !== name || name.startsWith(".")) {
    return misuse(sayCommand(lang, "badName", { name }), invocation);
  }
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const [secret, open] = [`${name}.pem`, `${name}.pub.pem`];
  const { x = "" } = publicKey.export({ format: "jwk" });
  const key = Buffer.from(x, "base64url").toString("base64");
  try {
    const pem = privateKey.export({ format: "pem", type: "pkcs8" });
    writeFileSync(secret, pem, { flag: "wx", mode: 0o600 });
    writeFileSync(open, publicKey.export({ format: "pem", type: "spki" }), { flag: "wx" });
  } catch (error) {
    return refuse(sayCommand(lang, "unwritten", { why: namedTrouble(error, lang) }), invocation);
  }
  if (json) print(toJson({ name, private: secret, public: open, key }));
  else print(sayCommand(lang, "made", { secret, open, name, key }));
  return 0;
}
