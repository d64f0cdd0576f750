import test from "ava";
import { connectAsync } from "mqtt";
import { openBroker } from "./broker.ts";

const urlOf = (port: number) => `mqtt://127.0.0.1:${port}`;

test("a stopped broker cuts and refuses, and comes back at the same port", async (t) => {
  const broker = await openBroker();
  t.teardown(() => broker.close());
  const client = await connectAsync(urlOf(broker.port), { reconnectPeriod: 0 });
  const closed = new Promise<void>((resolve) => client.once("close", () => resolve()));
  await broker.stop();
  await broker.stop();
  await closed;
  await t.throwsAsync(connectAsync(urlOf(broker.port), { reconnectPeriod: 0 }, false), {
    code: "ECONNREFUSED",
  });
  await broker.start();
  await broker.start();
  const again = await connectAsync(urlOf(broker.port));
  await again.endAsync();
});

test("one door shut leaves the other open", async (t) => {
  const broker = await openBroker();
  t.teardown(() => broker.close());
  const door = await broker.openDoor();
  const subscriber = await connectAsync(urlOf(broker.port));
  t.teardown(() => subscriber.endAsync(true));
  await subscriber.subscribeAsync("will", { qos: 1 });
  const will = { topic: "will", payload: Buffer.from("gone"), qos: 1 } as const;
  const gateway = await connectAsync(urlOf(door.port), { reconnectPeriod: 0, will });
  t.teardown(() => gateway.endAsync(true));
  const message = new Promise<readonly [string, string]>((resolve) =>
    subscriber.once("message", (topic, payload) => resolve([topic, String(payload)])),
  );
  await door.stop();
  t.deepEqual(await message, ["will", "gone"]);
});

test("a client that asks for MQTT 5 is refused with an unacceptable protocol version", async (t) => {
  const broker = await openBroker();
  t.teardown(() => broker.close());
  const asking = connectAsync(
    urlOf(broker.port),
    { protocolVersion: 5, reconnectPeriod: 0 },
    false,
  );
  const error = await t.throwsAsync<Error & { code?: number }>(asking);
  t.is(error?.code, 1);
});
