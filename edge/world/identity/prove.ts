import { createPrivateKey, type KeyObject, sign, verify, type X509Certificate } from "node:crypto";
import { signedPart, type VersionClaims, versionProof } from "../../core/version-proof.ts";
import { readOf, standingOf } from "./files.ts";
import { hardwareSerial } from "./hardware.ts";

/** How ES256 puts a signature: two numbers of 32 bytes (RFC 7518, 3.4). */
const FORM = { dsaEncoding: "ieee-p1363" } as const;

/**
 * `claims` signed with the key of the identity in `dir`; null where there is none that is in force on
 * this board. Throws `enrol.unwritten` where it cannot be read.
 */
export function proofOf(
  claims: VersionClaims,
  dir: string,
  hardware: string | null = hardwareSerial(),
): string | null {
  const { state, current } = standingOf(dir, hardware);
  const pem = state === "enrolled" ? readOf(dir, "credential") : null;
  if (pem === null || current === null) return null;
  const key = createPrivateKey(pem);
  // One that was put there by hand may be of another kind; nobody could check what it signs.
  if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1") return null;
  const signed = signedPart(claims, current.fingerprint.toLowerCase());
  return versionProof(signed, sign("sha256", Buffer.from(signed), { key, ...FORM }));
}

/** Whether `signature` over `text` is by the key of `certificate`, as a platform checks a proof. */
export function isSignedBy(
  certificate: Pick<X509Certificate, "publicKey">,
  text: string,
  signature: Uint8Array,
): boolean {
  const key: KeyObject = certificate.publicKey;
  return verify("sha256", Buffer.from(text), { key, ...FORM }, signature);
}
