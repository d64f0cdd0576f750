import test from "ava";
import { connectAsync } from "mqtt";
import { testWith } from "../../test-rigs/debian/test-with.ts";
import { openBroker } from "../../test-rigs/plant/broker.ts";
import { startMosquitto } from "../../test-rigs/processes/mosquitto.ts";
import { openReceiver } from "../../test-rigs/receiver/receiver.ts";
import { GatewayError } from "../core/errors.ts";
import type { MqttSettings } from "../core/uplink.ts";
import { connectMqtt } from "./mqtt.ts";

const never = new AbortController().signal;

const settings = (url: string): MqttSettings => ({
  url,
  clientId: "lifeline-gw",
  keepAliveS: 30,
  connectTimeoutMs: 2000,
  will: { topic: "lifeline/v1/gw/status", payload: '{"state":"offline"}', retain: true },
});

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

test("connecting ends when the gateway stops", async (t) => {
  const broker = await openBroker();
  const stop = new AbortController();
  const connecting = connectMqtt(settings(`mqtt://127.0.0.1:${broker.port}`), stop.signal);
  stop.abort();
  await t.throwsAsync(connecting, { instanceOf: GatewayError });
  await broker.close();
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
