import { existsSync } from "node:fs";
import { join } from "node:path";
import { Reader } from "../../buffer/reader.ts";
import { keptAside, type Limits, survey } from "../../buffer/survey.ts";
import { GatewayError } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { cardLife } from "../world/card-life.ts";
import { type BufferTextKey, sayBuffer } from "./buffer-text.ts";
import { bufferView } from "./buffer-view.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { sayOffline } from "./offline-text.ts";
import { runningStatus } from "./running-status.ts";
import { say } from "./text.ts";
import { usableConfig } from "./usable-config.ts";

/** Which database, and what the configuration says of it; null where it was named by itself. */
type Source = { readonly file: string; readonly limits: Told | null };

/** What the configuration says, with the destinations that are told of periods. */
type Told = Limits & {
  readonly centres: readonly string[];
  readonly gateway: string;
  /** Path of the control socket. */
  readonly socket: string;
};

/**
 * `lifeline buffer [ACTION]`: what the gateway has stored, beside the running gateway or without
 * one. 1 where there is no database, or it holds a fault.
 */
export async function buffer(invocation: Invocation): Promise<number> {
  const action = ACTIONS.get(invocation.operands[0] ?? "status");
  if (action === undefined || invocation.operands.length > action.operands + 1)
    return misuse(sayBuffer(invocation.lang, "usage"), invocation);
  const idle = EXPORT_OPTIONS.filter((name) => invocation[name] !== undefined);
  if (invocation.operands[0] !== "export" && idle.length > 0) {
    const options = idle.map((name) => `--${name}`).join(" ");
    return misuse(sayBuffer(invocation.lang, "exportOnly", { options }), invocation);
  }
  const source = await sourceOf(invocation);
  if (source === null) return 1;
  if (!existsSync(source.file)) return refuse(source, "none", invocation);
  try {
    using look = opened(source.file);
    return await action.run(look.reader, source.limits, invocation);
  } catch (error) {
    const isHeld = error instanceof GatewayError && error.code === "buffer.busy";
    if (!isHeld) throw error;
    return refuse(source, "held", invocation);
  }
}

/** What means nothing but for an export: a look at all would be taken for one at a part. */
const EXPORT_OPTIONS = ["from", "to", "points", "format", "out", "force"] as const;

type Action = {
  /** How many operands may follow. */
  readonly operands: number;
  readonly run: (
    reader: Reader,
    limits: Told | null,
    invocation: Invocation,
  ) => number | Promise<number>;
};

const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["status", { operands: 0, run: status }],
  [
    "verify",
    {
      operands: 0,
      run: async (reader, _, invocation) =>
        (await import("./buffer-verify.ts")).verifyBuffer(reader, invocation),
    },
  ],
  [
    "export",
    {
      operands: 0,
      run: async (reader, _, invocation) =>
        (await import("./buffer-export.ts")).exportBuffer(reader, invocation),
    },
  ],
  [
    "audit",
    {
      operands: 1,
      run: async (reader, _, invocation) =>
        (await import("./buffer-audit.ts")).auditBuffer(reader, invocation),
    },
  ],
]);

async function status(
  reader: Reader,
  limits: Told | null,
  { json, lang }: Invocation,
): Promise<number> {
  const found = survey(reader, limits);
  const card = cardLife(reader.file);
  const running = limits && (await isRunning(limits.socket));
  if (json) print(toJson({ ...found, card, running }));
  else {
    const { gateway = "" } = limits ?? {};
    if (running === false) print(sayOffline(lang, "isDown", { gateway }));
    for (const line of bufferView(found, card, lang, limits?.centres)) print(line);
  }
  return 0;
}

/** Whether a gateway serves `socket`; null where it cannot be told. */
async function isRunning(socket: string): Promise<boolean | null> {
  try {
    return (await runningStatus(socket)) !== null;
  } catch {
    return null;
  }
}

function opened(file: string) {
  const reader = new Reader(file);
  return { reader, [Symbol.dispose]: () => reader.close() };
}

async function sourceOf(invocation: Invocation): Promise<Source | null> {
  const { database } = invocation;
  if (database !== undefined) return { file: database, limits: null };
  const config = await usableConfig(invocation);
  if (config === null) return null;
  const destinations = config.destinations.map(({ name }) => name);
  const isCentre = (kind: string) => kind === "hj212" || kind === "sl651";
  const centres = config.destinations.flatMap(({ name, kind }) => (isCentre(kind) ? [name] : []));
  const { dir, maxBytes, card } = config.buffer;
  const place = { gateway: config.gateway.id, socket: config.control.socket };
  const limits = { maxBytes, destinations, card, centres, ...place };
  return { file: join(dir, "lifeline.db"), limits };
}

/** Tells why nothing can be read, what to do, and which databases stand beside; exit code 1. */
function refuse(
  { file }: Source,
  why: BufferTextKey & ("none" | "held"),
  { lang, json }: Invocation,
): 1 {
  const message = sayBuffer(lang, why, { file });
  const advice = sayBuffer(lang, `${why}Todo`);
  const aside = keptAside(file);
  if (json) {
    const meaning = say(lang, "saidNo");
    print(toJson({ error: { code: `buffer.${why}`, meaning, message, advice }, aside }));
    return 1;
  }
  complain(message);
  complain(`  ${advice}`);
  for (const each of aside) complain(`  ${sayBuffer(lang, "aside")}: ${each.file}`);
  return 1;
}
