import { connectAsync, type MqttClient } from "mqtt";
import { DATA_TYPES } from "../../edge/forward/sparkplug/data-types.ts";
import { encodePayload } from "../../edge/forward/sparkplug/encode.ts";
import type { Metric } from "../../edge/forward/sparkplug/payload.ts";
import { until } from "../field/rig.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { type Message, messagesIn } from "./captured.ts";
import { type MqttTap, openMqttTap, type Seen } from "./mqtt-tap.ts";
import { type NodeRig, nodeRig } from "./node-rig.ts";

/** What was seen of edge nodes at real brokers. */
export type Course = {
  /** Over MQTT 5: every kind of message, a rebirth, commands, 300 messages, a farewell; twice. */
  readonly whole: readonly Seen[];
  /** The number of messages in `whole` when the rebirth was asked for. */
  readonly rebirthAt: number;
  /** Over MQTT 3.1.1: births and a farewell. */
  readonly old: readonly Seen[];
  /** Of two brokers, with a primary host that goes from the first to the second. */
  readonly hosted: HostedCourse;
};

/** What happened with a primary host, by packets of the first broker's tap unless it says so. */
export type HostedCourse = {
  readonly first: readonly Seen[];
  readonly second: readonly Seen[];
  /** How many messages there were behind each of what the host said, in this order. */
  readonly after: Readonly<
    Record<"nothing" | "foreign" | "offline" | "online" | "older" | "newer", number>
  >;
  /** Rows owed while the host was away, and messages published then. */
  readonly away: { readonly owed: number; readonly published: number };
};

const BIRTHS_MS = 5_000;

const count = (tap: MqttTap, type: string, device = "") =>
  messagesIn(tap.seen).filter((each) => each.type === type && each.device === device).length;

/** Waits until the node has sent so many messages of `type`. */
async function sent(tap: MqttTap, type: string, times: number, device = ""): Promise<void> {
  const what = `${times} ${type} ${device}`;
  await until(what, BIRTHS_MS, () => count(tap, type, device) >= times);
}

async function command(host: MqttClient, topic: string, metric: Metric): Promise<void> {
  const timestamp = Date.now();
  const metrics = [{ timestamp, ...metric }];
  await host.publishAsync(topic, Buffer.from(encodePayload({ timestamp, metrics })));
}

/** Runs the whole course at mosquitto; about ten seconds. */
export async function runCourse(): Promise<Course> {
  const { whole, rebirthAt } = await runWhole();
  return { whole, rebirthAt, old: await runOld(), hosted: await runHosted() };
}

async function runWhole(): Promise<Pick<Course, "whole" | "rebirthAt">> {
  const broker = await startMosquitto();
  const tap = await openMqttTap(broker.port);
  const host = await connectAsync(broker.url);
  const rig = nodeRig({ urls: [tap.url] });
  // What an earlier life stored and nobody has had.
  for (let row = 0; row < 3; row++) rig.read("gas-1.gas", 1 + row, "good", 60_000 - row * 1000);
  rig.happen({ kind: "gateway", subject: "gw-0001", from: "stopped", to: "running" });
  await rig.start();
  await sent(tap, "NBIRTH", 1);
  await live(rig, tap);
  const aliases = aliasesIn(messagesIn(tap.seen));
  await command(host, "spBv1.0/city/DCMD/gw-0001/valve-1", {
    alias: aliases.get("valve-1/setpoint") ?? 0,
    floatValue: 0.1,
  });
  await until("the write", BIRTHS_MS, () => rig.writes.length === 1);
  const rebirthAt = messagesIn(tap.seen).length;
  const rebirth = { name: "Node Control/Rebirth", datatype: DATA_TYPES.Boolean };
  await command(host, "spBv1.0/city/NCMD/gw-0001", { ...rebirth, booleanValue: true });
  await sent(tap, "NBIRTH", 2);
  for (let row = 0; row < 300; row++) rig.read("gas-1.gas", row);
  await sent(tap, "DDATA", 300, "gas-1");
  await rig.finish();
  await rig.start();
  await sent(tap, "NBIRTH", 3);
  await rig.finish();
  await rig.close();
  await host.endAsync();
  await tap.close();
  await broker.close();
  return { whole: tap.seen, rebirthAt };
}

