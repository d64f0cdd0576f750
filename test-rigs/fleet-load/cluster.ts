import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectAsync } from "mqtt";
import { usageOf } from "../bench/usage.ts";
import { type Child, startChild, tempDir } from "../processes/child.ts";
import { freePort, startMosquitto } from "../processes/mosquitto.ts";

/** The brokers between gateways and centre. */
export type Brokers = {
  /** What gateways connect to. */
  readonly mqtt: readonly string[];
  /** What receivers connect to, and how. */
  readonly receivers: { readonly kind: "mqtt" | "nats"; readonly urls: string };
  pids(): readonly number[];
  /** Processor time of those that were killed, in milliseconds. */
  spentMs(): number;
  /** Ends one of them at once, as a power cut would; starts it again. */
  kill(): Promise<void>;
  revive(): Promise<void>;
  close(): Promise<void>;
};

/** One mosquitto (Debian package `mosquitto`). */
export async function oneMosquitto(): Promise<Brokers> {
  const dir = tempDir("fleet-broker");
  // Sessions of receivers outlive the broker: else a killed one forgets what they were owed.
  const lines = [
    "persistence true",
    `persistence_location ${dir}/`,
    "autosave_interval 1",
    "autosave_on_changes false",
    "max_queued_messages 0",
    "max_inflight_messages 1000",
  ];
  const broker = await startMosquitto({ lines });
  let spentMs = 0;
  return {
    mqtt: [broker.url],
    receivers: { kind: "mqtt", urls: broker.url },
    pids: () => [broker.pid()],
    spentMs: () => spentMs,
    kill: async () => {
      spentMs += usageOf(broker.pid()).cpuMs;
      await broker.kill();
    },
    revive: () => broker.start(),
    close: () => broker.close(),
  };
}

/** Three servers of NATS with JetStream that speak MQTT (Debian package `nats-server`). */
export async function threeNats(): Promise<Brokers> {
  const dir = tempDir("fleet-nats");
  const servers = await Promise.all(
    [0, 1, 2].map(async (n) => ({
      n,
      nats: await freePort(),
      mqtt: await freePort(),
      cluster: await freePort(),
    })),
  );
  const routes = servers.map(({ cluster }) => `nats://127.0.0.1:${cluster}`).join(", ");
  const children: (Child | null)[] = [null, null, null];
  let spentMs = 0;
  const start = async (n: number) => {
    const { nats, mqtt, cluster } = servers[n]!;
    const file = join(dir, `${n}.conf`);
    mkdirSync(join(dir, `${n}`), { recursive: true });
    writeFileSync(
      file,
      `server_name: n${n}
listen: 127.0.0.1:${nats}
jetstream { store_dir: "${join(dir, `${n}`)}", max_mem: 1G, max_file: 20G }
mqtt { listen: "127.0.0.1:${mqtt}", max_ack_pending: 1000, ack_wait: "60s" }
cluster { name: fleet, listen: "127.0.0.1:${cluster}", routes: [${routes}] }
`,
    );
    const child = startChild("nats-server", ["-c", file]);
    children[n] = child;
    await child.waitFor(/Server is ready/, 60_000);
  };
  await Promise.all([0, 1, 2].map(start));
  // The three choose who leads them, and make the streams of MQTT for their first client: what is
  // published before a receiver has its consumer there would be nobody's.
  await sleep(3_000);
  const first = await connectAsync(`mqtt://127.0.0.1:${servers[0]!.mqtt}`, {
    ...{ clientId: "first", protocolVersion: 4, clean: false, connectTimeout: 60_000 },
  });
  await first.subscribeAsync("first", { qos: 1 });
  await first.endAsync();
  return {
    mqtt: servers.map(({ mqtt }) => `mqtt://127.0.0.1:${mqtt}`),
    receivers: {
      kind: "nats",
      urls: servers.map(({ nats }) => `nats://127.0.0.1:${nats}`).join(","),
    },
    pids: () => children.flatMap((child) => (child === null ? [] : [child.pid])),
    spentMs: () => spentMs,
    kill: async () => {
      spentMs += usageOf(children[1]!.pid).cpuMs;
      await children[1]?.end("SIGKILL");
      children[1] = null;
    },
    revive: () => start(1),
    close: async () => {
      await Promise.all(children.map((child) => child?.end("SIGKILL")));
    },
  };
}
