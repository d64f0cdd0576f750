import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { connectAsync } from "mqtt";
import { openLocalLedger } from "../../buffer/local.ts";
import type { Batch } from "../../edge/core/batch.ts";
import { type GatewayHome, gatewayHome } from "../processes/gateway.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { nodeRedRows } from "./interlock-node-red.ts";
import {
  LOAD,
  monotonicMs,
  type Round,
  rowOf,
  startRounds,
  untilHeard,
} from "./interlock-rounds.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);
const row = (name: string, values: readonly number[]) => say(rowOf(name, values));

/** What waits to be delivered when the gateway starts. */
const BACKLOG = { batches: 3000, readings: 1000 };
/**
 * `npm run bench -- interlock`: from the answer that shows gas to the interlock's write, measured in
 * the simulated device, and to its event at an MQTT subscriber, with 1,000 points polled and a
 * backlog being delivered; then the same of a Node-RED flow, without a backlog: it keeps none.
 * Needs Debian's mosquitto, and for Node-RED the npm registry.
 */
export async function printInterlock(quick: boolean): Promise<void> {
  const rounds = quick ? 40 : 150;
  const broker = await startMosquitto();
  const plant = await startRounds(rounds);
  const home = gatewayHome(yaml(broker.url, plant.ports, plant.loadPorts), { commit: "1s" });
  await fillBuffer(home);
  const flushes = [flushMs(home)];
  const centre = await connectAsync(broker.url);
  const heard = new Map<string, number[]>();
  const seen = new Set<number>();
  let backlog = 0;
  let backlogUntil = 0;
  centre.on("message", (topic, payload) => {
    const now = monotonicMs();
    if (topic.endsWith("/backlog")) {
      backlog++;
      backlogUntil = now;
    }
    if (!topic.endsWith("/events")) return;
    const event = JSON.parse(payload.toString()) as Partial<Record<string, string>>;
    const seq = Number(event.seq);
    if (event.kind !== "interlock" || event.to !== "tripping" || seen.has(seq)) return;
    seen.add(seq);
    heard.set(`${event.interlock}`, [...(heard.get(`${event.interlock}`) ?? []), now]);
  });
  await centre.subscribeAsync(["lifeline/v1/+/events", "lifeline/v1/+/backlog"], { qos: 1 });
  const gateway = await home.start();
  const measured = await plant.over();
  flushes.push(flushMs(home));
  say("| from the answer that shows the condition, ms | 50 % | 90 % | 99 % | most | rounds |");
  say("|---|---|---|---|---|---|");
  const draining = ({ answeredMs }: Round) => answeredMs < backlogUntil;
  const writes = (rounds: readonly Round[]) =>
    rounds.map(({ answeredMs, writtenMs }) => writtenMs - answeredMs);
  row("to the write, while a backlog is delivered", writes(measured.filter(draining)));
  row("to the write, with none", writes(measured.filter((round) => !draining(round))));
  for (const path of ["same", "other"] as const) {
    const own = measured.filter((round) => round.path === path);
    const bus = path === "same" ? "the same bus" : "another bus";
    row(`to the write on ${bus}`, writes(own));
    const until = untilHeard(measured, path, heard.get(path) ?? []);
    row(`to the event at a subscriber, output on ${bus}`, until);
  }
  const shown = plant
    .delays()
    .map((ms) => ms.toFixed(1))
    .join(" | ");
  say(`| a timer of 1 ms in a process that is idle beside | ${shown} | |`);
  await gateway.end("SIGTERM");
  await plant.end();
  await centre.endAsync(true);
  await broker.kill();
  for (const line of await nodeRedRows(rounds)) say(line);
  row("flush of 4 kB to the buffer's disk, before", flushes[0] ?? []);
  row("the same, afterwards", flushes[1] ?? []);
  const first = measured[0]?.answeredMs ?? 0;
  const during = measured.filter(draining).length;
  say("");
  say(
    `${backlog} messages of backlog; ${during} of ${measured.length} rounds while it was delivered, from ${Math.round((backlogUntil - first) / 1000)} s before its end on.`,
  );
}

function yaml(url: string, ports: readonly number[], loadPorts: readonly number[]): string {
  const points = Array.from(
    { length: LOAD.registers },
    (_, n) => `p${n}: { area: holding, address: ${n}, type: int16 }`,
  ).join(", ");
  const bus = (name: string, port: number) =>
    `  ${name}: { kind: modbus-tcp, host: 127.0.0.1, port: ${port} }`;
  const gas = "gas: { area: holding, address: 0, type: uint16, every: 100ms }";
  const shut = "shut: { area: coil, address: 0, type: bool, write: true, every: 10s }";
  const alarm = (name: string, point: string) =>
    `  ${name}: { point: ${point}, high: 50, severity: red, interlock: ${name} }`;
  return [
    "buses:",
    ...ports.map((port, n) => bus(`m${n}`, port)),
    ...loadPorts.map((port, n) => bus(`b${n}`, port)),
    "devices:",
    `  m0: { bus: m0, unit: 1, points: { ${gas}, ${shut} } }`,
    `  m1: { bus: m1, unit: 1, points: { ${gas} } }`,
    `  m2: { bus: m2, unit: 1, points: { ${shut} } }`,
    ...loadPorts.map(
      (_, n) => `  d${n}: { bus: b${n}, unit: 1, every: ${LOAD.everyMs}ms, points: { ${points} } }`,
    ),
    "alarms:",
    alarm("same", "m0.gas"),
    alarm("other", "m1.gas"),
    "interlocks:",
    "  same: { write: m0.shut, value: true, release: false }",
    "  other: { write: m2.shut, value: true, release: false }",
    `destinations: { centre: { kind: mqtt, url: "${url}" } }`,
  ].join("\n");
}

/** Stores what an outage would have left behind. */
async function fillBuffer({ dir }: GatewayHome): Promise<void> {
  const ledger = await openLocalLedger({
    dir: join(dir, "buffer"),
    gateway: "gw-test",
    maxBytes: 2e9,
    keepMs: 7 * 86_400_000,
    maxAgeMs: null,
    aroundMs: 600_000,
    reserveBytes: 0,
    boot: "bench",
    destinations: ["centre"],
    newStreams: { readings: "BENCH-READINGS", events: "BENCH-EVENTS" },
  });
  const start = Date.now() - BACKLOG.batches * 1000;
  const at = (n: number) => (start + n * 1000) as Batch["at"];
  for (let from = 0; from < BACKLOG.batches; from += 100) {
    const batches = Array.from({ length: 100 }, (_, n) => batchAt(at(from + n), from + n));
    await ledger.commit({ batches });
  }
  await ledger.close();
}

function batchAt(at: Batch["at"], n: number): Batch {
  const series = Array.from({ length: BACKLOG.readings }, (_, point) => ({
    point: `d${point % LOAD.devices}.p${Math.floor(point / LOAD.devices)}`,
    unit: null,
    t: [0],
    v: [Math.round(1000 * Math.sin(n / 60 + point))],
    q: null,
  }));
  return { clock: "synced", at, series };
}

/** How long it takes until the disk says that it has 4 kB, fifty times. */
function flushMs({ dir }: GatewayHome): readonly number[] {
  const file = openSync(join(dir, "buffer", "flush"), "w");
  try {
    return Array.from({ length: 50 }, () => {
      const from = performance.now();
      writeSync(file, Buffer.alloc(4096));
      fdatasyncSync(file);
      return performance.now() - from;
    });
  } finally {
    closeSync(file);
  }
}
