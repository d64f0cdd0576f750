import type { Findings } from "./findings.ts";
import type { DestinationConfig } from "./gateway-config.ts";
import type { Path } from "./problems.ts";
import { readFailure } from "./read-failure.ts";
import type { DestinationInput } from "./schema.ts";
import type { Outside, SecretNote } from "./secrets.ts";
import { followReferences, isReference } from "./secrets.ts";

/** What a destination may reach, and where relative paths begin. */
export type DestinationContext = {
  readonly outside: Outside;
  readonly absolute: (path: string) => string;
  readonly findings: Findings;
};

/** Checks every destination, and reads its secrets. */
export function resolveDestinations(
  inputs: Readonly<Record<string, DestinationInput>>,
  context: DestinationContext,
): readonly DestinationConfig[] {
  const destinations = Object.entries(inputs).flatMap(([name, input]) => {
    const resolved = resolveDestination(name, input, context);
    return resolved === null ? [] : [resolved];
  });
  checkUrls(destinations, context.findings);
  return destinations;
}

function checkUrls(destinations: readonly DestinationConfig[], findings: Findings): void {
  const owners = new Map<string, string>();
  for (const { name, url } of destinations) {
    const parsed = URL.parse(url);
    if (parsed === null) continue;
    const place = placeOf(parsed);
    const owner = owners.get(place);
    if (owner === undefined) owners.set(place, name);
    else findings.add("same-url", { destination: owner }, ["destinations", name, "url"]);
  }
}

/** The same text for the same broker, whether or not its usual port is written out. */
function placeOf({ protocol, hostname, port }: URL): string {
  const usualPort = protocol === "mqtts:" ? "8883" : "1883";
  return `${hostname.toLowerCase()} ${port || usualPort}`;
}

function resolveDestination(
  name: string,
  input: DestinationInput,
  context: DestinationContext,
): DestinationConfig | null {
  const path = ["destinations", name];
  const url = follow(input.url, [...path, "url"], context);
  const scheme = url === null ? null : checkUrl(url, [...path, "url"], context.findings);
  const username = follow(input.username, [...path, "username"], context);
  const password = passwordOf(input, path, context);
  const ca = caOf(input, path, context);
  if (scheme === "mqtt:") checkInClear(input, url ?? "", path, context.findings);
  if (url === null || input.kind === undefined) return null;
  return {
    kind: input.kind,
    name,
    url,
    username,
    password,
    ca,
    keepAliveS: Math.round(input.keepAlive / 1000),
    window: input.window,
    needsSubscriber: input.needsSubscriber,
    backlogPerS: input.backlog?.rate ?? null,
  };
}

function follow(
  text: string | undefined,
  path: Path,
  { outside, findings }: DestinationContext,
): string | null {
  if (text === undefined) return null;
  const note: SecretNote = (code, params) => findings.add(code, params, path);
  return followReferences(text, outside, note);
}

function passwordOf(
  { password }: DestinationInput,
  path: Path,
  context: DestinationContext,
): string | null {
  const at = [...path, "password"];
  if (password === undefined || isReference(password)) return follow(password, at, context);
  context.findings.add("secret-in-file", null, at);
  return null;
}

function caOf(input: DestinationInput, path: Path, context: DestinationContext): string | null {
  if (input.ca === undefined) return null;
  const file = context.absolute(input.ca);
  try {
    context.outside.readFile(file);
  } catch (error) {
    const params = { path: file, reason: readFailure(error) };
    context.findings.add("ca-file", params, [...path, "ca"]);
  }
  return file;
}

/** The scheme of a url that can be used; faults are noted and give null. */
function checkUrl(text: string, path: Path, findings: Findings): string | null {
  const url = URL.parse(text);
  if (url === null) {
    findings.add("url-malformed", null, path);
    return null;
  }
  if (url.protocol !== "mqtt:" && url.protocol !== "mqtts:") {
    findings.add("url-scheme", { scheme: url.protocol }, path);
    return null;
  }
  if (url.hostname === "") findings.add("url-malformed", null, path);
  if (url.username !== "" || url.password !== "") findings.add("secret-in-url", null, path);
  return url.protocol;
}

function checkInClear(input: DestinationInput, url: string, path: Path, findings: Findings): void {
  if (input.ca !== undefined) findings.add("ca-without-tls", null, [...path, "ca"]);
  const host = URL.parse(url)?.hostname ?? "";
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
  if (input.password !== undefined && !isLocal) {
    findings.add("password-in-clear", null, [...path, "url"]);
  }
}
