import type { Status } from "../../edge/control/status.ts";
import { until } from "../field/rig.ts";
import type { ModbusDevice } from "../plant/modbus-device.ts";
import { type LineOptions, type ModbusLine, openModbusLine } from "../plant/modbus-server.ts";
import type { Signal } from "../plant/signal.ts";
import type { Child } from "../processes/child.ts";
import { type GatewayHome, gatewayHome } from "../processes/gateway.ts";
import type { Bench } from "./fault.ts";

/** A serial line with a gateway on it. */
export type LineSite = {
  readonly line: ModbusLine;
  readonly home: GatewayHome;
  readonly gateway: Child;
  /** Waits until `condition` holds of what the gateway says of itself. */
  readonly whenever: (what: string, condition: (status: Status) => boolean) => Promise<void>;
};

/** What else a site has. */
export type SiteOptions = {
  /** What the bus has besides, in YAML from a comma on. */
  readonly bus?: string;
  /** Done before the gateway starts. */
  readonly before?: ((home: GatewayHome) => Promise<void>) | undefined;
};

/** How long a fault may take to show, in milliseconds. */
const SHOWS_MS = 30_000;

/** A line with `devices`, read by a gateway with `yaml` of devices; `bus` is what else the bus has. */
export async function lineSite(
  bench: Bench,
  devices: readonly ModbusDevice[],
  yaml: string,
  { bus = "", before, ...line }: Partial<LineOptions> & SiteOptions = {},
): Promise<LineSite> {
  const open = openModbusLine({ baud: 19_200, devices, clock: () => Date.now(), ...line });
  bench.defer(() => open.close());
  const own = `kind: modbus-rtu, port: ${open.path}, timeout: 200ms${bus}`;
  const settings = /baud/.test(bus) ? "" : ", baud: 19200, format: 8N1";
  const site = await gatewaySite(
    bench,
    `buses: { line: { ${own}${settings} } }\ndevices:\n${yaml}`,
    before,
  );
  return { line: open, ...site };
}

/** A gateway with the configuration `yaml`. */
export async function gatewaySite(
  bench: Bench,
  yaml: string,
  before: SiteOptions["before"] = () => Promise.resolve(),
): Promise<Omit<LineSite, "line">> {
  const home = gatewayHome(yaml, { commit: "200ms" });
  await before(home);
  const gateway = await home.start();
  bench.defer(() => gateway.end("SIGKILL"));
  return { home, gateway, whenever: (what, condition) => whenever(home, what, condition) };
}

async function whenever(
  home: GatewayHome,
  what: string,
  condition: (status: Status) => boolean,
): Promise<void> {
  await until(what, SHOWS_MS, async () => condition(await home.status()));
}

/** Requests that came to nothing on the line so far. */
export function failuresOf({ buses }: Status): number {
  const counts = buses.map(({ use }) => Object.values(use?.failures ?? {}));
  return counts.flat().reduce((sum, count) => sum + count, 0);
}

/** What `point` is said to be. */
export function qualityOf({ points }: Status, point: string): string {
  return points.find((each) => each.point === point)?.quality ?? "";
}

/** A level that waves about, as a sensor tells it in 16 bits. */
export function wave(address = 0): Signal {
  const valueAt = (at: number) => 1000 + 100 * Math.sin(at / 700);
  return { area: "holding", address, type: "uint16", valueAt };
}

/** The YAML of two devices at units 1 and 2, each with a point `x`. */
export const TWO = [1, 2]
  .map((unit) => {
    const points = "points: { x: { area: holding, address: 0, type: uint16 } }";
    return `  ${unit === 1 ? "a" : "b"}: { bus: line, unit: ${unit}, every: 500ms, ${points} }`;
  })
  .join("\n");
