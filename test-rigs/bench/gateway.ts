import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { connectAsync } from "mqtt";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { type Child, startChild, tempDir } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { builtHere, installRelease } from "../release/installed-release.ts";
import { quantile, usageOf } from "./usage.ts";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** A machine that does much else starts a gateway slowly. */
const START_MS = 60_000;

type Load = { readonly devices: number; readonly registers: number; readonly everyMs: number };

type Figures = {
  readonly offered: number;
  readonly delivered: number;
  readonly cpuPercent: number;
  readonly rssMb: number;
  readonly writtenPerReading: number;
};

async function startPlant({ devices, registers }: Load): Promise<[Child, number[]]> {
  const plant = startChild(process.execPath, [here("plant.ts"), `${devices}`, `${registers}`]);
  return [plant, JSON.parse(await plant.waitFor(/^\[/, 20_000)) as number[]];
}

/** Installs this checkout as a release, which is what runs in the field; what starts it. */
async function installed(): Promise<string> {
  const root = tempDir("bench-release");
  const { files } = await builtHere("0.0.0");
  return installRelease(root, "0.0.0", files);
}

let launcher: Promise<string> | null = null;

/** Starts the gateway over `ports`; `alarm` puts an alarm on the first register of each. */
async function startGateway(url: string, load: Load, ports: readonly number[], alarm: boolean) {
  const points = Array.from(
    { length: load.registers },
    (_, n) => `p${n}: { area: holding, address: ${n}, type: int16 }`,
  ).join(", ");
  const home = gatewayHome(
    [
      "buses:",
      ...ports.map((port, n) => `  b${n}: { kind: modbus-tcp, host: 127.0.0.1, port: ${port} }`),
      "devices:",
      ...ports.map(
        (_, n) =>
          `  d${n}: { bus: b${n}, unit: 1, every: ${load.everyMs}ms, points: { ${points} } }`,
      ),
      ...(alarm ? ["alarms:"] : []),
      ...(alarm
        ? ports.map((_, n) => `  a${n}: { point: d${n}.p0, high: 500, severity: red }`)
        : []),
      `destinations: { centre: { kind: mqtt, url: "${url}" } }`,
    ].join("\n"),
    { commit: "1s" },
  );
  launcher ??= installed();
  const gateway = startChild(await launcher, ["run", "--config", home.config]);
  await gateway.waitFor(/gateway gw-test runs/, START_MS);
  return gateway;
}

function startFloor(url: string, load: Load, ports: readonly number[], alarm: boolean): Child {
  const numbers = [load.registers, load.everyMs, alarm ? 500 : 0, ...ports].map(String);
  return startChild(process.execPath, [here("floor.ts"), url, ...numbers]);
}

async function measure(child: Child, load: Load, counted: () => number, seconds: number) {
  await sleep(5000);
  const before = usageOf(child.pid);
  const count = counted();
  const start = performance.now();
  await sleep(seconds * 1000);
  const after = usageOf(child.pid);
  const readings = counted() - count;
  const ms = performance.now() - start;
  return {
    offered: (load.devices * load.registers * 1000) / load.everyMs,
    delivered: (readings * 1000) / ms,
    cpuPercent: ((after.cpuMs - before.cpuMs) * 100) / ms,
    rssMb: after.rssMb,
    writtenPerReading: (after.writtenBytes - before.writtenBytes) / readings,
  } satisfies Figures;
}

/** Runs `load` through the gateway or the floor and returns what that took. */
async function throughput(who: "gateway" | "floor", load: Load, seconds: number) {
  const broker = await startMosquitto();
  const centre = await connectAsync(broker.url);
  let readings = 0;
  centre.on("message", (topic, payload) => {
    const message = JSON.parse(payload.toString()) as {
      series?: readonly { readonly t: readonly number[] }[];
      v?: readonly number[];
    };
    if (topic.startsWith("floor/")) readings += message.v?.length ?? 0;
    else for (const { t } of message.series ?? []) readings += t.length;
  });
  await centre.subscribeAsync([
    "floor/readings",
    "lifeline/v1/+/readings",
    "lifeline/v1/+/backlog",
  ]);
  const [plant, ports] = await startPlant(load);
  const child =
    who === "gateway"
      ? await startGateway(broker.url, load, ports, false)
      : startFloor(broker.url, load, ports, false);
  const figures = await measure(child, load, () => readings, seconds);
  for (const each of [child, plant]) await each.end("SIGTERM");
  await centre.endAsync(true);
  await broker.kill();
  return figures;
}

/** From the change of a register to the event at a subscriber, in milliseconds, many times. */
async function latencies(who: "gateway" | "floor", rounds: number): Promise<readonly number[]> {
  const load: Load = { devices: 10, registers: 1, everyMs: 100 };
  const changedAt = new Map<number, number>();
  const plants = await Promise.all(
    Array.from({ length: load.devices }, (_, n) =>
      openModbusTcp({
        devices: [
          modbusDevice(1, [
            {
              area: "holding",
              address: 0,
              type: "int16",
              valueAt: () => (changedAt.has(n) ? 1000 : 0),
            },
          ]),
        ],
      }),
    ),
  );
  const broker = await startMosquitto();
  const centre = await connectAsync(broker.url);
  const found: number[] = [];
  centre.on("message", (topic, payload) => {
    const now = performance.now();
    const event = topic.startsWith("floor/")
      ? { alarm: `a${topic.split("/").at(-1)}`, to: "unacknowledged" }
      : (JSON.parse(payload.toString()) as { alarm?: string; to?: string });
    if (event.to !== "unacknowledged") return;
    const since = changedAt.get(Number(event.alarm?.slice(1)));
    if (since !== undefined) found.push(now - since);
  });
  await centre.subscribeAsync([
    "floor/events/+",
    "lifeline/v1/+/events",
    "lifeline/v1/+/readings",
    "lifeline/v1/+/backlog",
  ]);
  const ports = plants.map(({ port }) => port);
  const child =
    who === "gateway"
      ? await startGateway(broker.url, load, ports, true)
      : startFloor(broker.url, load, ports, true);
  await sleep(3000);
  for (let round = 0; round < rounds; round++) {
    for (let n = 0; n < load.devices; n++) {
      await sleep(Math.random() * 20);
      changedAt.set(n, performance.now());
    }
    await sleep(400);
    changedAt.clear();
    await sleep(250);
  }
  await child.end("SIGTERM");
  await centre.endAsync(true);
  await broker.kill();
  for (const plant of plants) await plant.close();
  return found;
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const round = (value: number, digits = 1) => value.toFixed(digits);

const steadyLoad: Load = { devices: 10, registers: 100, everyMs: 1000 };
const greatestLoad: Load = { devices: 10, registers: 1250, everyMs: 100 };

/**
 * `npm run bench`: steady load, greatest throughput and alarm latency of the gateway against
 * mosquitto, each beside bare modbus-serial + mqtt.js in the same run. Needs Debian's mosquitto.
 */
export async function printGateway(quick: boolean): Promise<void> {
  say("| | gateway | bare modbus-serial + mqtt.js |");
  say("|---|---|---|");
  const seconds = quick ? 10 : 60;
  const steady = {
    gateway: await throughput("gateway", steadyLoad, seconds),
    floor: await throughput("floor", steadyLoad, seconds),
  };
  const row = (name: string, show: (figures: Figures) => string) =>
    say(`| ${name} | ${show(steady.gateway)} | ${show(steady.floor)} |`);
  row("1,000 points at 1 s: delivered a second", ({ delivered }) => round(delivered));
  row("CPU, % of one core", ({ cpuPercent }) => round(cpuPercent, 2));
  row("RSS, MB", ({ rssMb }) => round(rssMb));
  row("bytes the process wrote a reading", ({ writtenPerReading }) => round(writtenPerReading));
  const most = {
    gateway: await throughput("gateway", greatestLoad, quick ? 5 : 20),
    floor: await throughput("floor", greatestLoad, quick ? 5 : 20),
  };
  const perCpu = ({ delivered, cpuPercent }: Figures) => round((delivered * 100) / cpuPercent, 0);
  say(
    `| ${most.gateway.offered} points/s offered: delivered a second | ${round(most.gateway.delivered, 0)} | ${round(most.floor.delivered, 0)} |`,
  );
  say(
    `| CPU, % of one core | ${round(most.gateway.cpuPercent)} | ${round(most.floor.cpuPercent)} |`,
  );
  say(`| points a CPU-second | ${perCpu(most.gateway)} | ${perCpu(most.floor)} |`);
  const rounds = quick ? 10 : 40;
  const late = {
    gateway: await latencies("gateway", rounds),
    floor: await latencies("floor", rounds),
  };
  for (const part of [0.5, 0.99]) {
    const show = (values: readonly number[]) => round(quantile(values, part));
    say(
      `| register change to alarm at a subscriber, 100 ms polling, ${part * 100} %, ms | ${show(late.gateway)} | ${show(late.floor)} |`,
    );
  }
  say("");
  say(`${late.gateway.length} and ${late.floor.length} alarms timed.`);
}
