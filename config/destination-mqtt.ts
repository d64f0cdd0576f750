import type { z } from "zod";
import { caOf, type DestinationContext, follow, passwordOf } from "./destination-keys.ts";
import { choice, duration, flag, secret, section, text, textLike, whole } from "./fields.ts";
import type { Findings } from "./findings.ts";
import type { MqttDestination } from "./gateway-config.ts";
import type { Path } from "./problems.ts";

const backlog = section({
  rate: whole(1, 1_000_000)
    .optional()
    .describe(
      "The most readings a second of what was stored through an outage, so that a metered or narrow line is left to what is live, which is not limited: as JSON one takes about 50 to 70 bytes. Default: as many as the broker takes.",
    ),
}).meta({ title: "backlog" });

/** A broker, and how it is served. */
export const mqttSection = section({
  kind: choice(["mqtt"]).describe("A broker, over MQTT."),
  format: choice(["json"]).default("json").describe("What is published: json, contract v1."),
  url: textLike("url", /^\S{1,1000}$/).describe("Where the broker is. May hold references."),
  username: text().optional().describe("User name."),
  password: secret().optional().describe("Password: a reference, never the secret itself."),
  ca: text(1000)
    .optional()
    .describe("PEM file with the authorities to trust. Default: the system's."),
  keepAlive: duration("5s", "18h").prefault("60s").describe("Time between signs of life."),
  window: whole(1, 1000)
    .default(32)
    .describe("The most messages published and not yet acknowledged."),
  needsSubscriber: flag()
    .default(true)
    .describe(
      "Whether a message counts as delivered only when the broker had a subscriber for it, where the broker can tell (MQTT 5).",
    ),
  commands: flag()
    .default(false)
    .describe(
      "Whether commands are taken from here, on the topic lifeline/v1/GATEWAY/commands, and answered on …/results. Each must be signed with one of commands.keys.",
    ),
  backlog: backlog
    .optional()
    .describe("How what was stored through an outage is delivered, beside what is live."),
}).meta({ title: "mqtt" });

/** The same of a file with misfits. */
export const mqttDraft = mqttSection.partial({ url: true });

type MqttInput = z.output<typeof mqttDraft>;

/** Checks a broker called `name`, and reads its secrets; null where it cannot be used. */
export function resolveMqtt(
  name: string,
  input: MqttInput,
  context: DestinationContext,
): MqttDestination | null {
  const path = ["destinations", name];
  const url = follow(input.url, [...path, "url"], context);
  const scheme = url === null ? null : checkUrl(url, [...path, "url"], context.findings);
  const username = follow(input.username, [...path, "username"], context);
  const password = passwordOf(input, path, context);
  const ca = caOf(input, path, context);
  if (scheme === "mqtt:") checkInClear(input, url ?? "", path, context.findings);
  if (url === null) return null;
  return {
    kind: "mqtt",
    format: input.format,
    name,
    url,
    username,
    password,
    ca,
    keepAliveS: Math.round(input.keepAlive / 1000),
    window: input.window,
    needsSubscriber: input.needsSubscriber,
    commands: input.commands,
    backlogPerS: input.backlog?.rate ?? null,
  };
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

function checkInClear(input: MqttInput, url: string, path: Path, findings: Findings): void {
  if (input.ca !== undefined) findings.add("ca-without-tls", null, [...path, "ca"]);
  const host = URL.parse(url)?.hostname ?? "";
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
  if (input.password !== undefined && !isLocal) {
    findings.add("password-in-clear", null, [...path, "url"]);
  }
}

/** Remarks brokers that two destinations share, where both publish the same topics. */
export function checkBrokers(brokers: readonly MqttDestination[], findings: Findings): void {
  const owners = new Map<string, string>();
  for (const { name, url } of brokers) {
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
