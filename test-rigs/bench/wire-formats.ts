import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Child, startChild, tempDir } from "../processes/child.ts";
import { NODE_FLAGS } from "../processes/node-flags.ts";
import { usageOf } from "./usage.ts";
import {
  beginOf,
  countOf,
  ELEMENTS,
  FACTORS,
  fillBuffer,
  type WireLoad,
  yamlOf,
} from "./wire-load.ts";
import {
  bytesTo,
  HJ212_LOGIN,
  openBrokerSink,
  openHj212Sink,
  openServerSink,
  openSl651Sink,
  type Sink,
  SL651_LOGIN,
} from "./wire-sinks.ts";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The longest that one format may take, in milliseconds. */
const MAX_MS = 30_000;
/** How often it is looked what has come, in milliseconds. */
const LOOK_EVERY_MS = 20;

/** What one way of sending takes. */
export type WireFigures = {
  readonly readings: number;
  readonly messages: number;
  readonly bytes: number;
  readonly ms: number;
  readonly cpuMs: number;
};

/** Looks until `child` is done and all has come; the time ends with the last message. */
async function measure(child: Child, sink: Sink, readings: number): Promise<WireFigures> {
  await child.waitFor(/^runs$/, MAX_MS);
  const begun = performance.now();
  const before = usageOf(child.pid).cpuMs;
  const giveUp = begun + MAX_MS;
  let last = { came: 0, ms: 0, cpuMs: 0 };
  let quiet = 0;
  while (quiet < 10 && performance.now() < giveUp) {
    await sleep(LOOK_EVERY_MS);
    const came = sink.came();
    const isNews = came > last.came;
    const cpuMs = usageOf(child.pid).cpuMs - before;
    if (isNews) last = { came, ms: performance.now() - begun, cpuMs };
    quiet = isNews || !child.lines.includes("done") ? 0 : quiet + 1;
  }
  if (quiet === 0)
    throw new Error(
      `not all was sent, ${sink.came()} messages:\n${child.lines.slice(-5).join("\n")}`,
    );
  const bytes = bytesTo(sink.port);
  return { readings, messages: last.came, bytes, ms: last.ms, cpuMs: last.cpuMs };
}

/** A load in a buffer, and its first time. */
type Filled = { readonly dir: string; readonly load: WireLoad; readonly begin: number };

async function filled(load: WireLoad): Promise<Filled> {
  const dir = tempDir("wire");
  const begin = beginOf(load, Date.now());
  await fillBuffer(join(dir, "buffer"), load, begin);
  return { dir, load, begin };
}

/** The gateway's own loop for `destination`, a part of the configuration, over a copy of the buffer. */
async function gatewayRun(
  { dir, load }: Filled,
  open: () => Promise<Sink>,
  destination: (port: number, dir: string) => string,
): Promise<WireFigures> {
  const sink = await open();
  const home = tempDir("wire");
  mkdirSync(join(home, "buffer"));
  cpSync(join(dir, "buffer"), join(home, "buffer"), { recursive: true });
  writeFileSync(join(home, "hj212"), `${HJ212_LOGIN.password}\n`);
  writeFileSync(join(home, "sl651"), `${SL651_LOGIN.password}\n`);
  const config = join(home, "gateway.yaml");
  writeFileSync(config, yamlOf(home, destination(sink.port, home)));
  const child = startChild(process.execPath, [...NODE_FLAGS, here("wire-sender.ts"), config]);
  const figures = await measure(child, sink, countOf(load));
  await child.end("SIGKILL");
  await sink.close();
  return figures;
}

/** mqtt.js alone. */
async function plainRun(
  load: WireLoad,
  begin: number,
  together: "one" | "all",
): Promise<WireFigures> {
  const sink = await openBrokerSink();
  const args = [`mqtt://127.0.0.1:${sink.port}`, together, `${begin}`, JSON.stringify(load)];
  const child = startChild(process.execPath, [here("wire-plain.ts"), ...args]);
  const figures = await measure(child, sink, countOf(load));
  await child.end("SIGKILL");
  await sink.close();
  return figures;
}

