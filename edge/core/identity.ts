import type { WallMs } from "./time.ts";

/** The files of an identity, by their names in its folder. All hold PEM. */
export const IDENTITY_FILES = {
  /** The key and the certificate in force, in one file, so that they are never of two kinds. */
  credential: "credential.pem",
  /** A renewed key and certificate that no platform has taken yet. */
  next: "next.pem",
  /** Those before the ones in force: for platforms that do not take these yet. */
  previous: "previous.pem",
  /** A key without a certificate: what is asked for with it. */
  key: "key.pem",
  /** The same of a renewal. */
  renewalKey: "renewal-key.pem",
  /** The authorities that the enrolment server named. */
  authorities: "authorities.pem",
  /** The serial number of the board that the key was made on. */
  hardware: "hardware",
} as const;

/** What a certificate of the gateway says. */
export type IdentityTerm = {
  /** The gateway's id: the common name. */
  readonly gateway: string;
  /** The certificate's serial number, in hexadecimal digits. */
  readonly serial: string;
  readonly issuer: string;
  readonly validFrom: WallMs;
  readonly validTo: WallMs;
  /** SHA-256 over the certificate, in hexadecimal digits. */
  readonly fingerprint: string;
};

/** How it stands with the gateway's identity. */
export type IdentityStanding = {
  /** `foreign`: the key was made on another board than this. */
  readonly state: "none" | "requested" | "enrolled" | "foreign";
  /** The certificate in force, or null. */
  readonly current: IdentityTerm | null;
  /** A renewed one that no platform has taken yet, or null. */
  readonly next: IdentityTerm | null;
  /** Serial number of the board that the key was made on; null where it was not known. */
  readonly boundTo: string | null;
  /** Serial number of this board; null where it has none. */
  readonly hardware: string | null;
};

/** What is to be done for an identity now. */
export type Duty = "enrol" | "renew" | "rest";

/** From when on `term` is to be renewed: half of its life is over. */
export function renewalAt({ validFrom, validTo }: IdentityTerm): WallMs {
  return (validFrom + (validTo - validFrom) / 2) as WallMs;
}

/**
 * What is to be done at `now`, null where the time is not known. One that has expired is renewed
 * too: a server may take it for a while yet. A renewed one that waits is let be, until it too is old.
 */
export function dutyOf({ state, current, next }: IdentityStanding, now: WallMs | null): Duty {
  if (state === "foreign") return "rest";
  if (current === null) return "enrol";
  return now !== null && now >= renewalAt(next ?? current) ? "renew" : "rest";
}

/** Takes care of the identity of one gateway. */
export interface IdentityKeeper {
  /** Throws `GatewayError` `enrol.unwritten`. */
  standing(): IdentityStanding;
  /** Asks for the first certificate. Rejects with a `GatewayError` of the area `enrol`. */
  enrol(signal: AbortSignal): Promise<void>;
  /** Asks for the next one. Rejects likewise. */
  renew(signal: AbortSignal): Promise<void>;
}
