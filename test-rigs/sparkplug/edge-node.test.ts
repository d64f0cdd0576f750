import { connectAsync } from "mqtt";
import { DATA_TYPES } from "../../edge/forward/sparkplug/data-types.ts";
import { encodePayload } from "../../edge/forward/sparkplug/encode.ts";
import type { Metric } from "../../edge/forward/sparkplug/payload.ts";
import { testWith } from "../debian/test-with.ts";
import { until } from "../field/rig.ts";
import { freePort, startMosquitto } from "../processes/mosquitto.ts";
import { type Message, messagesIn, subscriptionsIn } from "./captured.ts";
import { type MqttTap, openMqttTap } from "./mqtt-tap.ts";
import { nodeRig, type RigSettings } from "./node-rig.ts";

const test = testWith("mosquitto");

type Context = { teardown(end: () => unknown): void };

/** A broker with a tap before it, and an edge node that is not started yet. */
async function rigWith(t: Context, settings: Partial<RigSettings> = {}) {
  const broker = await startMosquitto();
  const tap = await openMqttTap(broker.port);
  const rig = nodeRig({ urls: [tap.url], ...settings });
  t.teardown(async () => {
    await rig.close();
    await tap.close();
    await broker.close();
  });
  return { broker, tap, rig };
}

const data = (tap: MqttTap) => messagesIn(tap.seen).filter(({ type }) => type === "DDATA");
const values = (messages: readonly Message[]) =>
  messages.flatMap(({ metrics }) => metrics.map(({ doubleValue }) => doubleValue));
const order = (topic: string, ...metrics: readonly Metric[]) =>
  [`spBv1.0/city/${topic}`, Buffer.from(encodePayload({ timestamp: 1, metrics }))] as const;

test("what was written when the session is lost within the grace goes again, as history", async (t) => {
  const { tap, rig } = await rigWith(t, { graceMs: 60_000 });
  await rig.start();
  rig.read("gas-1.gas", 1);
  await until("the row", 5000, () => data(tap).length === 1);
  await rig.clock.sleep(300);
  t.is(rig.deliveredTo("readings"), 0);
  tap.cut();
  await until("the row again", 5000, () => data(tap).length === 2);
  t.deepEqual(values(data(tap)), [1, 1]);
  t.true(data(tap)[1]?.metrics[0]?.isHistorical);
  t.is(data(tap)[0]?.metrics[0]?.timestamp, data(tap)[1]?.metrics[0]?.timestamp);
});

test("a row that the broker never read is not delivered, however long the socket took it", async (t) => {
  const { broker, tap, rig } = await rigWith(t);
  const host = await connectAsync(broker.url);
  const got = new Set<string>();
  host.on("message", (topic) => got.add(topic));
  await host.subscribeAsync("spBv1.0/city/DDATA/#");
  await rig.start();
  rig.read("gas-1.gas", 1);
  await until("the first delivered", 5000, () => rig.deliveredTo("readings") === 1);
  tap.isDeaf = true;
  rig.read("valve-1.shut", true);
  await rig.clock.sleep(1000);
  t.is(rig.deliveredTo("readings"), 1);
  tap.isDeaf = false;
  tap.cut();
  await until("the second delivered", 5000, () => rig.deliveredTo("readings") === 2);
  t.true(got.has("spBv1.0/city/DDATA/gw-0001/valve-1"));
  await host.endAsync();
});

test("an orderly stop needs no grace: its acknowledged death stands behind everything", async (t) => {
  const { rig } = await rigWith(t, { graceMs: 60_000 });
  await rig.start();
  rig.read("gas-1.gas", 1);
  rig.happen({ kind: "gateway", subject: "gw-0001", from: "running", to: "stopped" });
  await until("the births", 5000, () => rig.status()?.state === "connected");
  await rig.finish();
  t.deepEqual([rig.deliveredTo("readings"), rig.deliveredTo("events")], [1, 1]);
});

