import { z } from "zod";
import { type DestinationContext, follow } from "./destination-keys.ts";
import { allowed, refuse, textLike } from "./fields.ts";
import type { Findings } from "./findings.ts";
import type { MqttDestination } from "./mqtt-config.ts";
import type { Path } from "./problems.ts";

/** The most brokers of one destination. */
const URLS_MAX = 8;

const URLS = { kind: "urls", max: URLS_MAX } as const;

/** One url, or several in the order of preference. */
export function urls() {
  const url = textLike("url", /^\S{1,1000}$/);
  const error = refuse(URLS);
  const several = z.array(url, error).min(1, error).max(URLS_MAX, error);
  return z.union([url, several], error).meta(allowed(URLS));
}

/** The urls of a destination that can be used; null where one cannot, which is noted. */
export function urlsOf(
  input: string | readonly string[] | undefined,
  path: Path,
  context: DestinationContext,
): readonly [string, ...string[]] | null {
  if (input === undefined) return null;
  const places: readonly (readonly [string, Path])[] =
    typeof input === "string"
      ? [[input, [...path, "url"]]]
      : input.map((each, index) => [each, [...path, "url", index]] as const);
  const found = places.map(([text, at]) => urlOf(text, at, context));
  const [first, ...others] = found.filter((url) => url !== null);
  return first === undefined || found.includes(null) ? null : [first, ...others];
}

const SCHEMES = ["mqtt:", "mqtts:", "ws:", "wss:"];

function urlOf(text: string, path: Path, context: DestinationContext): string | null {
  const followed = follow(text, path, context);
  if (followed === null) return null;
  const { findings } = context;
  const url = URL.parse(followed);
  if (url === null) {
    findings.add("url-malformed", null, path);
    return null;
  }
  if (!SCHEMES.includes(url.protocol)) {
    findings.add("url-scheme", { scheme: url.protocol }, path);
    return null;
  }
  if (url.hostname === "") findings.add("url-malformed", null, path);
  if (url.username !== "" || url.password !== "") findings.add("secret-in-url", null, path);
  return followed;
}

/** Whether what goes to `url` is encrypted. */
export function isEncrypted(url: string): boolean {
  return /^(mqtts|wss|https):/i.test(url);
}

/** Whether `url` leads no further than this machine. */
export function isLocal(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? "";
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
}

/** Remarks brokers that two destinations share, where both publish the same topics. */
export function checkBrokers(brokers: readonly MqttDestination[], findings: Findings): void {
  const owners = new Map<string, string>();
  for (const { name, urls, sparkplug } of brokers) {
    const topics = sparkplug === undefined ? "" : `${sparkplug.group} ${sparkplug.node ?? ""}`;
    for (const url of urls) {
      const broker = placeOf(url);
      if (broker === null) continue;
      const place = `${broker} ${topics}`;
      const owner = owners.get(place);
      if (owner === undefined) owners.set(place, name);
      else findings.add("same-url", { destination: owner }, ["destinations", name, "url"]);
    }
  }
}

const PORTS: Readonly<Record<string, string>> = {
  "mqtt:": "1883",
  "mqtts:": "8883",
  "ws:": "80",
  "wss:": "443",
};

/** The same text for the same broker, whether or not its usual port is written out. */
function placeOf(url: string): string | null {
  const parsed = URL.parse(url);
  if (parsed === null) return null;
  const { protocol, hostname, port } = parsed;
  return `${hostname.toLowerCase()} ${port || PORTS[protocol]}`;
}
