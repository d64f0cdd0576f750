import test from "ava";
import { connectAsync } from "mqtt";
import { testWith } from "../../test-rigs/debian/test-with.ts";
import { until } from "../../test-rigs/field/rig.ts";
import { openBroker } from "../../test-rigs/plant/broker.ts";
import { openMuteBroker } from "../../test-rigs/plant/mute-broker.ts";
import { startMosquitto } from "../../test-rigs/processes/mosquitto.ts";
import { openReceiver } from "../../test-rigs/receiver/receiver.ts";
import { GatewayError } from "../core/errors.ts";
import {
  type Discarded,
  INCOMING_BYTES_MAX,
  type Incoming,
  type MqttSettings,
} from "../core/uplink.ts";
import { connectMqtt } from "./mqtt.ts";

const never = new AbortController().signal;

const settings = (url: string): MqttSettings => ({
  url,
  clientId: "lifeline-gw",
  keepAliveS: 30,
  connectTimeoutMs: 2000,
  will: { topic: "lifeline/v1/gw/status", payload: '{"state":"offline"}', retain: true },
});

const COMMANDS = "lifeline/v1/gw/commands";

/** MQTT 5.0, 3.3: a PUBLISH at QoS 0 with a message expiry interval of 0 seconds. */
function lateCommand(): Buffer {
  const topic = Buffer.from(COMMANDS);
  const properties = [5, 0x02, 0, 0, 0, 0];
  const rest = Buffer.from([0, topic.length, ...topic, ...properties, ...Buffer.from("{}")]);
  return Buffer.from([0x30, rest.length, ...rest]);
}

const message = { topic: "lifeline/v1/gw/readings", payload: "{}", retain: false };

test("a broker that speaks only MQTT 3.1.1 is spoken to in 3.1.1", async (t) => {
  const broker = await openBroker();
  const uplink = await connectMqtt(settings(`mqtt://127.0.0.1:${broker.port}`), never);
  t.is(await uplink.publish(message), "accepted");
  await uplink.close();
  await broker.close();
});

test("a lost broker ends the session, and what was under way has failed", async (t) => {
  const broker = await openBroker();
  const uplink = await connectMqtt(settings(`mqtt://127.0.0.1:${broker.port}`), never);
  const stopped = broker.stop();
  t.is(typeof (await uplink.closed), "string");
  t.is(await uplink.publish(message), "failed");
  await stopped;
  await broker.close();
});

test("a broker that is not there is told with its url", async (t) => {
  const error = await t.throwsAsync(connectMqtt(settings("mqtt://127.0.0.1:1"), never), {
    instanceOf: GatewayError,
  });
  t.is(error?.code, "uplink.refused");
  t.true(error?.message.includes("mqtt://127.0.0.1:1"));
});

test("what follows the ? of a url is told nobody", async (t) => {
  const url = "ws://127.0.0.1:1/mqtt?token=s3cret";
  const error = await t.throwsAsync(connectMqtt(settings(url), never));
  t.regex(error?.message ?? "", /ws:\/\/127\.0\.0\.1:1\/mqtt/);
  t.notRegex(error?.message ?? "", /s3cret/);
});

test("connecting ends when the gateway stops", async (t) => {
  const broker = await openBroker();
  const stop = new AbortController();
  const connecting = connectMqtt(settings(`mqtt://127.0.0.1:${broker.port}`), stop.signal);
  stop.abort();
  await t.throwsAsync(connecting, { instanceOf: GatewayError });
  await broker.close();
});

test("a stop that came before the connect ends it", async (t) => {
  const broker = await openBroker();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  await t.throwsAsync(connectMqtt(settings(url), AbortSignal.abort()), { message: /stopped/ });
  await broker.close();
});

