import { createHash, type KeyObject } from "node:crypto";
import { claimsIn, type VersionClaims } from "../../../edge/core/version-proof.ts";
import { isSignedBy } from "../../../edge/world/identity/prove.ts";

/** By what a gateway proves something: a certificate that is good. */
export type Credential = {
  /** SHA-256 over the certificate, in hexadecimal digits. */
  readonly fingerprint: string;
  readonly publicKey: KeyObject;
};

/** The order of the proofs of a gateway, as far as it must be known to tell an old one. */
export type ProofMemory = {
  readonly boot: string;
  readonly uptimeMs: number;
  /** The boots before, the newest last. */
  readonly boots: readonly string[];
  /** Of the last one, whole. */
  readonly digest: string;
};

/**
 * Why a proof proves nothing: it is none; it is by no certificate of that gateway that is good, or of
 * another gateway; or it is older than what was proved already.
 */
export type ProofFault = "malformed" | "not-its-own" | "replayed";

/** What came of looking at a proof. */
export type ProofVerdict =
  | { readonly kind: "new"; readonly proof: VersionClaims; readonly memory: ProofMemory }
  /** It is the last one once more. */
  | { readonly kind: "same" }
  | { readonly kind: "refused"; readonly why: ProofFault };

/** How many boots before the last are remembered. */
const BOOTS_MAX = 64;

/**
 * Judges the proof `token` that came as `gateway`'s, whose certificates are `credentials`. Its order is
 * told by boots and their elapsed times, never by the gateway's clock: what is not later than `memory`
 * is a replay.
 */
export function judgeProof(
  token: unknown,
  gateway: string,
  credentials: readonly Credential[],
  memory: ProofMemory | null,
): ProofVerdict {
  if (typeof token !== "string") return { kind: "refused", why: "malformed" };
  const digest = createHash("sha256").update(token).digest("base64url");
  if (digest === memory?.digest) return { kind: "same" };
  let wasAsked = false;
  const proof = claimsIn(token, gateway, (text, signature, certificate) => {
    wasAsked = true;
    const by = credentials.find(({ fingerprint }) => fingerprint === certificate);
    return by !== undefined && isSignedBy(by, text, signature);
  });
  if (proof === null) return { kind: "refused", why: wasAsked ? "not-its-own" : "malformed" };
  const later = rememberedAfter(memory, proof, digest);
  if (later === null) return { kind: "refused", why: "replayed" };
  return { kind: "new", proof, memory: later };
}

/** `memory` once `proof` came; null where that is older. */
function rememberedAfter(
  memory: ProofMemory | null,
  { boot, uptimeMs }: VersionClaims,
  digest: string,
): ProofMemory | null {
  if (memory === null) return { boot, uptimeMs, boots: [], digest };
  if (boot === memory.boot) {
    return uptimeMs > memory.uptimeMs ? { ...memory, uptimeMs, digest } : null;
  }
  if (memory.boots.includes(boot)) return null;
  return { boot, uptimeMs, boots: [...memory.boots, memory.boot].slice(-BOOTS_MAX), digest };
}
