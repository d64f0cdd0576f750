import { createPrivateKey, X509Certificate } from "node:crypto";
import type { TlsSettings } from "../edge/core/uplink.ts";
import { caOf, type DestinationContext } from "./destination-keys.ts";
import { choice, flag, section, text, textLike } from "./fields.ts";
import type { Path } from "./problems.ts";
import { readFailure } from "./read-failure.ts";

/** How a connection is protected. */
export const tlsSection = section({
  ca: text(1000)
    .optional()
    .describe("PEM file with the authorities to trust. Default: the system's."),
  cert: text(1000)
    .optional()
    .describe(
      "PEM file with the gateway's own certificate, and those between it and the root, for a platform that asks for one. Read again at each connect, so that a renewed one is taken up.",
    ),
  key: text(1000)
    .optional()
    .describe("PEM file with the private key of `cert`, which nobody but its owner may read."),
  identity: flag()
    .default(false)
    .describe(
      "Shows the gateway's own identity, which it makes for itself and which `enrolment` certifies, in place of cert and key. Until there is one the destination waits. A renewed certificate is tried first; the one before is kept until it ends, for whoever does not take the new one yet.",
    ),
  minVersion: choice([1.2, 1.3]).default(1.2).describe("The oldest TLS that is spoken."),
  serverName: textLike("host", /^[^\s/:]{1,253}$/)
    .optional()
    .describe("The name that the platform's certificate must hold. Default: the url's host."),
}).meta({ title: "tls" });

type TlsInput = {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly identity?: boolean | undefined;
  readonly minVersion: 1.2 | 1.3;
  readonly serverName?: string | undefined;
};

/** What protects a connection: `tls`, or `ca` alone, as it may stand beside. Faults are noted. */
export function tlsOf(
  { ca, tls }: { readonly ca?: string | undefined; readonly tls?: TlsInput | undefined },
  path: Path,
  context: DestinationContext,
): TlsSettings {
  const at = [...path, "tls"];
  if (ca !== undefined && tls?.ca !== undefined)
    context.findings.add("ca-twice", null, [...path, "ca"]);
  const authorities = tls?.ca === undefined ? caOf({ ca }, path, context) : caOf(tls, at, context);
  const cert = fileOf(tls?.cert, [...at, "cert"], context);
  const key = fileOf(tls?.key, [...at, "key"], context);
  if (tls !== undefined && (tls.cert === undefined) !== (tls.key === undefined)) {
    context.findings.add("tls-half", null, at);
  }
  const isOwn = tls?.identity === true;
  if (isOwn && (tls.cert !== undefined || tls.key !== undefined)) {
    context.findings.add("identity-and-files", null, at);
  }
  if (cert !== null && key !== null) checkPair(cert, key, at, context);
  return {
    ...(authorities === null ? {} : { ca: authorities }),
    ...(cert === null ? {} : { cert: cert.file }),
    ...(key === null ? {} : { key: key.file }),
    ...(isOwn ? { identity: context.identityDir } : {}),
    ...(tls?.minVersion === 1.3 ? { minVersion: "1.3" } : {}),
    ...(tls?.serverName === undefined ? {} : { serverName: tls.serverName }),
  };
}

type Pem = { readonly file: string; readonly content: string };

function fileOf(path: string | undefined, at: Path, context: DestinationContext): Pem | null {
  if (path === undefined) return null;
  const file = context.absolute(path);
  try {
    return { file, content: context.outside.readFile(file) };
  } catch (error) {
    context.findings.add("tls-file", { path: file, reason: readFailure(error) }, at);
    return null;
  }
}

function checkPair(cert: Pem, key: Pem, at: Path, { outside, findings }: DestinationContext): void {
  if (outside.isPrivate?.(key.file) === false) {
    findings.add("key-open", { path: key.file }, [...at, "key"]);
  }
  const certificate = read(() => new X509Certificate(cert.content));
  const secret = read(() => createPrivateKey(key.content));
  if (certificate === null) findings.add("not-pem", { path: cert.file }, [...at, "cert"]);
  if (secret === null) findings.add("not-pem", { path: key.file }, [...at, "key"]);
  if (certificate === null || secret === null) return;
  if (!certificate.checkPrivateKey(secret)) findings.add("key-of-another", null, [...at, "key"]);
}

function read<Found>(how: () => Found): Found | null {
  try {
    return how();
  } catch {
    return null;
  }
}
