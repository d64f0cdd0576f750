import { getEventListeners, once } from "node:events";
import { readdirSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import process from "node:process";
import test, { type ExecutionContext } from "ava";
import { until } from "../../test-rigs/field/rig.ts";
import { openBroker } from "../../test-rigs/plant/broker.ts";
import { openMuteBroker } from "../../test-rigs/plant/mute-broker.ts";
import { openPty } from "../../test-rigs/plant/pty.ts";
import { connectMqtt } from "./mqtt.ts";
import { openSerial } from "./serial.ts";
import { openTcp } from "./tcp.ts";

/** A bus or a broker is tried again for years: what one try leaves behind adds up. */
const TIMES = 200;

/** Descriptors open, and what else keeps this process busy, by kind. */
function held() {
  const timers = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout");
  return { descriptors: readdirSync("/proc/self/fd").length, timers: timers.length };
}

/** Does `once` many times with one signal; nothing may be left of it. */
async function leavesNothing(
  t: ExecutionContext,
  once: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  t.timeout(120_000);
  const { signal } = new AbortController();
  await once(signal);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = held();
  for (let n = 0; n < TIMES; n++) await once(signal);
  t.is(getEventListeners(signal, "abort").length, 0);
  // A few may be on their way out; a leak would be two hundred.
  await until("everything closed", 20_000, () => {
    const { descriptors, timers } = held();
    return descriptors <= before.descriptors && timers <= before.timers + 2;
  }).catch(() => t.deepEqual(held(), before));
}

/** A port of 127.0.0.1 on which every connection is taken and nothing said. */
async function listener(t: ExecutionContext): Promise<number> {
  const server = createServer((socket) => socket.on("error", () => {}).resume());
  t.teardown(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

const tcp = (port: number) => ({ host: "127.0.0.1", port, connectTimeoutMs: 2000 });

const mqtt = (url: string) => ({
  url,
  clientId: "lifeline-gw",
  keepAliveS: 30,
  connectTimeoutMs: 2000,
  will: { topic: "lifeline/v1/gw/status", payload: '{"state":"offline"}', retain: true },
});

const message = { topic: "lifeline/v1/gw/readings", payload: "{}", retain: false };

test.serial("a TCP link opened and closed leaves nothing behind", async (t) => {
  const port = await listener(t);
  await leavesNothing(t, async (signal) => {
    const link = await openTcp(tcp(port), signal);
    link.write(Uint8Array.of(1));
    link.close();
    await link.closed;
  });
});

test.serial("a TCP link that is refused leaves nothing behind", async (t) => {
  await leavesNothing(t, (signal) => t.throwsAsync(openTcp(tcp(1), signal)));
});

test.serial("a TCP connect that is broken off leaves nothing behind", async (t) => {
  const port = await listener(t);
  await leavesNothing(t, async () => {
    const stop = new AbortController();
    const opening = openTcp(tcp(port), stop.signal);
    stop.abort();
    await t.throwsAsync(opening);
    t.is(getEventListeners(stop.signal, "abort").length, 0);
    await t.throwsAsync(openTcp(tcp(port), stop.signal));
  });
});

test.serial("a serial port opened and closed leaves nothing behind", async (t) => {
  const pty = openPty();
  t.teardown(() => pty.close());
  await leavesNothing(t, async (signal) => {
    const link = await openSerial({ path: pty.path, baud: 9600, format: "8N1" }, signal);
    link.write(Uint8Array.of(1));
    link.close();
    await link.closed;
  });
});

test.serial("a serial port that is not there leaves nothing behind", async (t) => {
  const settings = { path: "/dev/no-such-port", baud: 9600, format: "8N1" } as const;
  await leavesNothing(t, (signal) => t.throwsAsync(openSerial(settings, signal)));
});

test.serial("a session with a broker leaves nothing behind, however it ends", async (t) => {
  const broker = await openBroker();
  t.teardown(() => broker.close());
  const settings = mqtt(`mqtt://127.0.0.1:${broker.port}`);
  await leavesNothing(t, async (signal) => {
    const polite = await connectMqtt(settings, signal);
    await polite.publish(message);
    await polite.close();
    const abandoned = await connectMqtt(settings, signal);
    void abandoned.publish(message);
    abandoned.abandon();
    await abandoned.closed;
  });
});

test.serial("a session with a broker that fell silent leaves nothing behind", async (t) => {
  const broker = await openMuteBroker({ greets: true });
  t.teardown(() => broker.close());
  await leavesNothing(t, async (signal) => {
    const uplink = await connectMqtt(mqtt(broker.url), signal);
    void uplink.publish(message);
    void uplink.close();
    uplink.abandon();
    await uplink.closed;
  });
});

test.serial("a broker that refuses, and a connect broken off, leave nothing behind", async (t) => {
  const broker = await openMuteBroker({ greets: false });
  t.teardown(() => broker.close());
  await leavesNothing(t, async (signal) => {
    await t.throwsAsync(connectMqtt(mqtt("mqtt://127.0.0.1:1"), signal));
    const stop = new AbortController();
    const connecting = connectMqtt(mqtt(broker.url), stop.signal);
    setImmediate(() => stop.abort());
    await t.throwsAsync(connecting);
    t.is(getEventListeners(stop.signal, "abort").length, 0);
  });
});
