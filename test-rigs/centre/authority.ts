import {
  createPrivateKey,
  createPublicKey,
  randomBytes,
  webcrypto,
  X509Certificate,
} from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
// The library does not load without.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { writeDurably } from "../../edge/world/durable-file.ts";

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNING = { name: "ECDSA", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;
/** The root, and the list of what is revoked: one past its date would lock every gateway out. */
const LONG_MS = 3650 * DAY_MS;
/** A gateway's clock may be a little behind. */
const BEFORE_MS = 5 * 60_000;

/** What a certificate is to say. */
export type Issue = {
  readonly publicKey: x509.PublicKey;
  readonly gateway: string;
  readonly hardware: string | null;
  readonly fromMs: number;
  readonly toMs: number;
};

/** A small authority: its key and certificate lie in a folder. */
export class Authority {
  readonly dir: string;
  readonly #key: CryptoKey;
  readonly root: x509.X509Certificate;

  constructor(dir: string, key: CryptoKey, root: x509.X509Certificate) {
    this.dir = dir;
    this.#key = key;
    this.root = root;
  }

  /** Path of its own certificate. */
  get file(): string {
    return join(this.dir, "root.pem");
  }

  /** The certificate of a gateway: its id is the common name, which brokers take for the user's. */
  async issue({ publicKey, gateway, hardware, fromMs, toMs }: Issue): Promise<X509Certificate> {
    const board = hardware === null ? [] : [{ "2.5.4.5": [hardware] }];
    const made = await this.#certificate({
      subject: [{ CN: [gateway] }, ...board],
      publicKey,
      notBefore: new Date(fromMs),
      notAfter: new Date(toMs),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      ],
    });
    return new X509Certificate(Buffer.from(made.rawData));
  }

  /**
   * A certificate and key for a server on this machine, as PEM; made once. `addresses` are those by
   * which it is called too.
   */
  async forServer(
    addresses: readonly string[] = [],
  ): Promise<{ readonly cert: string; readonly key: string }> {
    const file = join(this.dir, "server.pem");
    if (!existsSync(file)) {
      const { privateKey, publicKey } = await newKeys();
      const made = await this.#certificate({
        subject: [{ CN: ["localhost"] }],
        publicKey: await x509.PublicKey.create(publicKey),
        notBefore: new Date(Date.now() - BEFORE_MS),
        notAfter: new Date(Date.now() + LONG_MS),
        extensions: [
          new x509.SubjectAlternativeNameExtension([
            { type: "dns", value: "localhost" },
            ...["127.0.0.1", ...addresses].map((value) => ({ type: "ip" as const, value })),
          ]),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        ],
      });
      writeDurably(file, `${await pemOf(privateKey)}${made.toString("pem")}\n`, 0o600);
    }
    const both = readFileSync(file, "utf8");
    return { cert: both, key: both };
  }

  /** The list of what is revoked, by the certificates' serial numbers, as OpenSSL reads it. */
  async revocations(serials: readonly string[]): Promise<string> {
    const crl = await x509.X509CrlGenerator.create({
      issuer: this.root.subject,
      thisUpdate: new Date(Date.now() - BEFORE_MS),
      nextUpdate: new Date(Date.now() + LONG_MS),
      entries: serials.map((serialNumber) => ({ serialNumber, revocationDate: new Date() })),
      signingKey: this.#key,
      signingAlgorithm: SIGNING,
    });
    // The library's label is "CRL", which OpenSSL and mosquitto do not know.
    return `${crl.toString("pem").replaceAll(/(BEGIN|END) CRL/g, "$1 X509 CRL")}\n`;
  }

  async #certificate(
    over: Omit<
      x509.X509CertificateCreateWithKeyParams,
      "signingKey" | "signingAlgorithm" | "issuer"
    >,
  ): Promise<x509.X509Certificate> {
    return await x509.X509CertificateGenerator.create({
      serialNumber: `4${randomBytes(15).toString("hex")}1`.slice(0, 32),
      ...over,
      issuer: this.root.subject,
      signingKey: this.#key,
      signingAlgorithm: SIGNING,
    } as x509.X509CertificateCreateParams);
  }
}

/** The authority whose files are in `dir`; founded now where there is none. */
export async function openAuthority(dir: string, name = "Lifeline Test Authority") {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const [keyFile, rootFile] = [join(dir, "root-key.pem"), join(dir, "root.pem")];
  if (!existsSync(rootFile)) {
    const keys = await newKeys();
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: "01",
      name: [{ CN: [name] }],
      notBefore: new Date(Date.now() - BEFORE_MS),
      notAfter: new Date(Date.now() + LONG_MS),
      keys,
      signingAlgorithm: SIGNING,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    writeDurably(keyFile, await pemOf(keys.privateKey), 0o600);
    writeDurably(rootFile, `${root.toString("pem")}\n`, 0o644);
  }
  const pkcs8 = createPrivateKey(readFileSync(keyFile)).export({ type: "pkcs8", format: "der" });
  const key = await webcrypto.subtle.importKey("pkcs8", pkcs8, CURVE, false, ["sign"]);
  return new Authority(
    dir,
    key as CryptoKey,
    new x509.X509Certificate(readFileSync(rootFile, "utf8")),
  );
}

/** What a request (PKCS #10) asks for; null where it is none, or not signed by its own key. */
export async function requestIn(text: string) {
  try {
    const request = new x509.Pkcs10CertificateRequest(text.trim());
    if (!(await request.verify())) return null;
    const { publicKey, subjectName } = request;
    const [gateway = ""] = subjectName.getField("CN");
    const [hardware = null] = subjectName.getField("2.5.4.5");
    const der = Buffer.from(publicKey.rawData);
    const isP256 =
      createPublicKey({ key: der, type: "spki", format: "der" }).asymmetricKeyDetails
        ?.namedCurve === "prime256v1";
    return isP256 ? { publicKey, gateway, hardware, key: der.toString("base64") } : null;
  } catch {
    return null;
  }
}

/** A certs-only answer (RFC 7030, 4.1.3): base64 of PKCS #7. */
export function certsOnly(pems: readonly string[]): string {
  const held = new x509.X509Certificates(pems.map((pem) => new x509.X509Certificate(pem)));
  return Buffer.from(held.export("raw")).toString("base64");
}

async function newKeys(): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(CURVE, true, ["sign", "verify"])) as CryptoKeyPair;
}

async function pemOf(key: CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", key as webcrypto.CryptoKey);
  return `${x509.PemConverter.encode(der, "PRIVATE KEY")}\n`;
}
