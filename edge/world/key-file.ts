import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { SEALED_ENDS } from "../core/sealed.ts";
import type { WallMs } from "../core/time.ts";
import { readablePath } from "./sealed-file.ts";

/** What a file that the configuration refers to is for. */
export type KeyFileRole = "key" | "password" | "certificate" | "authority";

/** Such a file, as it is now. What is secret in it is not told. */
export type KeyFile = {
  readonly path: string;
  readonly role: KeyFileRole;
  /** `sealed`: it does not open on this machine, or was not opened since that was started. */
  readonly state: "good" | "missing" | "sealed" | "unreadable" | "empty" | "no-certificate";
  /** Permission bits; null where the file is missing. */
  readonly mode: number | null;
  readonly changedAt: WallMs | null;
  /** Of the first certificate in it; null where it holds none. */
  readonly certificate: CertificateTerm | null;
};

/** To whom a certificate is made out, by whom, and for when. */
export type CertificateTerm = {
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: WallMs;
  readonly validTo: WallMs;
  /** SHA-256 over it, in hexadecimal pairs. */
  readonly fingerprint: string;
};

/** Looks at the file at `path`, sealed or not. Never throws. */
export function keyFile(path: string, role: KeyFileRole): KeyFile {
  const readable = readablePath(path);
  const stat = statSync(readable, { throwIfNoEntry: false });
  const about = { path, role, mode: stat === undefined ? null : stat.mode & 0o777 };
  const changedAt = stat === undefined ? null : (stat.mtimeMs as WallMs);
  if (stat === undefined) {
    const state = existsSync(path + SEALED_ENDS.sealed) ? "sealed" : "missing";
    return { ...about, state, changedAt, certificate: null };
  }
  let content: Buffer;
  try {
    content = readFileSync(readable);
  } catch {
    return { ...about, state: "unreadable", changedAt, certificate: null };
  }
  if (content.toString().trim() === "")
    return { ...about, state: "empty", changedAt, certificate: null };
  if (role !== "certificate" && role !== "authority")
    return { ...about, state: "good", changedAt, certificate: null };
  const certificate = termIn(content);
  const state = certificate === null ? "no-certificate" : "good";
  return { ...about, state, changedAt, certificate };
}

function termIn(pem: Buffer): CertificateTerm | null {
  try {
    return termOf(new X509Certificate(pem));
  } catch {
    return null;
  }
}

/** What `certificate` says of itself. */
export function termOf(certificate: X509Certificate): CertificateTerm {
  const { subject, issuer, validFrom, validTo, fingerprint256: fingerprint } = certificate;
  return {
    subject: nameIn(subject),
    issuer: nameIn(issuer),
    validFrom: Date.parse(validFrom) as WallMs,
    validTo: Date.parse(validTo) as WallMs,
    fingerprint,
  };
}

function nameIn(text: string | undefined): string {
  const [, name] = /^CN=(.*)$/m.exec(text ?? "") ?? [];
  return name ?? (text ?? "").replaceAll("\n", ", ");
}
