import { execFileSync } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createConnection, createServer, type Server } from "node:net";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Batch } from "../../edge/core/batch.ts";
import { batchText } from "../../edge/core/batch-text.ts";
import type { WallMs } from "../../edge/core/time.ts";
import type { MqttSettings } from "../../edge/core/uplink.ts";
import { type Encoding, encoded } from "../../edge/forward/encoding.ts";
import { readingsPayload, topicOf } from "../../edge/forward/mqtt-json.ts";
import { connectMqtt } from "../../edge/world/mqtt.ts";
import { openAuthority } from "../processes/certificates.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { Random } from "../sim/random.ts";
import { printFormats } from "./wire-formats.ts";

const ENCODINGS: readonly Encoding[] = (["json", "cbor"] as const).flatMap((encoding) =>
  (["none", "zstd"] as const).map((compression) => ({ encoding, compression })),
);

/** Messages of each size, which differ in their values. */
const MESSAGES = 50;

/** How many readings a message holds, and of how many points; the last are commits that go together. */
const SIZES = [
  { name: "1", points: 1, each: 1, together: 1 },
  { name: "10", points: 10, each: 1, together: 1 },
  { name: "100", points: 10, each: 10, together: 1 },
  { name: "1000", points: 10, each: 100, together: 1 },
  { name: "60 × 10", points: 10, each: 1, together: 60 },
] as const;

/**
 * Prints what a reading takes on the wire in each format and how many go a second, beside mqtt.js
 * alone; what it takes in messages of other sizes, all both ways and without TCP and IP; and what a
 * sign of life takes with them. Needs mosquitto.
 */
export async function printWire(quick: boolean): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  await printFormats(quick, say);
  await printSizes(say);
  if (!quick) await printKeepAlive(say);
}

const nameOf = ({ encoding, compression }: Encoding) =>
  compression === "none" ? encoding : `${encoding} + ${compression}`;

/** Bytes a reading, and microseconds of CPU to encode it. */
async function printSizes(say: (line: string) => void): Promise<void> {
  const broker = await startMosquitto();
  say(`\n| readings a message: bytes, CPU µs each | ${ENCODINGS.map(nameOf).join(" | ")} |`);
  say(`|---${"|---".repeat(ENCODINGS.length)}|`);
  for (const size of SIZES) {
    const cells: string[] = [];
    for (const how of ENCODINGS) {
      const { bytes, micros } = await measure(broker.port, size, how);
      cells.push(`${bytes.toFixed(1)}, ${micros.toFixed(1)}`);
    }
    say(`| ${size.name} | ${cells.join(" | ")} |`);
  }
  await broker.close();
}

async function measure(port: number, size: (typeof SIZES)[number], how: Encoding) {
  const counter = await openCounter(port);
  const uplink = await connectMqtt(
    settingsOf(`mqtt://127.0.0.1:${counter.port}`, 60),
    AbortSignal.timeout(60_000),
  );
  const before = counter.bytes();
  let micros = 0;
  for (let n = 0; n < MESSAGES; n++) {
    const text = payloadOf(n, size);
    const begun = process.cpuUsage();
    const payload = encoded(text, how);
    const { user, system } = process.cpuUsage(begun);
    micros += user + system;
    await uplink.publish({ topic: topicOf("gw-0001", "readings"), ...payload, retain: false });
  }
  const readings = MESSAGES * size.points * size.each * size.together;
  const bytes = (counter.bytes() - before) / readings;
  await uplink.close();
  counter.close();
  return { bytes, micros: micros / readings };
}

/** Values as a transmitter of float32 tells them, that wander, to two decimals. */
function payloadOf(n: number, { points, each, together }: (typeof SIZES)[number]): string {
  const texts = Array.from({ length: together }, (_, k) => {
    const seq = n * together + k + 1;
    const at = (1_763_964_000_000 + seq * each * 1000) as WallMs;
    const series = Array.from({ length: points }, (_, p) => {
      const random = new Random(seq * 1000 + p);
      const t = Array.from(
        { length: each },
        (_, i) => i * 1000 + Math.round(random.between(0, 40)),
      );
      const v = t.map(() => Math.round((20 + p + random.between(-1, 1)) * 100) / 100);
      return { point: `level-${p}.level`, unit: "m", t, v, q: null };
    });
    const batch: Batch = { at, clock: "synced", series };
    const key = { gateway: "gw-0001", stream: "01JD7M0Q2V3K8Z5T9W6X4Y1A2B", seq };
    return readingsPayload(key, batchText(batch));
  });
  return texts.length === 1 ? (texts[0] as string) : `[${texts.join(",")}]`;
}

function settingsOf(url: string, keepAliveS: number): MqttSettings {
  const will = { topic: topicOf("gw-0001", "status"), payload: "{}", retain: true };
  return { url, version: "5", clientId: "bench", keepAliveS, connectTimeoutMs: 5000, will };
}

/** A way to the port that counts what goes by, both ways. */
async function openCounter(port: number) {
  let bytes = 0;
  const server: Server = createServer((near) => {
    const far = createConnection({ port, host: "127.0.0.1" });
    near.on("data", (data) => {
      bytes += data.length;
      far.write(data);
    });
    far.on("data", (data) => {
      bytes += data.length;
      near.write(data);
    });
    near.on("close", () => far.destroy());
    near.on("error", () => {});
    far.on("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => bytes,
    close: () => server.close(),
  };
}

/** Segments and bytes of the gateway's side of a connection, as the kernel counts them (`ss`). */
function countsOf(port: number) {
  const text = execFileSync("ss", ["-tinH", `dport = :${port}`]).toString();
  const number = (name: string) => Number(new RegExp(`${name}:(\\d+)`).exec(text)?.[1] ?? 0);
  return {
    segments: number("segs_out") + number("segs_in"),
    bytes: number("bytes_sent") + number("bytes_received"),
  };
}

const KEEP_ALIVE_S = 2;
const SIGNS = 10;
/** Of IPv4 and of TCP with time stamps, which Linux sends. */
const HEADERS = 20 + 32;

async function printKeepAlive(say: (line: string) => void): Promise<void> {
  const authority = openAuthority();
  const tls = authority.issue({ name: "localhost" });
  say("\n| signs of life | segments each | bytes each with IPv4 and TCP | MB a day at 60s |");
  say("|---|---|---|---|");
  for (const version of [null, "1.2", "1.3"] as const) {
    const broker = await startMosquitto(version === null ? {} : { tls, tlsVersion: version });
    const settings = settingsOf(broker.url, KEEP_ALIVE_S);
    const uplink = await connectMqtt(
      { ...settings, tls: { ca: authority.cert } },
      AbortSignal.timeout(60_000),
    );
    await sleep(500);
    const before = countsOf(broker.port);
    await sleep(KEEP_ALIVE_S * SIGNS * 1000);
    const after = countsOf(broker.port);
    const segments = (after.segments - before.segments) / SIGNS;
    const bytes = (after.bytes - before.bytes) / SIGNS + segments * HEADERS;
    const name = version === null ? "plain" : `TLS ${version}`;
    const aDay = ((bytes * 1440) / 1e6).toFixed(2);
    say(`| ${name} | ${segments.toFixed(1)} | ${bytes.toFixed(0)} | ${aDay} |`);
    await uplink.close();
    await broker.close();
  }
}
