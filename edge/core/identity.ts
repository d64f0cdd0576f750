import { GatewayError } from "./errors.ts";
import type { SecretStanding } from "./sealed.ts";
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
  /**
   * `foreign`: the key was made on another board than this. `sealed`: it does not open on this
   * machine, or has not been opened since that was started.
   */
  readonly state: "none" | "requested" | "enrolled" | "foreign" | "sealed";
  /** The certificate in force, or null. */
  readonly current: IdentityTerm | null;
  /** A renewed one that no platform has taken yet, or null. */
  readonly next: IdentityTerm | null;
  /** Serial number of the board that the key was made on; null where it was not known. */
  readonly boundTo: string | null;
  /** Serial number of this board; null where it has none. */
  readonly hardware: string | null;
  /** How the keys are protected on the disk; null where there are none. */
  readonly secrets: SecretStanding | null;
  /** Why a sealed key does not open, as the system said it; null where it does, or was not tried. */
  readonly unopened: string | null;
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
  if (state === "foreign" || state === "sealed") return "rest";
  if (current === null) return "enrol";
  return now !== null && now >= renewalAt(next ?? current) ? "renew" : "rest";
}

/** Why an identity cannot be used on this machine; null where nothing is in the way. */
export function notOwn({
  state,
  boundTo,
  hardware,
  unopened,
}: IdentityStanding): GatewayError | null {
  if (state === "foreign") {
    const text = `the identity was made on board ${boundTo}, this is ${hardware}`;
    return new GatewayError("enrol.foreign", text);
  }
  if (state !== "sealed") return null;
  const text = unopened || "it was not opened since the machine started";
  return new GatewayError("enrol.sealed", `the key is sealed: ${text}`);
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
