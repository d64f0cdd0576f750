import { readFileSync } from "node:fs";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { identityDirIn } from "../../config/identity-dir.ts";
import { backoffMs } from "../core/backoff.ts";
import { ERRORS, type ErrorEntry, GatewayError } from "../core/errors.ts";
import { type IdentityStanding, type IdentityTerm, renewalAt } from "../core/identity.ts";
import { toJson } from "../core/json.ts";
import type { SecretText } from "../core/secret-text.ts";
import { SystemClock } from "../world/clock.ts";
import { writeDurably } from "../world/durable-file.ts";
import type { Identity } from "../world/identity/keeper.ts";
import { localTime } from "../world/wall-text.ts";
import { beginAnew } from "./begin-anew.ts";
import { agreesTo } from "./consent.ts";
import { fileTrouble } from "./file-trouble.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { ownIdentity } from "./own-identity.ts";
import { sayProvision } from "./provision-text.ts";
import { refuse } from "./refuse.ts";
import { secretLines } from "./secret-lines.ts";
import { say } from "./text.ts";
import { usableConfig } from "./usable-config.ts";

/** A person waits: a server that does not answer is asked so often, then told of. */
const TRIES = 3;
const PAUSE = { firstMs: 2_000, maxMs: 10_000 };

const ALONE = ["status", "enrol", "csr", "replace", "reset"];

/** `lifeline provision`: see its help. 1 where there is no identity in force in the end. */
export async function provision(invocation: Invocation): Promise<number> {
  const { lang, operands } = invocation;
  const [action = "status", file, ...more] = operands;
  const takesFile = action === "install" || action === "batch";
  const isRight = takesFile ? file !== undefined : ALONE.includes(action) && file === undefined;
  if (!isRight || more.length > 0) return misuse(sayProvision(lang, "usage"), invocation);
  if (action === "batch") {
    return await (await import("./provision-batch.ts")).batch(`${file}`, invocation);
  }
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const { claim } = invocation;
  const named: SecretText | undefined =
    claim === undefined ? undefined : [{ kind: "file", path: claim }];
  return await act(action, `${file}`, { config, identity: ownIdentity(config, named), invocation });
}

type Job = {
  readonly config: GatewayConfig;
  readonly identity: Identity;
  readonly invocation: Invocation;
};

async function act(action: string, file: string, job: Job): Promise<number> {
  const { identity, invocation } = job;
  const { lang } = invocation;
  switch (action) {
    case "enrol":
      await asked(job, (signal) => identity.enrol(signal));
      return told(job);
    case "csr":
      return await request(job);
    case "install":
      try {
        await identity.install(readFileSync(file, "utf8"));
      } catch (error) {
        if (error instanceof GatewayError) throw error;
        const why = fileTrouble(error, lang);
        return refuse(sayProvision(lang, "unreadable", { file, why }), invocation);
      }
      return told(job);
    case "replace":
      return await replace(job);
    case "reset":
      return await reset(job);
    default:
      return told(job);
  }
}

async function replace(job: Job): Promise<number> {
  const { config, identity, invocation } = job;
  if (!(await agrees("askReplace", job))) return notAgreed(job);
  // First: were it cut off behind the certificate, rows would come under the other board's keys.
  const file = await beginAnew(config.buffer.dir, config.gateway.id, identity.standing());
  if (file !== null) complain(sayProvision(invocation.lang, "leftBehind", { file }));
  await asked(job, (signal) => identity.replace(signal));
  return told(job);
}

/** Asks a server that may be busy or out of reach a few times. */
async function asked(
  { config, invocation }: Job,
  ask: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const clock = new SystemClock();
  const signal = new AbortController().signal;
  for (let tries = 1; ; tries++) {
    try {
      return await ask(signal);
    } catch (error) {
      const isPassing = error instanceof GatewayError && error.code === "enrol.unreachable";
      if (!isPassing || config.enrolment === null || tries === TRIES) throw error;
      const ms = backoffMs(PAUSE, tries, 1);
      const s = Math.round(ms / 1000);
      complain(sayProvision(invocation.lang, "again", { code: error.message, s }));
      await clock.sleep(ms);
    }
  }
}

