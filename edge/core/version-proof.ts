import type { WallMs } from "./time.ts";

/** What a gateway says that it runs, to be signed with the key of its identity. */
export type VersionClaims = {
  readonly gateway: string;
  /** Version of the program that runs. */
  readonly release: string;
  /** Of the release, as it was signed; null where it is not installed as one. */
  readonly counter: number | null;
  /** The slot that it runs from; null where it runs from none. */
  readonly slot: string | null;
  /** Which boot of the machine it is in, and how long after that began this was said. */
  readonly boot: string;
  readonly uptimeMs: number;
  readonly at: WallMs;
  /** Whether the release is on trial: it may be rolled back yet. */
  readonly trial: boolean;
  /** The id of the command `update` that ordered the release; null where none did. */
  readonly command: string | null;
};

/** The version of what is signed. */
const PROOF_VERSION = 1;
/** The longest that a proof may be, in characters. */
const PROOF_MAX = 4_096;
/** The only algorithm: ECDSA on P-256 with SHA-256 (RFC 7518, 3.4). */
const ALGORITHM = "ES256";
/** What a proof is, so that nothing else that the key signed passes for one (RFC 8725, 3.11). */
const TYPE = "lifeline-version+jwt";

const PART = /^[A-Za-z0-9_-]+$/;

/**
 * The part of a proof that is signed (RFC 7515, 7.1): `certificate` is the SHA-256 of the DER of the
 * certificate of the key, in hexadecimal digits (4.1.8).
 */
export function signedPart(claims: VersionClaims, certificate: string): string {
  const x5t = Buffer.from(certificate, "hex").toString("base64url");
  const header = { alg: ALGORITHM, typ: TYPE, "x5t#S256": x5t };
  return `${base64url(header)}.${base64url({ v: PROOF_VERSION, ...claims })}`;
}

/** The proof: `signed` with its signature, 64 bytes (RFC 7518, 3.4). */
export function versionProof(signed: string, signature: Uint8Array): string {
  return `${signed}.${Buffer.from(signature).toString("base64url")}`;
}

/**
 * The claims in `proof`; null where it is none, is not by the key that `isSigned` knows, or is of
 * another `gateway`. `isSigned` tells whether 64 bytes are the signature of the text by the key in the
 * certificate with this SHA-256, in hexadecimal digits: it is asked once, before anything is believed.
 */
export function claimsIn(
  proof: string,
  gateway: string,
  isSigned: (signed: string, signature: Uint8Array, certificate: string) => boolean,
): VersionClaims | null {
  const parts = proof.split(".");
  const [head = "", body = "", signature = ""] = parts;
  if (proof.length > PROOF_MAX || parts.length !== 3) return null;
  if (!parts.every((part) => PART.test(part))) return null;
  const { alg, typ, "x5t#S256": x5t, ...more } = objectIn(head) ?? {};
  const isKnown = alg === ALGORITHM && typ === TYPE && Object.keys(more).length === 0;
  const bytes = Buffer.from(signature, "base64url");
  if (!isKnown || typeof x5t !== "string" || bytes.length !== 64) return null;
  const certificate = Buffer.from(x5t, "base64url").toString("hex");
  if (!isSigned(`${head}.${body}`, bytes, certificate)) return null;
  const claims = objectIn(body);
  return claims !== null && areClaims(claims) && claims.gateway === gateway
    ? claimsOf(claims)
    : null;
}

function areClaims(
  given: Readonly<Record<string, unknown>>,
): given is VersionClaims & Readonly<Record<string, unknown>> {
  const isText = (value: unknown) => typeof value === "string" && value !== "";
  const isOrNull = (value: unknown, is: (value: unknown) => boolean) => value === null || is(value);
  return (
    given.v === PROOF_VERSION &&
    isText(given.gateway) &&
    isText(given.release) &&
    isOrNull(given.counter, Number.isSafeInteger) &&
    isOrNull(given.slot, isText) &&
    isText(given.boot) &&
    Number.isFinite(given.uptimeMs) &&
    Number.isFinite(given.at) &&
    typeof given.trial === "boolean" &&
    isOrNull(given.command, isText)
  );
}

function claimsOf(given: VersionClaims): VersionClaims {
  const { gateway, release, counter, slot, boot, uptimeMs, at, trial, command } = given;
  return { gateway, release, counter, slot, boot, uptimeMs, at, trial, command };
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function objectIn(part: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}
