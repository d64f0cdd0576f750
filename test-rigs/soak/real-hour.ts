import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { usageOf } from "../bench/usage.ts";
import { type Child, startChild, tempDir } from "../processes/child.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { builtHere, installRelease } from "../release/installed-release.ts";
import type { Course } from "./slope.ts";

const [DEVICES, REGISTERS] = [10, 100];
/** Values are off their course by up to this: what can be foretold takes no room in the buffer. */
const NOISE = 300;
/** How often the gateway is looked at in a run, whatever its length. */
const LOOKS = 120;
/** A machine that does much else starts a gateway slowly. */
const START_MS = 60_000;

const PLANT = fileURLToPath(new URL("../bench/plant.ts", import.meta.url));

/** Tells the heap of the main thread in a file, ten times a look. */
const probe = (file: string, everyMs: number) =>
  `--import=data:text/javascript,${encodeURIComponent(
    `import { isMainThread } from "node:worker_threads"; import { writeFileSync } from "node:fs";
   if (isMainThread) setInterval(() => {
     writeFileSync(${JSON.stringify(file)}, String(process.memoryUsage().heapUsed));
   }, ${everyMs}).unref();`,
  )}`;

/**
 * Minutes of the installed gateway with 1,000 points a second, ten alarms, a small buffer and
 * mosquitto, all real processes. Heap is the least of ten looks, which is about what a collection
 * leaves. Needs Debian's mosquitto.
 */
export async function realHour(minutes: number): Promise<readonly Course[]> {
  const everyMs = (minutes * 60_000) / LOOKS;
  const plant = startChild(process.execPath, [PLANT, `${DEVICES}`, `${REGISTERS}`, `${NOISE}`]);
  const ports = JSON.parse(await plant.waitFor(/^\[/, START_MS)) as number[];
  const broker = await startMosquitto();
  const dir = tempDir("soak");
  const heapFile = join(dir, "heap");
  writeFileSync(heapFile, "0");
  const gateway = await startIn(dir, broker.url, ports, probe(heapFile, everyMs / 10));
  try {
    return await looksAt(gateway, { dir, heapFile, everyMs });
  } finally {
    for (const each of [gateway, plant]) await each.end("SIGTERM");
    await broker.kill();
  }
}

async function startIn(dir: string, url: string, ports: readonly number[], options: string) {
  const points = Array.from(
    { length: REGISTERS },
    (_, n) => `p${n}: { area: holding, address: ${n}, type: int16 }`,
  ).join(", ");
  const each = (line: (port: number, n: number) => string) => ports.map(line).join("\n");
  const file = join(dir, "gateway.yaml");
  writeFileSync(
    file,
    `gateway: { id: gw-soak }
buffer: { dir: ${dir}/buffer, commit: 1s, max: 1MB, holdUnsynced: 0ms }
buses:
${each((port, n) => `  b${n}: { kind: modbus-tcp, host: 127.0.0.1, port: ${port} }`)}
devices:
${each((_, n) => `  d${n}: { bus: b${n}, unit: 1, every: 1s, points: { ${points} } }`)}
alarms:
${each((_, n) => `  a${n}: { point: d${n}.p0, high: 900, deadband: ${3 * NOISE}, severity: red }`)}
destinations: { centre: { kind: mqtt, url: "${url}" } }
`,
  );
  const { files } = await builtHere("0.0.0");
  const launcher = installRelease(dir, "0.0.0", files);
  const args = ["run", "--config", file];
  const gateway = startChild(launcher, args, { NODE_OPTIONS: options, HOME: dir });
  await gateway.waitFor(/gateway gw-soak runs/, START_MS);
  return gateway;
}

type Looking = { readonly dir: string; readonly heapFile: string; readonly everyMs: number };

async function looksAt(gateway: Child, { dir, heapFile, everyMs }: Looking) {
  const none: readonly number[] = [];
  const looks = {
    heap: [...none],
    rss: [...none],
    fds: [...none],
    buffer: [...none],
    log: [...none],
  };
  let told = gateway.lines.length;
  for (let look = 0; look < LOOKS; look++) {
    let heap = Number.POSITIVE_INFINITY;
    for (let part = 0; part < 10; part++) {
      await sleep(everyMs / 10);
      heap = Math.min(heap, Number(readFileSync(heapFile, "utf8")) || heap);
    }
    looks.heap.push(heap / 1e6);
    looks.rss.push(usageOf(gateway.pid).rssMib);
    looks.fds.push(readdirSync(`/proc/${gateway.pid}/fd`).length);
    looks.buffer.push(bytesIn(join(dir, "buffer")) / 1e6);
    looks.log.push(gateway.lines.length - told);
    told = gateway.lines.length;
  }
  return [
    { name: "heap, main thread", unit: "MB", values: looks.heap, tolerance: 1 },
    { name: "RSS", unit: "MiB", values: looks.rss, tolerance: 5 },
    { name: "file descriptors", unit: "open", values: looks.fds, tolerance: 2 },
    { name: "buffer", unit: "MB", values: looks.buffer, tolerance: 0.3 },
    { name: "log", unit: "lines a look", values: looks.log, tolerance: 2 },
  ];
}

function bytesIn(dir: string): number {
  return readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
}
