import test from "ava";
import { connectAsync } from "mqtt";
import { testWith } from "../../test-rigs/debian/test-with.ts";
import { until } from "../../test-rigs/field/rig.ts";
import { openBroker } from "../../test-rigs/plant/broker.ts";
import { openMuteBroker } from "../../test-rigs/plant/mute-broker.ts";
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
