import type { z } from "zod";
import { isEncrypted, isLocal, urls, urlsOf } from "./destination-brokers.ts";
import { type DestinationContext, secretOf, secretPasswordOf } from "./destination-keys.ts";
import { backlogSection } from "./destination-shared.ts";
import { sparkplugOf, sparkplugSection } from "./destination-sparkplug.ts";
import { templateOf, templateSection } from "./destination-template.ts";
import { tlsOf, tlsSection } from "./destination-tls.ts";
import { checkUnused } from "./destination-unused.ts";
import { choice, duration, flag, secret, section, size, text, whole } from "./fields.ts";
import type { MqttDestination } from "./mqtt-config.ts";
import type { Path } from "./problems.ts";
import { resolveSelection } from "./resolve-selection.ts";
import { selectionShape } from "./selection-schema.ts";

const batch = section({
  age: duration("100ms", "1h")
    .prefault("10s")
    .describe("How long a message of readings may wait for others to go with it. Events never do."),
  bytes: size("1kB", "1MB")
    .prefault("64kB")
    .describe("At so much JSON, before it is compressed, they go without waiting longer."),
}).meta({ title: "batch" });

/** A broker, and how it is served. */
export const mqttSection = section({
  kind: choice(["mqtt"]).describe("A broker, over MQTT."),
  format: choice(["json", "template", "sparkplug"])
    .default("json")
    .describe(
      "What is published: json, contract v1; template, what `template` makes of it; sparkplug, Sparkplug B 3.0. The latter two have no use for encoding, compression and batch, sparkplug none for sessionExpiry and needsSubscriber; it takes no select and no every.",
    ),
  template: templateSection.optional().describe("With `format: template`."),
  url: urls().describe(
    "Where the broker is, over TCP or websockets. Several in the order of preference: the first that takes a session has it. May hold references.",
  ),
  returnAfter: duration("10s", "7d")
    .prefault("10m")
    .describe("How long another than the first broker serves before the first is tried again."),
  version: choice(["3.1.1", 5])
    .optional()
    .describe("Version of MQTT. Default: 5, or 3.1.1 where the broker speaks no 5."),
  username: text().optional().describe("User name. A reference is read again at each connect."),
  password: secret()
    .optional()
    .describe(
      "Password: a reference, never the secret itself. It is read again at each connect, so that a changed one is taken up.",
    ),
  ca: text(1000)
    .optional()
    .describe("PEM file with the authorities to trust: the same as `tls.ca`."),
  tls: tlsSection.optional().describe("How the connection is protected, with mqtts:// and wss://."),
  keepAlive: duration("5s", "18h")
    .prefault("60s")
    .describe(
      "Time without a message after which a sign of life is sent. On a line that says nothing else one costs about 160 bytes with its answer (IPv4 and TCP; 204 in TLS 1.3): at 60s 0.23 MB a day (0.3), at 20m 12 kB (15). Longer than the mobile network remembers a silent connection, often 5 to 30 minutes, and the line is lost unnoticed.",
    ),
  sessionExpiry: duration("0ms", "30d")
    .prefault("0ms")
    .describe(
      "How long the broker keeps commands for a gateway that is out of reach. In MQTT 3.1.1 whatever is not `0ms` is for ever. What the gateway sends needs none of it: that is in the buffer.",
    ),
  encoding: choice(["json", "cbor"])
    .default("json")
    .describe(
      "cbor: the same content in CBOR (RFC 8949), for a platform that wants it: a fifth fewer bytes in small messages, no fewer in large ones, at ten times the work and more. Where bytes are paid for, zstd saves more.",
    ),
  compression: choice(["none", "zstd"])
    .default("none")
    .describe(
      "zstd: each payload as a frame of zstd (RFC 8878), where that is shorter. Of 10 readings a message it leaves a half, of 1,000 a third, of 60 messages in a `batch` a tenth.",
    ),
  batch: batch
    .optional()
    .describe(
      "Sends several messages of readings as one, a JSON (or CBOR) array of them; each keeps its stream and seq. They are stored as before: a power cut takes no more than without. Default: each goes by itself.",
    ),
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
      "Whether commands are taken from here, on the topic lifeline/v1/GATEWAY/commands, and answered on …/results. Each must be signed with one of commands.keys. Only with `format: json`.",
    ),
  ...selectionShape(),
  backlog: backlogSection
    .optional()
    .describe("How what was stored through an outage is delivered, beside what is live."),
  sparkplug: sparkplugSection.optional().describe("How it appears with `format: sparkplug`."),
}).meta({ title: "mqtt" });

/** The same of a file with misfits. */
export const mqttDraft = mqttSection.partial({ url: true });

type MqttInput = z.output<typeof mqttDraft>;

/** Checks a broker called `name`, and its secrets; null where it cannot be used. */
export function resolveMqtt(
  name: string,
  input: MqttInput,
  context: DestinationContext,
): MqttDestination | null {
  const path = ["destinations", name];
  const urls = urlsOf(input.url, path, context);
  checkUnused(input, path, context);
  const username = secretOf(input.username, [...path, "username"], context);
  const password = secretPasswordOf(input, path, context);
  const tls = tlsOf(input, path, context);
  const template = templateOf(input, path, context);
  const sparkplug = sparkplugIn(input, path, context);
  if (urls === null) return null;
  checkInClear(input, urls, path, context);
  const { version, format, window, needsSubscriber, encoding, compression, batch } = input;
  return {
    kind: "mqtt",
    format,
    template,
    ...sparkplug,
    name,
    urls,
    returnAfterMs: input.returnAfter,
    version: version === undefined ? null : version === 5 ? "5" : "3.1.1",
    username,
    password,
    tls,
    keepAliveS: Math.round(input.keepAlive / 1000),
    commands: input.commands,
    sessionExpiryS: Math.ceil(input.sessionExpiry / 1000),
    encoding,
    compression,
    // A template puts one message, and has no use for several in one.
    batch:
      batch === undefined || format !== "json" ? null : { ageMs: batch.age, bytes: batch.bytes },
    window,
    needsSubscriber,
    backlogPerS: input.backlog?.rate ?? null,
    selection: resolveSelection(input, path, context),
  };
}

/** The settings of an edge node; nothing in another format, where they would have no effect. */
function sparkplugIn(
  { format, sparkplug }: MqttInput,
  path: Path,
  { findings }: DestinationContext,
): Pick<MqttDestination, "sparkplug"> {
  if (format === "sparkplug") return { sparkplug: sparkplugOf(sparkplug) };
  if (sparkplug !== undefined) findings.add("sparkplug-unused", null, [...path, "sparkplug"]);
  return {};
}

const MQTT = { isHttp: false } as const;

function checkInClear(
  input: MqttInput,
  urls: readonly string[],
  path: Path,
  { findings }: DestinationContext,
): void {
  const open = urls.filter((url) => !isEncrypted(url));
  if (open.length === urls.length) {
    if (input.ca !== undefined) findings.add("ca-without-tls", MQTT, [...path, "ca"]);
    if (input.tls !== undefined) findings.add("tls-without-effect", MQTT, [...path, "tls"]);
  }
  if (input.password !== undefined && open.some((url) => !isLocal(url))) {
    findings.add("password-in-clear", MQTT, [...path, "url"]);
  }
}
