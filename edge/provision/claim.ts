import { createHash, randomBytes } from "node:crypto";
import { CLAIM_LENGTH, CLAIM_LETTERS, groupedClaim } from "../core/claim-letters.ts";

/** A new claim: groups of five letters, for people who have to type it. */
export function newClaim(): string {
  const random = randomBytes(CLAIM_LENGTH);
  return groupedClaim(
    Array.from(random, (byte) => CLAIM_LETTERS[byte % CLAIM_LETTERS.length]).join(""),
  );
}

/** What tells a claim from any other, and does not let it be used. */
export type ClaimMark = {
  /** SHA-256 of the claim, in hexadecimal digits: all that the centre keeps of it. */
  readonly fingerprint: string;
  /** Its first eight digits, to compare at a glance. */
  readonly shortCode: string;
};

/** The mark of `claim`. */
export function markOf(claim: string): ClaimMark {
  const fingerprint = createHash("sha256").update(claim).digest("hex");
  const [first, second] = [fingerprint.slice(0, 4), fingerprint.slice(4, 8)];
  return { fingerprint, shortCode: `${first}-${second}`.toUpperCase() };
}

/** What the enrolment server is given: a line of JSON a claim, good until `expires` (Unix ms). */
export function claimLine(gateway: string, { fingerprint }: ClaimMark, expires: number): string {
  return `${JSON.stringify({ gateway, claim: fingerprint, expires })}\n`;
}
