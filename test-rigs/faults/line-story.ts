import type { Status } from "../../edge/control/status.ts";
import type { FindingCode } from "../../edge/doctor/catalogue.ts";
import { until } from "../field/rig.ts";
import { type LineOptions, type ModbusLine, openModbusLine } from "../plant/modbus-server.ts";
import type { Signal } from "../plant/signal.ts";
import type { Child } from "../processes/child.ts";
import { type GatewayHome, gatewayHome } from "../processes/gateway.ts";
import type { Bench, Fault } from "./fault.ts";

/** A fault on a line of its own: it can be brought about alone, or beside others at one gateway. */
export type LineStory = {
  readonly name: string;
  readonly expected: FindingCode;
  /** Whom it has to be about, on the bus `bus`. */
  readonly subject: (bus: string) => string;
  /** Builds the line. All names of devices begin with `bus`. */
  readonly build: (bench: Bench, bus: string) => Built | Promise<Built>;
};

/** A line as it is built, and what then befalls it. */
export type Built = {
  /** The bus and its devices in YAML, a key and its value in flow style each. */
  readonly bus: string;
  readonly devices: string;
  /** Whether all is as it should be before the fault; true from the start where it is left out. */
  readonly isReady?: (status: Status) => boolean;
  /** Brings the fault about; left out where the line was built with it. */
  readonly befall?: () => void;
  /** Whether the gateway has met it. */
  readonly isShown: (status: Status) => boolean;
};

/** A gateway with its home. */
export type RunningHome = { readonly home: GatewayHome; readonly gateway: Child };

/** How long a fault may take to show, in milliseconds. */
const SHOWS_MS = 60_000;

/** `story` as a fault with a gateway of its own. */
export function alone(story: LineStory): Fault {
  const { name, expected, subject } = story;
  return {
    name,
    expected,
    subject: subject("line"),
    isQuick: false,
    examine: async (bench) => {
      const { home } = await unfold(bench, new Map([["line", story]]));
      return bench.doctor(home.config);
    },
  };
}

/** Has all of `stories`, by the names of their buses, happen at one gateway. */
export async function unfold(
  bench: Bench,
  stories: ReadonlyMap<string, LineStory>,
): Promise<RunningHome> {
  const built: Built[] = [];
  for (const [bus, story] of stories) built.push(await story.build(bench, bus));
  const buses = built.map(({ bus }) => `  ${bus}`).join("\n");
  const devices = built.map((each) => each.devices).join("\n");
  const running = await startSite(bench, `buses:\n${buses}\ndevices:\n${devices}`);
  const { home } = running;
  const all = (what: "isReady" | "isShown") =>
    until(`${what} of all`, SHOWS_MS, async () => {
      const status = await home.status();
      return built.every((each) => each[what]?.(status) ?? true);
    });
  await all("isReady");
  for (const { befall } of built) befall?.();
  await all("isShown");
  return running;
}

/** Starts a gateway with the configuration `yaml`, after `before`. */
export async function startSite(
  bench: Bench,
  yaml: string,
  before: (home: GatewayHome) => Promise<void> = () => Promise.resolve(),
): Promise<RunningHome> {
  const home = gatewayHome(yaml, { commit: "200ms" });
  await before(home);
  const gateway = await home.start();
  bench.defer(() => gateway.end("SIGKILL"));
  return { home, gateway };
}

/** Opens a line, and what its bus is in YAML; `settings` are others than the line's. */
export function openLine(
  bench: Bench,
  bus: string,
  { settings, ...options }: Omit<LineOptions, "baud"> & Partial<LineOptions> & Settings,
): { readonly line: ModbusLine; readonly yaml: string } {
  const baud = options.baud ?? 19_200;
  const line = openModbusLine({ clock: () => Date.now(), ...options, baud });
  bench.defer(() => line.close());
  return { line, yaml: busYaml(bus, line.path, settings ?? `baud: ${baud}, format: 8N1`) };
}

type Settings = { readonly settings?: string };

/** A serial bus in YAML; unless `settings` say more, a time-out is short. */
export function busYaml(bus: string, path: string, settings: string): string {
  const timeout = /timeout/.test(settings) ? "" : "timeout: 200ms, ";
  return `${bus}: { kind: modbus-rtu, port: ${path}, ${timeout}${settings} }`;
}

/** Settings of a line that nothing is to be late on, however busy this machine is. */
export const PATIENT = "baud: 19200, format: 8N1, timeout: 2s";

/** Two devices at units 1 and 2 of `bus` in YAML, each with a point `x`. */
export function twoDevices(bus: string): string {
  const points = "points: { x: { area: holding, address: 0, type: uint16 } }";
  return ["a", "b"]
    .map((name, i) => `  ${bus}-${name}: { bus: ${bus}, unit: ${i + 1}, every: 500ms, ${points} }`)
    .join("\n");
}

/** A level that waves about, as a sensor tells it in 16 bits. */
export function wave(address = 0): Signal {
  const valueAt = (at: number) => 1000 + 100 * Math.sin(at / 700);
  return { area: "holding", address, type: "uint16", valueAt };
}

/** Requests that came to nothing on `bus` so far. */
export function failuresOf({ buses }: Status, bus: string): number {
  const failures = buses.find((each) => each.bus === bus)?.use?.failures ?? {};
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}

/** What `point` is said to be. */
export function qualityOf({ points }: Status, point: string): string {
  return points.find((each) => each.point === point)?.quality ?? "";
}

/** Whether both of the two devices of `bus` are read. */
export function areRead(bus: string): (status: Status) => boolean {
  return (status) => ["a", "b"].every((name) => qualityOf(status, `${bus}-${name}.x`) === "good");
}

/** What the status tells of `bus`. */
export function busIn({ buses }: Status, bus: string): Status["buses"][number] | undefined {
  return buses.find((each) => each.bus === bus);
}