test("a host writes only where commands are on, what may be written, and in its name", async (t) => {
  const { broker, tap, rig } = await rigWith(t);
  const host = await connectAsync(broker.url);
  await host.publishAsync(
    ...order("DCMD/gw-0001/valve-1", { name: "setpoint", doubleValue: 5, datatype: 10 }),
    { retain: true },
  );
  await rig.start();
  await until("born", 5000, () => messagesIn(tap.seen).length > 0);
  await rig.clock.sleep(200);
  await host.publishAsync(...order("DCMD/gw-0001/valve-1", { name: "shut", booleanValue: true }));
  await host.publishAsync(...order("DCMD/gw-0001/valve-1", { name: "opened", longValue: 1 }));
  await until("the refusal", 5000, () => rig.told.some(({ cause }) => cause === "not-writable"));
  await until("the write", 5000, () => rig.writes.length > 0);
  t.deepEqual(rig.writes, [{ point: "valve-1.shut", value: "true", who: "sparkplug:scada" }]);
  t.like(rig.told.at(-1), {
    kind: "destination",
    subject: "scada",
    to: "command-refused",
    detail: { what: "valve-1.opened" },
  });
  await host.endAsync();
});

test("a command that the broker has kept is refused, and none is asked for where they are off", async (t) => {
  const { broker, tap, rig } = await rigWith(t, { takesCommands: false });
  const host = await connectAsync(broker.url);
  await rig.start();
  await until("born", 5000, () => messagesIn(tap.seen).length > 0);
  t.deepEqual([...subscriptionsIn(tap.seen).keys()], ["spBv1.0/city/NCMD/gw-0001"]);
  const rebirth = { name: "Node Control/Rebirth", booleanValue: true };
  const command = order("NCMD/gw-0001", { ...rebirth, datatype: DATA_TYPES.Boolean });
  await host.publishAsync(...command, { retain: true });
  await until("a rebirth", 5000, () => messagesIn(tap.seen).length === 2);
  tap.cut();
  await until("a session", 5000, () => messagesIn(tap.seen).length === 3);
  await rig.clock.sleep(300);
  t.is(messagesIn(tap.seen).length, 3);
  await host.endAsync();
});

test("a device that is dead is born for its past alone, without a value, and dies again", async (t) => {
  const { tap, rig } = await rigWith(t);
  rig.read("valve-1.setpoint", 7);
  rig.read("gas-1.gas", null, "bad:timeout");
  await rig.start();
  rig.happen({ kind: "device", subject: "valve-1", from: "answering", to: "silent" });
  rig.read("valve-1.setpoint", null, "bad:timeout");
  const of = (device: string) => messagesIn(tap.seen).filter((each) => each.device === device);
  await until("its death", 12_000, () => of("valve-1").at(-1)?.type === "DDEATH");
  t.deepEqual(
    of("valve-1").map(({ type }) => type),
    ["DBIRTH", "DDATA", "DDATA", "DDEATH"],
  );
  t.true(of("valve-1")[0]?.metrics.every(({ isNull }) => isNull));
  t.true(of("valve-1")[1]?.metrics[0]?.isHistorical);
  t.deepEqual(of("gas-1"), [], "it never told a value");
  await until("all delivered", 5000, () => rig.deliveredTo("readings") === 3);
});

test("a broker that is not there costs no number of a session", async (t) => {
  const port = await freePort();
  const rig = nodeRig({ urls: [`mqtt://127.0.0.1:${port}`] });
  await rig.start();
  await until("tries", 8000, () => rig.turns.length > 0);
  await rig.clock.sleep(1500);
  t.is([...rig.counters.values()][0]?.value, 0);
  const broker = await startMosquitto({ port });
  t.teardown(() => broker.close());
  await until("connected", 20_000, () => rig.status()?.state === "connected");
  t.is([...rig.counters.values()][0]?.value, 0);
  await rig.close();
});

test("while the primary host is away it is said so, and a stop waits for nobody", async (t) => {
  const { tap, rig } = await rigWith(t, { primaryHost: "scada-1" });
  rig.read("gas-1.gas", 1);
  await rig.start();
  await until("connected", 5000, () => rig.status()?.trouble === "host-offline");
  t.deepEqual(rig.holds, ["host-offline"]);
  t.is(rig.status()?.owed.readings, 1);
  const begun = rig.clock.uptime();
  await rig.finish();
  t.true(rig.clock.uptime() - begun < 1500);
  t.deepEqual(messagesIn(tap.seen), []);
  t.is(rig.deliveredTo("readings"), 0);
});
