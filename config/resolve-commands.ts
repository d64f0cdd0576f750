import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import type { CommandKey } from "../edge/core/command.ts";
import type { DestinationContext } from "./destination-keys.ts";
import type { CommandsConfig } from "./gateway-config.ts";
import type { Path } from "./problems.ts";
import { readFailure } from "./read-failure.ts";
import type { DraftInput } from "./schema.ts";

const RAW = /^[A-Za-z0-9+/]{43}=$/;

/** Checks every key of commands, and whether somebody may use the ways that take them. */
export function resolveCommands(
  { commands, destinations = {} }: DraftInput,
  context: DestinationContext,
): CommandsConfig {
  const owners = new Map<string, string>();
  const keys = Object.entries(commands?.keys ?? {}).flatMap(([name, { key, may }]) => {
    const path = ["commands", "keys", name, "key"];
    const publicKey = publicKeyOf(key, path, context);
    if (publicKey === null) return [];
    const fingerprint = fingerprintOf(publicKey);
    const owner = owners.get(fingerprint);
    owners.set(fingerprint, name);
    // Two names for one key would share its counter, and no record could tell who acted.
    if (owner !== undefined) context.findings.add("same-command-key", { owner }, path);
    return [{ name, fingerprint, publicKey, may } satisfies CommandKey];
  });
  for (const [name, destination] of Object.entries(destinations)) {
    const takes = "commands" in destination && destination.commands;
    if (!takes || Object.keys(commands?.keys ?? {}).length > 0) continue;
    context.findings.add("commands-without-keys", null, ["destinations", name, "commands"]);
  }
  return { keys };
}

/** The 32 bytes as base64 of the key that is named; faults are noted and give null. */
function publicKeyOf(text: string, path: Path, context: DestinationContext): string | null {
  if (RAW.test(text)) return text;
  const file = context.absolute(text);
  try {
    const raw = rawOf(createPublicKeyOf(context.outside.readFile(file)));
    if (raw === null) context.findings.add("command-key", { path: file }, path);
    return raw;
  } catch (error) {
    const params = { path: file, reason: readFailure(error) };
    context.findings.add("command-key-file", params, path);
    return null;
  }
}

/** The public key in `pem`; null where there is none, or a private one stands there. */
function createPublicKeyOf(pem: string): KeyObject | null {
  if (!pem.includes("BEGIN PUBLIC KEY")) return null;
  try {
    return createPublicKey(pem);
  } catch {
    return null;
  }
}

function rawOf(key: KeyObject | null): string | null {
  if (key?.asymmetricKeyType !== "ed25519") return null;
  const { x = "" } = key.export({ format: "jwk" });
  return Buffer.from(x, "base64url").toString("base64");
}

function fingerprintOf(publicKey: string): string {
  const bytes = Buffer.from(publicKey, "base64");
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