async function request({ config, identity, invocation }: Job): Promise<number> {
  const { lang, json, out } = invocation;
  const text = await identity.request();
  if (out === undefined) {
    print(json ? toJson({ gateway: config.gateway.id, request: text }) : text.trimEnd());
    return 0;
  }
  try {
    writeDurably(out, text, 0o644);
  } catch (error) {
    const why = fileTrouble(error, lang);
    return refuse(sayProvision(lang, "unwritten", { file: out, why }), invocation);
  }
  if (json) print(toJson({ gateway: config.gateway.id, request: text }));
  else print(sayProvision(lang, "requestIn", { file: out }));
  return 0;
}

async function reset(job: Job): Promise<number> {
  const { config, identity, invocation } = job;
  const { lang, json } = invocation;
  const gateway = config.gateway.id;
  if (identity.standing().state === "none") {
    // Remains of one that was cut off go too.
    identity.forget();
    if (json) return told(job, 0);
    print(sayProvision(lang, "none", { gateway }));
    return 0;
  }
  if (!(await agrees("askReset", job))) return notAgreed(job);
  identity.forget();
  if (json) return told(job, 0);
  print(sayProvision(lang, "gone", { gateway }));
  if (config.enrolment !== null) print(`  ${sayProvision(lang, "goneFor")}`);
  return 0;
}

async function agrees(question: "askReset" | "askReplace", job: Job): Promise<boolean> {
  const { config, invocation } = job;
  if (invocation.yes) return true;
  return await agreesTo(sayProvision(invocation.lang, question, { gateway: config.gateway.id }));
}

function notAgreed({ invocation }: Job): number {
  return refuse(sayProvision(invocation.lang, "notAgreed"), invocation);
}

/** Tells how it stands; returns `code`, or 0 where an identity is in force and 1 else. */
function told({ config, identity, invocation }: Job, code?: number): number {
  const { lang, json } = invocation;
  const standing = identity.standing();
  const { state, current, next, boundTo, hardware, secrets, unopened } = standing;
  const gateway = config.gateway.id;
  const dir = identityDirIn(config.buffer.dir);
  const isOver = current !== null && current.validTo <= new SystemClock().now();
  const exit = code ?? (state === "enrolled" && !isOver ? 0 : 1);
  if (json) {
    const [certificate, renewed] = [termJson(current), termJson(next)];
    const told = { gateway, state, certificate, renewed, isExpired: isOver, boundTo, hardware };
    print(toJson({ ...told, secrets, unopened, dir }));
    return exit;
  }
  const [board, here] = [boundTo ?? "", hardware ?? ""];
  const why = unopened || sayProvision(lang, "notTried");
  print(sayProvision(lang, state, { gateway, board, here, why }));
  if (current !== null) print(`  ${sayProvision(lang, "certificate", termWords(current))}`);
  if (isOver) print(`  ${sayProvision(lang, "expired")}`);
  if (next !== null) print(`  ${sayProvision(lang, "next", termWords(next))}`);
  if (boundTo !== null) print(`  ${sayProvision(lang, "boundTo", { board })}`);
  if (hardware === null) print(`  ${sayProvision(lang, "unbound")}`);
  if (state !== "none") print(`  ${sayProvision(lang, "kept", { dir })}`);
  for (const line of secretLines(secrets, lang)) print(`  ${line}`);
  const advice = ADVICE[state]?.advice[lang];
  if (advice !== undefined) print(`  ${say(lang, "todoIs", { advice })}`);
  return exit;
}

/** What leads further from where there is none in force. */
const ADVICE: Readonly<Partial<Record<IdentityStanding["state"], ErrorEntry>>> = {
  none: ERRORS["enrol.none"],
  foreign: ERRORS["enrol.foreign"],
  sealed: ERRORS["enrol.sealed"],
};

function termJson(term: IdentityTerm | null) {
  return term === null ? null : { ...term, renewFrom: renewalAt(term) };
}

function termWords(term: IdentityTerm) {
  const { serial, issuer, validTo } = term;
  return { serial, issuer, to: localTime(validTo), from: localTime(renewalAt(term)) };
}
