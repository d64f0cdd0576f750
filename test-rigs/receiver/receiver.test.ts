import test from "ava";
import { connectAsync, type MqttClient } from "mqtt";
import { openBroker } from "../plant/broker.ts";
import { openReceiver, type Receiver } from "./receiver.ts";

const urlOf = (port: number) => `mqtt://127.0.0.1:${port}`;

/** Publishes the messages `from` to `to` of one stream, as a gateway does. */
async function publish(gateway: MqttClient, from: number, to: number): Promise<void> {
  const head = { v: 1, gateway: "gw", stream: "S", clock: "synced" };
  for (let seq = from; seq <= to; seq++) {
    const message = { ...head, seq, at: seq, series: [{ point: "a.b", t: [0], v: [seq] }] };
    await gateway.publishAsync("lifeline/v1/gw/readings", JSON.stringify(message), { qos: 1 });
  }
}

/** Resolves when `receiver` has seen `seq`. */
function seen(receiver: Receiver, seq: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if ((receiver.audit.report("gw")?.readings[0]?.highest ?? 0) >= seq) resolve();
    };
    receiver.onMessage = look;
    look();
  });
}

test("the receiver hears every gateway of a broker", async (t) => {
  const broker = await openBroker();
  t.teardown(() => broker.close());
  const receiver = await openReceiver(urlOf(broker.port));
  t.teardown(() => receiver.close());
  const gateway = await connectAsync(urlOf(broker.port));
  t.teardown(() => gateway.endAsync(true));
  await publish(gateway, 1, 3);
  await seen(receiver, 3);
  t.like(receiver.audit.report("gw"), { readings: [{ distinct: 3, gaps: 0 }], readingCount: 3 });
});

test("a receiver that was away gets what was published meanwhile", async (t) => {
  const broker = await openBroker();
  t.teardown(() => broker.close());
  const door = await broker.openDoor();
  const receiver = await openReceiver(urlOf(door.port));
  t.teardown(() => receiver.close());
  const gateway = await connectAsync(urlOf(broker.port));
  t.teardown(() => gateway.endAsync(true));
  await publish(gateway, 1, 2);
  await seen(receiver, 2);
  await door.stop();
  await publish(gateway, 3, 5);
  await door.start();
  await seen(receiver, 5);
  t.like(receiver.audit.report("gw"), { readings: [{ distinct: 5, gaps: 0, conflicts: 0 }] });
});

test("a broker that is not there is an error", async (t) => {
  const broker = await openBroker();
  await broker.close();
  await t.throwsAsync(openReceiver(urlOf(broker.port)), { code: "ECONNREFUSED" });
});
