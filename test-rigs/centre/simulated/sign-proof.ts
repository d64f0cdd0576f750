import { createHash, type KeyObject, sign } from "node:crypto";
import { signedPart, type VersionClaims, versionProof } from "../../../edge/core/version-proof.ts";
import type { Credential } from "../rollout/proof.ts";

/** What stands for a certificate of `publicKey`: nobody in a simulation looks into one. */
export function credentialOf(publicKey: KeyObject): Credential {
  const der = publicKey.export({ type: "spki", format: "der" });
  return { fingerprint: createHash("sha256").update(der).digest("hex"), publicKey };
}

/** `claims` as a gateway with the private `key` of `credential` proves them. */
export function signProof(
  claims: VersionClaims,
  { fingerprint }: Credential,
  key: KeyObject,
): string {
  const signed = signedPart(claims, fingerprint);
  const form = { key, dsaEncoding: "ieee-p1363" } as const;
  return versionProof(signed, sign("sha256", Buffer.from(signed), form));
}