test("a broker that answers nothing any more cannot hold up the end of the session", async (t) => {
  const broker = await openMuteBroker({ greets: true });
  t.teardown(() => broker.close());
  const polite = await connectMqtt(settings(broker.url), never);
  void polite.publish(message);
  const begun = performance.now();
  await polite.close();
  t.true(performance.now() - begun < 3000);
  const abandoned = await connectMqtt(settings(broker.url), never);
  const published = abandoned.publish(message);
  void abandoned.close();
  abandoned.abandon();
  t.is(await published, "failed");
  t.is(typeof (await abandoned.closed), "string");
  await until("both sessions gone", 2000, () => broker.connections() === 0);
});

testWith("mosquitto")("a session that is broken off leaves the will behind", async (t) => {
  const broker = await startMosquitto();
  const centre = await connectAsync(broker.url);
  await centre.subscribeAsync("lifeline/v1/gw/status");
  const will = new Promise<Buffer>((resolve) => centre.once("message", (_, body) => resolve(body)));
  const uplink = await connectMqtt(settings(broker.url), never);
  uplink.abandon();
  t.is((await will).toString(), '{"state":"offline"}');
  await centre.endAsync();
  await broker.kill();
});

testWith("mosquitto")("mosquitto tells whether anybody is there to take a message", async (t) => {
  const broker = await startMosquitto();
  const uplink = await connectMqtt(settings(broker.url), never);
  t.is(await uplink.publish(message), "unclaimed");
  const receiver = await openReceiver(broker.url);
  t.is(await uplink.publish(message), "accepted");
  await receiver.close();
  await uplink.close();
  await broker.kill();
});

/** Notes what comes. */
function notes() {
  const messages: Incoming[] = [];
  const discarded: Discarded[] = [];
  const receiver = {
    onMessage: (message: Incoming) => void messages.push(message),
    onDiscarded: (message: Discarded) => void discarded.push(message),
  };
  return { messages, discarded, receiver };
}

testWith("mosquitto")("a command comes with what MQTT 5 says of it", async (t) => {
  const broker = await startMosquitto();
  t.teardown(() => broker.close());
  const { messages, receiver } = notes();
  const uplink = await connectMqtt({ ...settings(broker.url), receiver }, never);
  t.true(await uplink.subscribe([{ topic: COMMANDS, qos: 1 }]));
  const centre = await connectAsync(broker.url, { protocolVersion: 5 });
  const properties = {
    messageExpiryInterval: 60,
    responseTopic: "lifeline/v1/gw/results",
    correlationData: Buffer.from("7"),
    contentType: "application/json",
  };
  await centre.publishAsync(COMMANDS, "{}", { qos: 1, properties });
  await centre.publishAsync(COMMANDS, "plain", { qos: 1 });
  await until("both commands", 5000, () => messages.length === 2);
  const [full, plain] = messages.map(({ payload, correlation, ...rest }) => ({
    ...rest,
    payload: Buffer.from(payload).toString(),
    correlation: correlation && Buffer.from(correlation).toString(),
  }));
  t.like(full, { topic: COMMANDS, payload: "{}", retain: false, correlation: "7" });
  t.like(full, { responseTopic: "lifeline/v1/gw/results", contentType: "application/json" });
  t.true((full?.expiresInMs ?? 0) > 50_000 && (full?.expiresInMs ?? 0) <= 60_000);
  t.like(plain, { payload: "plain", expiresInMs: null, responseTopic: null, correlation: null });
  await uplink.close();
  await centre.endAsync();
});

testWith("mosquitto")("a kept session gets what was sent while it was away", async (t) => {
  const broker = await startMosquitto();
  t.teardown(() => broker.close());
  const kept = { ...settings(broker.url), sessionExpiryS: 600 };
  const first = await connectMqtt(kept, never);
  t.true(await first.subscribe([{ topic: COMMANDS, qos: 1 }]));
  await first.close();
  const centre = await connectAsync(broker.url, { protocolVersion: 5 });
  const expiring = { qos: 1, properties: { messageExpiryInterval: 1 } } as const;
  await centre.publishAsync(COMMANDS, "too late", expiring);
  await centre.publishAsync(COMMANDS, "in time", { qos: 1 });
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const { messages, receiver } = notes();
  // Nobody subscribes anew: the message comes with the session.
  const second = await connectMqtt({ ...kept, receiver }, never);
  await until("the command", 5000, () => messages.length > 0);
  t.deepEqual(
    messages.map(({ payload }) => Buffer.from(payload).toString()),
    ["in time"],
  );
  await second.close();
  await centre.endAsync();
});

