import { z } from "zod";
import {
  commandMessage,
  eventMessage,
  readingsMessage,
  resultMessage,
  statusMessage,
} from "./messages.ts";

/** JSON Schema, draft 7, which AsyncAPI embeds. */
type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Whether a schema lets keys through that it does not name. Receivers must: later messages of
 * contract v1 may say more. Tests must not: what is sent is documented.
 */
type Strictness = "open" | "closed";

/** A message of contract v1, by the last part of its topics. */
const MESSAGES = {
  readings: {
    topics: ["readings", "backlog"],
    schema: readingsMessage,
    summary: "Readings of one group commit.",
  },
  event: {
    topics: ["events"],
    schema: eventMessage,
    summary: "One transition of an alarm, or one thing that happened; never behind readings.",
  },
  status: {
    topics: ["status"],
    schema: statusMessage,
    summary: "Whether the gateway is online; the will says offline.",
  },
  command: {
    topics: ["commands"],
    schema: commandMessage,
    summary: "A signed order to the gateway.",
  },
  result: {
    topics: ["results"],
    schema: resultMessage,
    summary: "What became of one command; at least once, the same bytes each time.",
  },
} as const;

export type MessageName = keyof typeof MESSAGES;

/** What is said of each topic. */
const TOPICS = {
  readings: "What was just stored.",
  backlog: "The same message, for what was stored through an outage: history, told from live.",
  events: "Alarms and gateway events, one a message.",
  status: "Retained.",
  commands: "To the gateway, from destinations with `commands: true`. Not retained.",
  results: "What became of each command that came from this destination.",
} as const;

const NAMES = Object.keys(MESSAGES) as MessageName[];

/** The JSON Schema of the messages `name`. */
export function messageSchema(name: MessageName, strictness: Strictness): JsonSchema {
  const io = strictness === "closed" ? "output" : "input";
  const { $schema: _, ...schema } = z.toJSONSchema(MESSAGES[name].schema, {
    target: "draft-7",
    io,
  });
  return schema;
}

/** One JSON Schema for every message of contract v1, each under `definitions`. */
export function contractSchema(): JsonSchema {
  const definitions = Object.fromEntries(NAMES.map((name) => [name, messageSchema(name, "open")]));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Lifeline Edge, contract v1",
    definitions,
    anyOf: NAMES.map((name) => ({ $ref: `#/definitions/${name}` })),
  };
}

/** Contract v1 as an AsyncAPI 3.0 document, from the gateway's side. */
export function asyncApi(): JsonSchema {
  const topics = NAMES.flatMap((name) => MESSAGES[name].topics.map((topic) => ({ name, topic })));
  const messages = NAMES.map((name) => [name, messageOf(name)]);
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Lifeline Edge, contract v1",
      version: "1",
      description: "What a central platform receives from gateways over MQTT.",
      license: { name: "Apache-2.0" },
    },
    defaultContentType: "application/json",
    channels: Object.fromEntries(topics.map(({ name, topic }) => [topic, channelOf(name, topic)])),
    operations: Object.fromEntries(topics.map(({ topic }) => operationOf(topic))),
    components: { messages: Object.fromEntries(messages) },
  };
}

function messageOf(name: MessageName): JsonSchema {
  const { summary } = MESSAGES[name];
  const contentType = "application/json";
  return { name, title: name, summary, contentType, payload: messageSchema(name, "open") };
}

function channelOf(name: MessageName, topic: keyof typeof TOPICS): JsonSchema {
  return {
    address: `lifeline/v1/{gateway}/${topic}`,
    description: TOPICS[topic],
    parameters: { gateway: { description: "`gateway.id` of the gateway's configuration." } },
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
  };
}

function operationOf(topic: keyof typeof TOPICS): readonly [name: string, JsonSchema] {
  const channel = { $ref: `#/channels/${topic}` };
  const action = topic === "commands" ? "receive" : "send";
  const bindings = { mqtt: { qos: 1, retain: topic === "status" } };
  return [`${action}-${topic}`, { action, channel, bindings }];
}
