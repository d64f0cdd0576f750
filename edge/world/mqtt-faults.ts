import { type ErrorCode, GatewayError, messageOf } from "../core/errors.ts";
import type { SessionCertificate } from "../core/uplink.ts";

/** CONNACK: bad user name or password, not authorized (MQTT 3.1.1, 3.2.2.3; MQTT 5.0, 3.2.2.2). */
const LOGIN = [0x04, 0x05, 0x86, 0x87];

/** What Node says of a broker's certificate (its documentation, "X509 certificate error codes"). */
const CERTIFICATE: Readonly<Record<string, ErrorCode>> = {
  CERT_HAS_EXPIRED: "uplink.certificate-expired",
  CERT_NOT_YET_VALID: "uplink.certificate-early",
  ERR_TLS_CERT_ALTNAME_INVALID: "uplink.certificate-name",
  HOSTNAME_MISMATCH: "uplink.certificate-name",
  UNABLE_TO_GET_ISSUER_CERT: "uplink.certificate-issuer",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "uplink.certificate-issuer",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "uplink.certificate-issuer",
  DEPTH_ZERO_SELF_SIGNED_CERT: "uplink.certificate-issuer",
  SELF_SIGNED_CERT_IN_CHAIN: "uplink.certificate-issuer",
  CERT_UNTRUSTED: "uplink.certificate-issuer",
  CERT_REJECTED: "uplink.certificate-issuer",
  CERT_SIGNATURE_FAILURE: "uplink.certificate-issuer",
  INVALID_CA: "uplink.certificate-issuer",
  INVALID_PURPOSE: "uplink.certificate-issuer",
};

/** The alerts by which a broker refuses a certificate of ours or misses one (RFC 8446, 6.2). */
const OWN_REFUSED =
  /alert (bad certificate|unsupported certificate|certificate (revoked|expired|unknown|required)|unknown ca|access denied)/;

/** OpenSSL's words within an error of Node. */
const OPENSSL = /error:[0-9A-F]+:SSL routines:[^:]*:([^:]+):/i;

/** Whether `error` is of the encryption, which another version of MQTT would meet again. */
export function isTlsFault(error: unknown): boolean {
  const isNamed = /^ERR_(SSL|OSSL|TLS)_/.test(codeOf(error)) || codeOf(error) in CERTIFICATE;
  return isNamed || OPENSSL.test(messageOf(error));
}

/** What kept the broker at `url` from being reached; `own` is the certificate shown to it. */
export function uplinkFault(
  error: unknown,
  url: string,
  own: SessionCertificate | null,
): GatewayError {
  if (error instanceof GatewayError)
    return new GatewayError(error.code, at(url, error), { cause: error });
  const code = faultOf(error);
  const more = code === "uplink.client-certificate" ? aboutOwn(own) : hintOf(code, error, own);
  const text = more === undefined ? at(url, error) : `${at(url, error)} (${more})`;
  return new GatewayError(code, text, { cause: error });
}

function at(url: string, error: unknown): string {
  const text = messageOf(error);
  return `cannot reach ${url}: ${OPENSSL.exec(text)?.[1] ?? text}`;
}

const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  "uplink.certificate-expired": "the broker's certificate, or the gateway's clock is ahead",
  "uplink.certificate-early": "most often the gateway's clock is behind",
  "uplink.certificate-issuer": "the broker's certificate is from an authority not trusted here",
};

/** TLS 1.2 has no alert of its own for a certificate that is missed (RFC 5246, 7.4.6). */
const MISSED = "alert handshake failure";

function hintOf(code: ErrorCode, error: unknown, own: SessionCertificate | null) {
  const isMissed = own === null && messageOf(error).includes(MISSED);
  return isMissed ? "perhaps the broker wants a certificate of the gateway" : HINTS[code];
}

function faultOf(error: unknown): ErrorCode {
  const code = codeOf(error);
  const known = CERTIFICATE[code];
  if (known !== undefined) return known;
  if (OWN_REFUSED.test(messageOf(error))) return "uplink.client-certificate";
  if (isTlsFault(error)) return "uplink.tls";
  return LOGIN.includes(Number(code)) ? "uplink.login" : "uplink.refused";
}

function aboutOwn(own: SessionCertificate | null): string {
  if (own === null) return "the broker wants a certificate of the gateway, and there is none";
  const end = new Date(own.validTo).toISOString();
  const verb = own.validTo < Date.now() ? "expired" : "is valid until";
  return `the gateway's own certificate, of ${own.subject}, ${verb} ${end}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
