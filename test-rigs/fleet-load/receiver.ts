import process from "node:process";
import { createInterface } from "node:readline";
import { Tally } from "./tally.ts";

/**
 * `receiver.ts mqtt URL NAME` or `receiver.ts nats URLS NAME`: one of several that share the messages
 * of all gateways between them, as instances of a centre do. At `count WORD` on its standard input it
 * prints how many messages it has, at `tell` `got` with all of them, and ends.
 */
const [kind = "mqtt", urls = "", name = ""] = process.argv.slice(2);
const tally = new Tally();

createInterface({ input: process.stdin }).on("line", (line) => {
  if (line.startsWith("count ")) {
    process.stdout.write(`${line} ${tally.messages}\n`);
    return;
  }
  process.stdout.write(`got ${tally.text()}\n`, () => process.exit(0));
});

if (kind === "mqtt") await overMqtt();
else await overNats();

/** By a shared subscription (MQTT 5, 4.8.2): the broker gives each message to one of the group. */
async function overMqtt(): Promise<void> {
  const { connectAsync } = await import("mqtt");
  const client = await connectAsync(urls, {
    ...{ clientId: name, protocolVersion: 5, clean: false, reconnectPeriod: 200 },
    properties: { sessionExpiryInterval: 3600, receiveMaximum: 1000 },
  });
  client.on("error", () => {});
  client.on("message", (_, payload) => tally.take(payload));
  // A broker that was killed may have forgotten it.
  const topics = ["readings", "backlog"].map((topic) => `$share/centre/lifeline/v1/+/${topic}`);
  client.on("connect", () => client.subscribe(topics, { qos: 1 }));
  await client.subscribeAsync(topics, { qos: 1 });
  process.stdout.write("listens\n");
}

/**
 * By a durable consumer of the stream in which NATS keeps what MQTT clients publish at QoS 1: all
 * that pull from it are one group. A message is acknowledged once it is noted.
 */
async function overNats(): Promise<void> {
  const { connect } = await import("@nats-io/transport-node");
  const { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } = await import(
    "@nats-io/jetstream"
  );
  const connection = await connect({
    ...{ servers: urls.split(","), name, maxReconnectAttempts: -1, reconnectTimeWait: 200 },
  });
  const manager = await jetstreamManager(connection);
  const stream = "$MQTT_msgs";
  const filters = ["readings", "backlog"].map((topic) => `$MQTT.msgs.lifeline.v1.*.${topic}`);
  for (const filter of filters) {
    const durable = `centre-${filter.split(".").at(-1)}`;
    const consumer = {
      ...{ durable_name: durable, filter_subject: filter, ack_policy: AckPolicy.Explicit },
      ...{ deliver_policy: DeliverPolicy.All, ack_wait: 30e9, max_ack_pending: 20_000 },
    };
    // The servers choose who leads a new stream: until then none can be added.
    while (!(await manager.consumers.add(stream, consumer).catch(() => null))) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    void follow(durable);
  }
  process.stdout.write("listens\n");

  async function follow(durable: string): Promise<void> {
    for (;;) {
      try {
        const consumer = await jetstream(connection).consumers.get(stream, durable);
        for await (const message of await consumer.consume({ max_messages: 500 })) {
          tally.take(message.data);
          message.ack();
        }
      } catch {
        // A server is away, or another leads the stream: it is tried again.
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
