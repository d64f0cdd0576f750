import { type RequestOptions, request } from "node:https";
import { meantClaim } from "../../core/claim-letters.ts";
import { type ErrorCode, GatewayError, messageOf } from "../../core/errors.ts";
import { hideSecrets } from "../../core/hide-secrets.ts";
import type { SecretText } from "../../core/secret-text.ts";
import { uplinkFault } from "../mqtt-faults.ts";
import { readFileOf, readSecret } from "../secret-text.ts";

/** An enrolment server, as it is configured. */
export type EstServer = {
  /** `https://host:port`; what EST calls its base is added. */
  readonly url: string;
  /** Path of a PEM file with the authorities to trust; null for the system's. */
  readonly ca: string | null;
};

/** By what a request is allowed: a claim that is good once, or the certificate before. */
export type Entitlement =
  | { readonly kind: "claim"; readonly gateway: string; readonly claim: SecretText }
  | { readonly kind: "certificate"; readonly pem: string };

/** How long one request may take, in milliseconds: a slow line is slow, not dead. */
const TIMEOUT_MS = 60_000;
/** No chain of certificates is longer, in characters. */
const ANSWER_MAX = 65_536;

const BASE = "/.well-known/est/";

/** What the states of an answer mean (RFC 7030, 4.2.3; RFC 9110, 15; 423 of RFC 4918). */
const REFUSALS: Readonly<Record<number, ErrorCode>> = {
  401: "enrol.claim",
  403: "enrol.revoked",
  409: "enrol.used",
  423: "enrol.hardware",
};

/** The authorities of `server` (RFC 7030, 4.1), as a certs-only answer in base64. */
export async function askAuthorities(server: EstServer, signal: AbortSignal): Promise<string> {
  return await ask(server, "cacerts", { method: "GET" }, signal);
}

/** Asks for a certificate for the request `der` (RFC 7030, 4.2); the answer is certs-only, base64. */
export async function askCertificate(
  server: EstServer,
  der: Uint8Array,
  by: Entitlement,
  signal: AbortSignal,
): Promise<string> {
  const claim = by.kind === "claim" ? meantClaim(await readSecret(by.claim)) : "";
  const login = by.kind === "claim" ? `${by.gateway}:${claim}` : "";
  const sent = {
    method: "POST",
    headers: {
      "Content-Type": "application/pkcs10",
      "Content-Transfer-Encoding": "base64",
      ...(by.kind === "claim" && { Authorization: `Basic ${base64(login)}` }),
    },
    ...(by.kind === "certificate" && { cert: by.pem, key: by.pem }),
  };
  const operation = by.kind === "claim" ? "simpleenroll" : "simplereenroll";
  const asking = { ...sent, body: base64(der), secrets: [claim, login] };
  return await ask(server, operation, asking, signal);
}

function base64(bytes: string | Uint8Array): string {
  return Buffer.from(bytes as Uint8Array).toString("base64");
}

/** A request: what Node takes of it, its body, and what the server's words must not bring back. */
type Request = RequestOptions & {
  readonly body?: string;
  readonly secrets?: readonly string[];
};

async function ask(
  { url, ca }: EstServer,
  operation: string,
  { body, secrets = [], ...how }: Request,
  signal: AbortSignal,
): Promise<string> {
  const place = new URL(BASE + operation, url);
  const trusted = ca === null ? {} : { ca: await readFileOf(ca) };
  const ends = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const options = {
    ...how,
    ...trusted,
    agent: false,
    minVersion: "TLSv1.2",
    signal: ends,
  } as const;
  const { status, text } = await new Promise<Answer>((resolve, reject) => {
    const sent = request(place, options, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        text += part;
        if (text.length > ANSWER_MAX) answer.destroy(new Error("the answer has no end"));
      });
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  }).catch((error) => {
    throw faultOf(error, place);
  });
  if (status === 200) return text;
  const why = hideSecrets(text, secrets).trim().slice(0, 300);
  const said = `${place.host} answers ${status}: ${why}`;
  throw new GatewayError(REFUSALS[status] ?? waiting(status), said);
}

type Answer = { readonly status: number; readonly text: string };

/** 202: a person has yet to agree (RFC 7030, 4.2.3); the server's own trouble passes likewise. */
function waiting(status: number): ErrorCode {
  return status === 202 || status === 429 || status >= 500 ? "enrol.unreachable" : "enrol.answer";
}

/** Whatever is not of the certificate shown is of the way to the server. */
function faultOf(error: unknown, place: URL): GatewayError {
  const { code, message } = uplinkFault(error, place.origin, null);
  const isTrust = code.startsWith("uplink.certificate") || code === "uplink.tls";
  const own = /alert/.test(messageOf(error)) ? "enrol.revoked" : "enrol.unreachable";
  if (code === "uplink.certificate-early")
    return new GatewayError("enrol.clock", message, { cause: error });
  const meant = isTrust ? "enrol.trust" : code === "uplink.client-certificate" ? own : null;
  return new GatewayError(meant ?? "enrol.unreachable", message, { cause: error });
}
