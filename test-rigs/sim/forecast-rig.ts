import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import type { BusConfig, GatewayConfig } from "../../config/gateway-config.ts";
import { loadConfig } from "../../config/load.ts";
import { FlightRecorder } from "../../drivers/flight-recorder.ts";
import { CutMemory } from "../../edge/acquire/cut-memory.ts";
import { loopOf } from "../../edge/acquire/loop-of.ts";
import { sessionOpener } from "../../edge/acquire/open-session.ts";
import { type BusPlan, planBuses } from "../../edge/acquire/poll-plan.ts";
import type { Link } from "../../edge/core/link.ts";
import type { World } from "../../edge/world.ts";
import type { AnswerTruth } from "./bus-truth.ts";
import { SimClock } from "./clock.ts";
import { SimDevice } from "./device.ts";
import { Random } from "./random.ts";
import { SimSerialLine } from "./serial-line.ts";
import { SimLink } from "./sim-link.ts";
import { SimSite } from "./site.ts";
import type { SimTcpEndpoint } from "./tcp-endpoint.ts";
import { Trace } from "./trace.ts";

/**
 * Simulated devices begin their answers 0.5 to 15.5 ms after the silence. What happens on average
 * is foreseen with the mean, what happens at worst with the most.
 */
export const MEAN_MS = 8;
/** See `MEAN_MS`. */
export const MOST_MS = 15.5;

/** What a serial bus waits for where it does not say. */
export const TIMEOUT_MS = 300;
/** How long every answer of an endpoint takes. */
const ENDPOINT_MS = 50;
/** From the gateway to a serial server, or back. */
const WAY_MS = 10;

/** How far what happens may be off what was foreseen. */
const SHARE_OFF = 0.05;
/** How long the gateway runs: a whole number of every period. */
export const LASTING_MS = 180_000;

/** What was foreseen, and the bus on which it happened. */
type Run<Bus = SimSerialLine> = { readonly plan: BusPlan; readonly line: Bus };

/** What a test says of its line; the rest does not matter to it. */
type Some = {
  readonly devices: string;
  readonly baud?: number;
  readonly turnaroundMs?: number;
  /** More of the bus, as in a configuration. */
  readonly more?: string;
  /** Units that never answer. */
  readonly dead?: readonly number[];
};

/** Runs the whole gateway on a line with these devices. */
export async function run(t: ExecutionContext, some: Some): Promise<Run> {
  const { baud = 9600, turnaroundMs = MEAN_MS, more = "" } = some;
  const bus = `kind: modbus-rtu, port: /dev/line, baud: ${baud}, format: 8E1, turnaround: ${turnaroundMs}ms${more}`;
  return await runOn(t, bus, some, (site) => site.lines.get("line") as SimSerialLine);
}

/** Runs the whole gateway on an endpoint that serves `inFlight` requests at a time. */
export async function runWide(
  t: ExecutionContext,
  inFlight: number,
  some: Some,
): Promise<Run<SimTcpEndpoint>> {
  const bus = `kind: modbus-tcp, host: plc, inFlight: ${inFlight}, turnaround: ${ENDPOINT_MS}ms`;
  return await runOn(t, bus, some, (site) => {
    const endpoint = site.endpoints.get("line") as SimTcpEndpoint;
    for (let unit = 1; unit < 50; unit++) endpoint.units.tardy.set(unit, ENDPOINT_MS);
    return endpoint;
  });
}

async function runOn<Bus extends SimSerialLine | SimTcpEndpoint>(
  t: ExecutionContext,
  bus: string,
  { devices, dead = [] }: Some,
  busOf: (site: SimSite) => Bus,
): Promise<Run<Bus>> {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-forecast-"));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const config = configOf(bus, devices, dir);
  const clock = new SimClock();
  const site = new SimSite({
    config,
    clock,
    random: new Random(1),
    trace: new Trace(clock, 100),
    courseOf: () => () => 0,
  });
  const line = busOf(site);
  for (const unit of dead) line.units.dead.add(unit);
  await site.gateway.start();
  await clock.advance(LASTING_MS);
  const stopped = site.gateway.stop();
  await clock.advance(5000);
  await stopped;
  t.deepEqual(line.units.truth.violations, []);
  return { plan: planBuses(config)[0] as BusPlan, line };
}

