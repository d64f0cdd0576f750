import type { Clock } from "../core/time.ts";
import type { SessionCertificate } from "../core/uplink.ts";

/** A certificate of a session is about to expire, or has; or a newer one of the gateway was refused. */
export type CertificateNews = SessionCertificate & {
  readonly state: "ending" | "ended" | "renewal-refused";
};

/** So long before its end a certificate is told of, in milliseconds: fourteen days. */
export const CERTIFICATE_AHEAD_MS = 14 * 86_400_000;

/**
 * Tells, once each, when a certificate of a session is about to expire and when it has. The session
 * itself goes on: TLS asks for certificates only where one begins, and to cut off a line that works
 * would serve nobody; the next one would be refused.
 */
export class CertificateWatch {
  readonly #clock: Clock;
  readonly #tell: (news: CertificateNews) => void;
  /** What was told last of each side. */
  readonly #told = new Map<SessionCertificate["whose"], string>();
  #own: string | null = null;
  /** The certificate of which was told that a newer one is not taken. */
  #kept: string | null = null;

  constructor(clock: Clock, tell: (news: CertificateNews) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Serial number of the gateway's certificate in the session; null where none is shown. */
  get own(): string | null {
    return this.#own;
  }

  /** Judges the certificates of the session, by the time now where that can be believed. */
  look(certificates: readonly SessionCertificate[]): void {
    const own = certificates.find(({ whose }) => whose === "gateway");
    this.#own = own?.serial ?? null;
    if (own !== undefined) this.#lookAtOwn(own);
    if (this.#clock.state() === "unsynced") return;
    for (const certificate of certificates) {
      const leftMs = certificate.validTo - this.#clock.now();
      if (leftMs > CERTIFICATE_AHEAD_MS) continue;
      const state = leftMs > 0 ? "ending" : "ended";
      const told = `${state} ${certificate.validTo}`;
      if (this.#told.get(certificate.whose) === told) continue;
      this.#told.set(certificate.whose, told);
      this.#tell({ ...certificate, state });
    }
  }

  #lookAtOwn(own: SessionCertificate): void {
    const kept = own.newerRefused === undefined ? null : `${own.serial}`;
    const isNews = kept !== null && kept !== this.#kept;
    this.#kept = kept;
    if (isNews) this.#tell({ ...own, state: "renewal-refused" });
  }
}