testWith("mosquitto")("a message that is too large is never handed on", async (t) => {
  const broker = await startMosquitto();
  t.teardown(() => broker.close());
  const centre = await connectAsync(broker.url, { protocolVersion: 5 });
  for (const version of ["3.1.1", "5"] as const) {
    const { messages, discarded, receiver } = notes();
    const uplink = await connectMqtt({ ...settings(broker.url), version, receiver }, never);
    t.true(await uplink.subscribe([{ topic: COMMANDS, qos: 1 }]));
    await centre.publishAsync(COMMANDS, Buffer.alloc(INCOMING_BYTES_MAX + 8192), { qos: 1 });
    await centre.publishAsync(COMMANDS, Buffer.alloc(INCOMING_BYTES_MAX), { qos: 1 });
    await until("the smaller one", 5000, () => messages.length > 0);
    t.is(messages.length, 1);
    // A broker of MQTT 5 is told how much is taken, and keeps it to itself.
    t.is(discarded.length, version === "5" ? 0 : 1);
    await uplink.close();
  }
  await centre.endAsync();
});

test("a message that arrives with no time left is never handed on", async (t) => {
  const server = await openMuteBroker({ greets: true, says: lateCommand() });
  t.teardown(() => server.close());
  const { messages, discarded, receiver } = notes();
  const uplink = await connectMqtt({ ...settings(server.url), receiver }, never);
  await until("it came", 5000, () => discarded.length > 0);
  t.deepEqual(discarded, [{ topic: COMMANDS, bytes: 2, why: "expired" }]);
  t.is(messages.length, 0);
  uplink.abandon();
});

testWith("mosquitto")("a subscription that the broker refuses is told", async (t) => {
  const broker = await startMosquitto();
  t.teardown(() => broker.close());
  const uplink = await connectMqtt(settings(broker.url), never);
  t.false(await uplink.subscribe([{ topic: "a/#/b", qos: 1 }]));
  uplink.abandon();
  await uplink.closed;
  t.false(await uplink.subscribe([{ topic: COMMANDS, qos: 1 }]));
});

test("a session that the broker ends tells why", async (t) => {
  // MQTT 5.0, 3.14.2.1: session taken over.
  const server = await openMuteBroker({ greets: true, says: Uint8Array.of(0xe0, 2, 0x8e, 0) });
  t.teardown(() => server.close());
  const uplink = await connectMqtt(settings(server.url), never);
  t.regex(await uplink.closed, /Session taken over/);
});

testWith("mosquitto")(
  "the type of a payload is told in MQTT 5, and its bytes as they are",
  async (t) => {
    const broker = await startMosquitto();
    t.teardown(() => broker.close());
    const { messages, receiver } = notes();
    const centre = await connectMqtt(
      { ...settings(broker.url), clientId: "centre", receiver },
      never,
    );
    await centre.subscribe([{ topic: message.topic, qos: 1 }]);
    for (const version of ["3.1.1", "5"] as const) {
      const uplink = await connectMqtt({ ...settings(broker.url), version }, never);
      const payload = Uint8Array.of(0xa0, 0xff, 0);
      await uplink.publish({ ...message, payload, contentType: "application/cbor" });
      await uplink.publish({ ...message, payload: "{}", qos: 0 });
      await uplink.close();
    }
    await until("all of them", 5000, () => messages.length === 4);
    t.deepEqual(
      messages.map(({ payload, contentType }) => [
        Buffer.from(payload).toString("hex"),
        contentType,
      ]),
      [
        ["a0ff00", null],
        ["7b7d", null],
        ["a0ff00", "application/cbor"],
        ["7b7d", null],
      ],
    );
    await centre.close();
  },
);