function configOf(bus: string, devices: string, dir = "/nowhere"): GatewayConfig {
  const { config } = loadConfig(
    `gateway: { id: gw }
buses: { line: { ${bus} } }
devices: { ${devices} }
buffer: { dir: ${dir} }
destinations: { centre: { kind: mqtt, url: mqtt://sim } }`,
    { profiles: new Map(), readFile: () => "", env: () => undefined },
  );
  if (config === null) throw new Error("the configuration cannot be used");
  return config;
}

/**
 * Reads devices on a line of `baud` behind a serial server: it knows the end of an answer by the
 * silence behind it, and each way to it takes its time.
 */
export async function runBehind(
  t: ExecutionContext,
  { devices, baud = 9600, turnaroundMs = MEAN_MS }: Some,
): Promise<Run> {
  const more = `framing: rtu, baud: ${baud}, format: 8E1`;
  const turnaround = `turnaround: ${turnaroundMs + 2 * WAY_MS}ms`;
  const config = configOf(`kind: modbus-tcp, host: moxa, ${turnaround}, ${more}`, devices);
  const [bus] = config.buses as [Extract<BusConfig, { kind: "modbus-tcp" }>];
  const clock = new SimClock();
  const parts = { clock, random: new Random(1), trace: new Trace(clock, 100) };
  const { name, timeoutMs, graceMs } = bus;
  const units = config.devices.map(({ name, unit }) => {
    return new SimDevice(
      unit,
      config.points.filter(({ device }) => device === name),
      () => 0,
    );
  });
  const line = new SimSerialLine({ ...parts, name, timeoutMs, graceMs, baud, devices: units });
  const openTcp = (): Promise<Link> => {
    const port = line.open({ path: "/dev/line", baud, format: "8E1" }, 1);
    const link = new SimLink(
      (bytes) => clock.at(clock.uptime() + WAY_MS, () => port.write(bytes)),
      () => port.close(),
    );
    port.onData = (bytes) =>
      clock.at(clock.uptime() + line.timing.silenceMs + WAY_MS, () => link.deliver(bytes));
    return Promise.resolve(link);
  };
  const world = { clock, random: () => 0.5, log: () => {}, openTcp } as unknown as World;
  const stop = new AbortController();
  const nothing = () => {};
  const loop = loopOf(
    bus,
    {
      ...{ world, config, openTalker: null, recorder: new FlightRecorder() },
      cuts: new CutMemory(null, "", nothing),
      openSession: sessionOpener(world, config.buses),
      measure: (readings) => readings,
      ...{ keep: nothing, tell: nothing },
    },
    stop.signal,
  );
  const running = loop?.run().catch(() => {});
  await clock.advance(LASTING_MS);
  stop.abort();
  await clock.advance(5000);
  await running;
  t.deepEqual(line.units.truth.violations, []);
  return { plan: planBuses(config)[0] as BusPlan, line };
}

/** A device with `registers` registers in one request. */
export function device(unit: number, registers: number, every: string): string {
  const points = Array.from(
    { length: registers },
    (_, address) => `r${address}: { area: holding, address: ${address}, type: uint16 }`,
  );
  return `d${unit}: { bus: line, unit: ${unit}, every: ${every}, points: { ${points.join(", ")} } }`;
}

/** What devices said that arrived, in the order in which they were asked. */
export function answersOf({ line }: Run<SimSerialLine | SimTcpEndpoint>): readonly AnswerTruth[] {
  return line.units.truth.answers.filter(({ deliveredAt }) => deliveredAt !== null);
}

/** The longest between two answers that brought `point`, from the first request of it on. */
export function longestGapMs(run: Run<SimSerialLine | SimTcpEndpoint>, point: string): number {
  const times = answersOf(run)
    .filter(({ request }) => request.points.includes(point))
    .map(({ deliveredAt }) => deliveredAt as number);
  return Math.max(...times.map((at, index) => at - (times[index - 1] ?? at)));
}

/** How long a round of `requests` answers took on average. */
export function roundMs(run: Run<SimSerialLine | SimTcpEndpoint>, requests: number): number {
  const answers = answersOf(run);
  const lastedMs = (answers.at(-1)?.deliveredAt as number) - (answers[0]?.request.at as number);
  return (lastedMs * requests) / answers.length;
}

/** What was foreseen is at most so far off what happened. */
export function isNear(
  t: ExecutionContext,
  foreseen: number,
  happened: number,
  what: string,
): void {
  const share = foreseen / happened;
  t.true(Math.abs(share - 1) <= SHARE_OFF, `${what}: foreseen ${foreseen}, happened ${happened}`);
}
