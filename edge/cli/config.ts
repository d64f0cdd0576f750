import { existsSync, readFileSync } from "node:fs";
import { createTwoFilesPatch } from "diff";
import type { Done } from "../command/result.ts";
import { ERRORS, GatewayError, messageOf } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { ConfigStore } from "../world/config-store.ts";
import { callControl } from "../world/control-socket.ts";
import { localTime } from "../world/wall-text.ts";
import { sayConfig } from "./config-text.ts";
import { fail, type Invocation, misuse, print } from "./invocation.ts";
import { refuse } from "./refuse.ts";
import { usableConfig } from "./usable-config.ts";

/** Checking and reading dry take their time, in milliseconds. */
const ANSWER_MS = 120_000;

/**
 * `lifeline config [list | diff [N] | rollback | confirm [FINGERPRINT]]`: the configurations that were
 * replaced, what differs from one of them, and going back to the last or keeping what is on trial.
 */
export async function config(invocation: Invocation): Promise<number> {
  const { lang, operands, config: file } = invocation;
  const [action = "list", n, ...more] = operands;
  const form = { diff: /^\d{1,9}$/, confirm: /^sha256:[0-9a-f]+$/ }[action];
  const isTaken = n === undefined || form?.test(n) === true;
  if (more.length > 0 || !isTaken) return misuse(sayConfig(lang, "usage"), invocation);
  if (!existsSync(file)) {
    return fail(new GatewayError("config.unreadable", `there is no file ${file}`), invocation);
  }
  const store = new ConfigStore(file);
  try {
    if (action === "list") return list(store, invocation);
    if (action === "diff") return diff(store, n, invocation);
  } catch (error) {
    return refuse(messageOf(error), invocation);
  }
  if (action === "rollback" || action === "confirm") return await change(action, n, invocation);
  return misuse(sayConfig(lang, "usage"), invocation);
}

function list(store: ConfigStore, { lang, json, config: file }: Invocation): number {
  const replaced = store.history();
  const trial = store.isOnTrial() ? store.candidate : null;
  if (json) {
    print(toJson({ file, trial, replaced }));
    return 0;
  }
  print(sayConfig(lang, "current", { file }));
  if (trial !== null) print(sayConfig(lang, "onTrial", { file: trial }));
  for (const { n, at } of replaced) print(`${String(n).padStart(4)}  ${localTime(at)}`);
  if (replaced.length === 0) print(sayConfig(lang, "none"));
  return 0;
}

/** From one that was replaced, the last unless `n` says which, to the file; or to what is on trial. */
function diff(store: ConfigStore, n: string | undefined, invocation: Invocation): number {
  const { lang, json, config: file } = invocation;
  const isTrial = n === undefined && store.isOnTrial();
  const number = Number(n ?? store.history()[0]?.n ?? 0);
  const old = isTrial ? store.text() : store.replaced(number);
  if (old === null) return refuse(sayConfig(lang, "noSuch", { n: number }), invocation);
  const now = isTrial ? readFileSync(store.candidate, "utf8") : store.text();
  const [from, to] = isTrial ? [file, store.candidate] : [`${number}`, file];
  const patch = createTwoFilesPatch(from, to, old, now, undefined, undefined, { context: 2 });
  if (json) print(toJson({ from, to, differs: old !== now, patch }));
  else print(old === now ? sayConfig(lang, "same") : patch.trimEnd());
  return 0;
}

/** `configuration` is the fingerprint of what is to be kept; left out: whatever is on trial. */
async function change(
  action: "rollback" | "confirm",
  configuration: string | undefined,
  invocation: Invocation,
): Promise<number> {
  const { lang, json } = invocation;
  const known = await usableConfig(invocation);
  if (known === null) return 1;
  const { socket } = known.control;
  const call = { action, configuration };
  const done = (await callControl(socket, "configuration", call, ANSWER_MS)) as Done;
  const { outcome, code, detail = "" } = done;
  if (json) print(toJson(done));
  else if (outcome === "done") print(sayConfig(lang, "taken"));
  else
    return refuse(`${code === null ? outcome : ERRORS[code].meaning[lang]}: ${detail}`, invocation);
  return outcome === "done" ? 0 : 1;
}
