import type { CommandCode } from "../core/command.ts";

/** The version of the protocol that this release speaks. */
export const PROTOCOL = 1;

/** The most bytes that a command may have, with all that is around it. */
export const ENVELOPE_MAX = 256 * 1024;

/**
 * A signed command as it travels: `{ "v": 1, "key": "…", "payload": "…", "signature": "…" }`. The
 * signature is over the payload as it stands there, so that nobody need write JSON anew to check it.
 */
export type Envelope = {
  /** The name of the key. */
  readonly key: string;
  /** The command as JSON in base64url without padding (RFC 4648, 5). */
  readonly payload: string;
  /** 64 bytes (RFC 8032, 5.1.6). */
  readonly signature: Uint8Array;
};

/** What is not done, and why. */
export type Refusal = { readonly code: CommandCode; readonly detail: string };

const KEYS = ["key", "payload", "signature", "v"];
const BASE64URL = /^[A-Za-z0-9_-]+$/;
const SIGNATURE_BYTES = 64;

/**
 * The bytes that are signed: what they are for and the version of the protocol, then the payload. A
 * signature for another purpose or version says nothing here.
 */
export function signedBytes(payload: string): Uint8Array {
  return new TextEncoder().encode(`lifeline/command/v${PROTOCOL}\n${payload}`);
}

/** The envelope in what came, or why there is none. Never throws. */
export function readEnvelope(bytes: Uint8Array): Envelope | Refusal {
  if (bytes.length > ENVELOPE_MAX) {
    return refused("command.oversized", `${bytes.length} bytes; the most are ${ENVELOPE_MAX}`);
  }
  const fields = jsonObject(bytes);
  if (fields === null) return refused("command.malformed", "it is no JSON object");
  const { v, key, payload, signature } = fields;
  if (v === undefined) return refused("command.malformed", "it has no v");
  if (v !== PROTOCOL) return refused("command.version", `v must be ${PROTOCOL}`);
  if (signature === undefined || signature === "") {
    return refused("command.unsigned", "it has no signature");
  }
  const odd = Object.keys(fields).find((name) => !KEYS.includes(name));
  if (odd !== undefined) return refused("command.malformed", "it has a key that does not belong");
  if (typeof key !== "string" || key.length > 64) {
    return refused("command.malformed", "key must be a text of at most 64 characters");
  }
  if (typeof payload !== "string" || !BASE64URL.test(payload)) {
    return refused("command.malformed", "payload must be base64url without padding");
  }
  const isText = typeof signature === "string" && BASE64URL.test(signature);
  const given = isText ? Buffer.from(signature, "base64url") : null;
  if (given?.length !== SIGNATURE_BYTES) {
    return refused("command.malformed", "signature must be 64 bytes as base64url");
  }
  return { key, payload, signature: given };
}

/** The object that `bytes` are as JSON in UTF-8, or null. */
export function jsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

/** A refusal with `code`; `detail` is for people. */
export function refused(code: CommandCode, detail: string): Refusal {
  return { code, detail };
}
