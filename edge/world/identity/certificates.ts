import { createPublicKey, type KeyObject, webcrypto, X509Certificate } from "node:crypto";
import { GatewayError } from "../../core/errors.ts";
import type { IdentityTerm } from "../../core/identity.ts";
import type { WallMs } from "../../core/time.ts";

/** The curve of the keys: TPMs, platforms and old TLS stacks know P-256, not all Ed25519. */
const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNING = { name: "ECDSA", hash: "SHA-256" } as const;

/**
 * A certification request (PKCS #10) in DER for `key`, made out to `gateway` and, where it is known,
 * the serial number of its board. The library is loaded only here and to read an answer.
 */
export async function requestFor(
  key: KeyObject,
  gateway: string,
  hardware: string | null,
): Promise<Uint8Array> {
  const { Pkcs10CertificateRequestGenerator } = await import("./x509.ts");
  const pkcs8 = key.export({ type: "pkcs8", format: "der" });
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  const { subtle } = webcrypto;
  const keys = {
    privateKey: await subtle.importKey("pkcs8", pkcs8, CURVE, false, ["sign"]),
    publicKey: await subtle.importKey("spki", spki, CURVE, true, ["verify"]),
  };
  // 2.5.4.5 is serialNumber (RFC 5280, A.1).
  const name = [{ CN: [gateway] }, ...(hardware === null ? [] : [{ "2.5.4.5": [hardware] }])];
  const request = await Pkcs10CertificateRequestGenerator.create({
    name,
    // Node's types know uses of keys that the library's do not yet.
    keys: keys as CryptoKeyPair,
    signingAlgorithm: SIGNING,
  });
  return new Uint8Array(request.rawData);
}

/**
 * The certificates of a certs-only answer (RFC 7030, 4.1.3 and 4.2.3), or of PEM. Rejects with
 * `enrol.answer` where it holds none.
 */
export async function certificatesIn(text: string): Promise<readonly X509Certificate[]> {
  try {
    const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
    if (found !== null) return found.map((pem) => new X509Certificate(pem));
    const { X509Certificates } = await import("./x509.ts");
    const held = new X509Certificates(Buffer.from(text, "base64"));
    const certificates = Array.from(
      held,
      ({ rawData }) => new X509Certificate(Buffer.from(rawData)),
    );
    if (certificates.length > 0) return certificates;
  } catch (cause) {
    throw new GatewayError("enrol.answer", "what was sent holds no certificates", { cause });
  }
  throw new GatewayError("enrol.answer", "what was sent holds no certificate");
}

/**
 * Of `certificates` the one for `key` and `gateway` as PEM, those between it and the root behind it.
 * Throws `enrol.certificate` where there is none.
 */
export function chainFor(
  certificates: readonly X509Certificate[],
  key: KeyObject,
  gateway: string,
): string {
  const own = certificates.find((each) => each.checkPrivateKey(key));
  if (own === undefined) {
    throw new GatewayError(
      "enrol.certificate",
      "none of the certificates is for the gateway's key",
    );
  }
  const { gateway: name } = termOf(own);
  if (name !== gateway) {
    const text = `the certificate is made out to ${name}, the gateway is ${gateway}`;
    throw new GatewayError("enrol.certificate", text);
  }
  const between = certificates.filter((each) => each !== own && each.subject !== each.issuer);
  return [own, ...between].map(String).join("");
}

/** What `certificate` says. */
export function termOf(certificate: X509Certificate): IdentityTerm {
  const { subject, issuer, serialNumber, validFrom, validTo, fingerprint256 } = certificate;
  return {
    gateway: commonName(subject),
    serial: serialNumber,
    issuer: commonName(issuer),
    validFrom: Date.parse(validFrom) as WallMs,
    validTo: Date.parse(validTo) as WallMs,
    fingerprint: fingerprint256.replaceAll(":", ""),
  };
}

function commonName(name: string): string {
  return /^CN=(.*)$/m.exec(name)?.[1] ?? name.replaceAll("\n", ", ");
}