const mqtt = (more: string) => (port: number) =>
  `{ kind: mqtt, url: "mqtt://127.0.0.1:${port}", ${more} }`;

/** The template that comes with the gateway for ThingsBoard, as part of a destination. */
function thingsBoard(): string {
  const file = fileURLToPath(new URL("../../config/templates/thingsboard.yaml", import.meta.url));
  const indented = readFileSync(file, "utf8").replaceAll(/^(?=.)/gm, "      ");
  return `format: template\n    template:\n${indented}`;
}

const template = (port: number) =>
  `\n    kind: mqtt\n    url: mqtt://127.0.0.1:${port}\n    ${thingsBoard()}`;

/** The same readings in every format that sends each of them. */
const FORMATS = {
  json: mqtt("encoding: json"),
  "json + zstd": mqtt("compression: zstd"),
  cbor: mqtt("encoding: cbor"),
  "cbor + zstd": mqtt("encoding: cbor, compression: zstd"),
  sparkplug: mqtt("format: sparkplug, sparkplug: { grace: 1s }"),
  "template (ThingsBoard)": template,
} as const;

const http = (port: number) => `{ kind: http, url: "http://127.0.0.1:${port}/in" }`;

const hj212 = (port: number, dir: string) =>
  `{ kind: hj212, host: 127.0.0.1, port: ${port}, system: "${HJ212_LOGIN.system}", ` +
  `mn: ${HJ212_LOGIN.mn}, password: "\${file:${dir}/hj212}", minute: 1m, factors: { ${FACTORS} } }`;

const sl651 = (port: number, dir: string) =>
  `{ kind: sl651, host: 127.0.0.1, port: ${port}, centre: ${SL651_LOGIN.centre}, ` +
  `station: "${SL651_LOGIN.station}", password: "\${file:${dir}/sl651}", uniform: 1m, ` +
  `elements: { ${ELEMENTS} } }`;

/**
 * What a reading takes in every format, and how many go a second, beside mqtt.js alone. Each is sent
 * by a process of its own, one after the other, to a mosquitto with a subscriber, to a server or to a
 * simulated centre, over TCP on this machine.
 */
export async function* formatRuns(quick: boolean): AsyncGenerator<readonly [string, WireFigures]> {
  // Of 100 readings each, as a commit of five seconds makes of 20 points.
  const often = await filled({ messages: quick ? 400 : 3000, each: 5, everyMs: 1000 });
  const alone = { ...often.load, messages: quick ? 100 : 600 };
  const seldom = await filled({ messages: quick ? 240 : 1440, each: 1, everyMs: 60_000 });
  yield ["mqtt.js, one a message", await plainRun(alone, often.begin, "one")];
  yield ["mqtt.js, 100 a message", await plainRun(often.load, often.begin, "all")];
  for (const [name, destination] of Object.entries(FORMATS)) {
    yield [name, await gatewayRun(often, openBrokerSink, destination)];
  }
  yield ["http", await gatewayRun(often, openServerSink, http)];
  yield ["hj212, a period a minute", await gatewayRun(seldom, openHj212Sink, hj212)];
  yield ["sl651, steps of a minute", await gatewayRun(seldom, openSl651Sink, sl651)];
}

/** Prints the table of `formatRuns`. */
export async function printFormats(quick: boolean, say: (line: string) => void): Promise<void> {
  say("| | bytes a reading | readings a message | readings/s | readings a CPU-second |");
  say("|---|---|---|---|---|");
  for await (const [name, figures] of formatRuns(quick)) say(rowOf(name, figures));
}

function rowOf(name: string, { readings, messages, bytes, ms, cpuMs }: WireFigures): string {
  const whole = (value: number) => Math.round(value).toLocaleString("en");
  const cells = [
    (bytes / readings).toFixed(1),
    (readings / messages).toFixed(1),
    whole((readings * 1000) / ms),
    whole((readings * 1000) / cpuMs),
  ];
  return `| ${name} | ${cells.join(" | ")} |`;
}
