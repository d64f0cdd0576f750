import type { z } from "zod";
import { isEncrypted, isLocal } from "./destination-brokers.ts";
import { type DestinationContext, follow, secretOf } from "./destination-keys.ts";
import { backlogSection } from "./destination-shared.ts";
import { templateOf, templateSection } from "./destination-template.ts";
import { tlsOf, tlsSection } from "./destination-tls.ts";
import { checkUnused } from "./destination-unused.ts";
import { choice, duration, secret, section, text, textLike, whole } from "./fields.ts";
import type { HttpDestination } from "./http-config.ts";
import type { Path } from "./problems.ts";
import { resolveSelection } from "./resolve-selection.ts";
import { isReference } from "./secrets.ts";
import { selectionShape } from "./selection-schema.ts";

/** A server, and how it is served. */
export const httpSection = section({
  kind: choice(["http"]).describe(
    "A server that takes a POST for each message, over HTTP or HTTPS.",
  ),
  format: choice(["json", "template"])
    .default("json")
    .describe("What is sent: json, contract v1; or what `template` makes of it."),
  template: templateSection.optional().describe("With the format template."),
  url: textLike("web-url", /^\S{1,1000}$/).describe(
    "Where each message goes. May hold references.",
  ),
  token: secret()
    .optional()
    .describe(
      "Bearer token (RFC 6750): a reference, never the secret itself. It is read again when the server is looked for anew.",
    ),
  ca: text(1000)
    .optional()
    .describe("PEM file with the authorities to trust: the same as `tls.ca`."),
  tls: tlsSection.optional().describe("How the connection is protected, with https://."),
  timeout: duration("1s", "10m").prefault("30s").describe("How long a request may take."),
  compression: choice(["none", "zstd"])
    .default("none")
    .describe("zstd: each body as a frame of zstd (RFC 8878), where that is shorter."),
  window: whole(1, 100)
    .default(4)
    .describe("The most messages sent and not yet answered. At most four connections are used."),
  ...selectionShape(),
  backlog: backlogSection
    .optional()
    .describe("How what was stored through an outage is delivered, beside what is live."),
}).meta({ title: "http" });

/** The same of a file with misfits. */
export const httpDraft = httpSection.partial({ url: true });

type HttpInput = z.output<typeof httpDraft>;

/** Checks a server called `name`, and its secrets; null where it cannot be used. */
export function resolveHttp(
  name: string,
  input: HttpInput,
  context: DestinationContext,
): HttpDestination | null {
  const path = ["destinations", name];
  const url = urlOf(input.url, [...path, "url"], context);
  const token = tokenOf(input, path, context);
  const tls = tlsOf(input, path, context);
  const template = templateOf(input, path, context);
  checkUnused(input, path, context);
  if (url === null) return null;
  if (!isEncrypted(url)) checkInClear(input, url, path, context);
  return {
    kind: "http",
    name,
    url,
    headers: token === null ? {} : { Authorization: ["Bearer ", ...token] },
    tls,
    timeoutMs: input.timeout,
    template,
    selection: resolveSelection(input, path, context),
    encoding: "json",
    compression: input.compression,
    batch: null,
    window: input.window,
    needsSubscriber: false,
    backlogPerS: input.backlog?.rate ?? null,
  };
}

const HTTP = { isHttp: true } as const;

function checkInClear(
  { ca, tls, token }: HttpInput,
  url: string,
  path: Path,
  { findings }: DestinationContext,
): void {
  if (ca !== undefined) findings.add("ca-without-tls", HTTP, [...path, "ca"]);
  if (tls !== undefined) findings.add("tls-without-effect", HTTP, [...path, "tls"]);
  if (token !== undefined && !isLocal(url)) {
    findings.add("password-in-clear", HTTP, [...path, "url"]);
  }
}

function tokenOf({ token }: HttpInput, path: Path, context: DestinationContext) {
  const at = [...path, "token"];
  if (token === undefined || isReference(token)) return secretOf(token, at, context);
  context.findings.add("secret-in-file", null, at);
  return null;
}

function urlOf(text: string | undefined, path: Path, context: DestinationContext): string | null {
  const followed = follow(text, path, context);
  if (followed === null) return null;
  const url = URL.parse(followed);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    context.findings.add("url-not-http", null, path);
    return null;
  }
  if (url.username !== "" || url.password !== "") {
    context.findings.add("secret-in-url", null, path);
  }
  return followed;
}