/** Live readings, an alarm, and a device that dies and comes back. */
async function live(rig: NodeRig, tap: MqttTap): Promise<void> {
  rig.read("gas-1.gas", 5.5);
  rig.read("valve-1.shut", false);
  await sent(tap, "DBIRTH", 1, "gas-1");
  await sent(tap, "DBIRTH", 1, "valve-1");
  rig.read("gas-1.gas", null, "bad:crc");
  rig.read("gas-1.gas", 60, "uncertain:out-of-range");
  rig.read("gas-1.temp", -3);
  rig.read("valve-1.opened", 4_000_000_000);
  const alarm = { kind: "alarm", alarm: "gas-high", point: "gas-1.gas", severity: "red" };
  rig.happen({ ...alarm, from: "normal", to: "unacknowledged", value: 60, setpoint: 50 });
  await sent(tap, "NDATA", 2);
  await sent(tap, "DDATA", 5, "gas-1");
  await until("the backlog delivered", BIRTHS_MS, () => rig.deliveredTo("readings") >= 5);
  rig.happen({ kind: "device", subject: "valve-1", from: "answering", to: "silent" });
  rig.read("valve-1.shut", null, "bad:timeout");
  await sent(tap, "DDEATH", 1, "valve-1");
  rig.happen({ kind: "device", subject: "valve-1", from: "silent", to: "answering" });
  await sent(tap, "DBIRTH", 2, "valve-1");
}

/** The aliases by `device/name`, as the births tell them. */
export function aliasesIn(messages: readonly Message[]): ReadonlyMap<string, number> {
  const births = messages.filter(({ type }) => type === "NBIRTH" || type === "DBIRTH");
  const known = births.flatMap(({ device, metrics }) =>
    metrics.flatMap(({ name, alias }) =>
      alias === undefined ? [] : [[`${device}/${name}`, alias] as const],
    ),
  );
  return new Map(known);
}

async function runOld(): Promise<readonly Seen[]> {
  const broker = await startMosquitto();
  const tap = await openMqttTap(broker.port);
  const rig = nodeRig({ urls: [tap.url], version: "3.1.1" });
  await rig.start();
  await sent(tap, "NBIRTH", 1);
  rig.read("gas-1.gas", 1);
  await sent(tap, "DBIRTH", 1, "gas-1");
  await rig.finish();
  await rig.close();
  await tap.close();
  await broker.close();
  return tap.seen;
}

async function runHosted(): Promise<HostedCourse> {
  const brokers = [await startMosquitto(), await startMosquitto()] as const;
  const first = await openMqttTap(brokers[0].port);
  const second = await openMqttTap(brokers[1].port);
  const hosts = await Promise.all(brokers.map((each) => connectAsync(each.url)));
  const [one, two] = hosts as [MqttClient, MqttClient];
  const state = (host: MqttClient, id: string, online: boolean, timestamp: number) =>
    host.publishAsync(`spBv1.0/STATE/${id}`, JSON.stringify({ online, timestamp }), {
      qos: 1,
      retain: true,
    });
  const published = () => messagesIn(first.seen).length;
  /** Behind what the host said comes what anybody says: the node has heard the one by then. */
  const heard = async (text: string) => {
    const before = first.seen.length;
    await one.publishAsync("spBv1.0/city/NCMD/gw-0001", text);
    const isHeard = ({ from, packet }: Seen) => from === "broker" && packet.cmd === "publish";
    await until(text, BIRTHS_MS, () => first.seen.slice(before).some(isHeard));
    await rig.clock.sleep(50);
  };
  const rig = nodeRig({ urls: [first.url, second.url], primaryHost: "scada-1" });
  rig.read("gas-1.gas", 1, "good", 60_000);
  await rig.start();
  await until("subscribed", BIRTHS_MS, () =>
    first.seen.some(({ packet }) => packet.cmd === "suback"),
  );
  await heard("nothing");
  const nothing = published();
  await state(one, "scada-2", true, 50);
  await heard("foreign");
  const foreign = published();
  const owed = rig.ledger.batches.length;
  const away = { owed, published: published() };
  await state(one, "scada-1", true, 100);
  await sent(first, "NBIRTH", 1);
  rig.read("gas-1.gas", 2);
  await sent(first, "DBIRTH", 1, "gas-1");
  await sent(first, "DDATA", 2, "gas-1");
  const online = published();
  await state(one, "scada-1", false, 99);
  await heard("older");
  const older = published();
  await state(two, "scada-1", true, 101);
  await state(one, "scada-1", false, 100);
  await sent(first, "NDEATH", 1);
  const newer = published();
  await sent(second, "NBIRTH", 1);
  await rig.finish();
  await rig.close();
  for (const host of hosts) await host.endAsync();
  for (const each of [first, second, ...brokers]) await each.close();
  const after = { nothing, foreign, offline: foreign, online, older, newer };
  return { first: first.seen, second: second.seen, after, away };
}
