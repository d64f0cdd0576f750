import { createPrivateKey, X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, SecureVersion, TLSSocket } from "node:tls";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { WallMs } from "../core/time.ts";
import type { SessionCertificate, TlsSettings } from "../core/uplink.ts";
import { readFileOf } from "./secret-text.ts";

/** What TLS needs for one connect. */
export type TlsMaterial = {
  readonly options: {
    readonly ca?: Buffer;
    readonly cert?: Buffer;
    readonly key?: Buffer;
    readonly servername?: string;
    readonly minVersion: SecureVersion;
  };
  /** The gateway's own certificate, or null. */
  readonly own: SessionCertificate | null;
};

/**
 * Reads the files of `asked` as they are now; `newerRefused` is why a newer certificate of the gateway
 * is not shown. Rejects with `uplink.secret` where a file cannot be used.
 */
export async function readTls(asked: TlsSettings, newerRefused?: string): Promise<TlsMaterial> {
  const tls = await withFiles(asked);
  const [ca, cert, key] = await Promise.all([
    tls.ca === undefined ? undefined : readFileOf(tls.ca),
    tls.cert === undefined ? undefined : readFileOf(tls.cert),
    tls.key === undefined ? undefined : readFileOf(tls.key),
  ]);
  if (ca !== undefined) certificateOf(ca, tls.ca);
  const own = cert === undefined ? null : certificateOf(cert, tls.cert);
  if (own !== null && key !== undefined) checkKey(own, key, tls);
  return {
    options: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
      minVersion: tls.minVersion === "1.3" ? "TLSv1.3" : "TLSv1.2",
    },
    own: own && {
      ...{ whose: "gateway", ...termOf(own), serial: own.serialNumber },
      ...(newerRefused !== undefined && { newerRefused }),
    },
  };
}

async function withFiles(tls: TlsSettings): Promise<TlsSettings> {
  if (tls.identity === undefined) return tls;
  return (await import("./identity/identity-tls.ts")).withIdentity(tls);
}

function certificateOf(pem: Buffer, path: string | undefined): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    const text = `the file ${path} holds no certificate in PEM form`;
    throw new GatewayError("uplink.secret", text, { cause });
  }
}

function checkKey(own: X509Certificate, pem: Buffer, { cert, key }: TlsSettings): void {
  let isPair: boolean;
  try {
    isPair = own.checkPrivateKey(createPrivateKey(pem));
  } catch (cause) {
    const text = `the file ${key} holds no private key that can be read: ${messageOf(cause)}`;
    throw new GatewayError("uplink.secret", text, { cause });
  }
  if (isPair) return;
  throw new GatewayError("uplink.secret", `the key in ${key} is not that of the one in ${cert}`);
}

function termOf({ subject, validTo }: X509Certificate) {
  const name = /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.replaceAll("\n", ", ");
  return { subject: name, validTo: Date.parse(validTo) as WallMs };
}

/** Of what the broker showed, the certificate that expires first; null where it showed none. */
export function brokerCertificate(socket: TLSSocket): SessionCertificate | null {
  const chain: SessionCertificate[] = [];
  const seen = new Set<string>();
  let shown: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (shown?.raw !== undefined && !seen.has(shown.fingerprint256)) {
    seen.add(shown.fingerprint256);
    chain.push({ whose: "broker", ...termOf(new X509Certificate(shown.raw)) });
    shown = shown.issuerCertificate;
  }
  const [first = null] = chain.toSorted((one, other) => one.validTo - other.validTo);
  return first;
}
