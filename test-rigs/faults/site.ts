import type { DoctorJson } from "../../edge/cli/doctor-view.ts";
import type { Status } from "../../edge/control/status.ts";
import { until } from "../field/rig.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import type { Child } from "../processes/child.ts";
import { type GatewayHome, gatewayHome, syncedIn } from "../processes/gateway.ts";
import { doctorIn, type Surroundings } from "./bench.ts";
import type { Bench } from "./fault.ts";

/** How a site differs from one where nothing is wrong. */
export type SiteSettings = Surroundings & {
  /** Its destinations, as in `gateway.yaml`. */
  readonly destinations?: string;
  /** More of its configuration. */
  readonly more?: string;
  /** Whether its clock passes for synchronised; left out: it does. */
  readonly isSynced?: boolean;
};

/** A site with a healthy plant and a real gateway, of which something else is to be wrong. */
export type Site = {
  readonly home: GatewayHome;
  /** Starts the gateway. */
  start(): Promise<Child>;
  /** Waits until the gateway says so. */
  until(what: string, holds: (status: Status) => boolean): Promise<void>;
  /** What the doctor says, in the surroundings of the gateway and in `more`. */
  examine(more?: Surroundings): Promise<DoctorJson>;
};

/** How long the gateway may take to notice a fault, in milliseconds. */
const NOTICE_MS = 40_000;

/** Builds a site on `bench`. */
export async function openSite(bench: Bench, settings: SiteSettings = {}): Promise<Site> {
  const { destinations, more = "", isSynced = true, env = {}, wrap = [] } = settings;
  const plant = await openModbusTcp({ devices: [modbusDevice(1, [SIGNAL])] });
  bench.defer(() => plant.close());
  const named = destinations === undefined ? "" : `destinations: ${destinations}`;
  const home = gatewayHome(`${yamlOf(plant.port)}\n${named}\n${more}`, { isSynced, env, wrap });
  const clock = isSynced ? syncedIn(home.dir) : {};
  return {
    home,
    start: async () => {
      const gateway = await home.start();
      bench.defer(() => gateway.end("SIGKILL"));
      return gateway;
    },
    until: (what, holds) => until(what, NOTICE_MS, async () => holds(await home.status())),
    examine: (more = {}) => {
      const seen = { ...clock, ...env, ...more.env };
      return doctorIn({ ...more, env: seen, wrap: [...wrap, ...(more.wrap ?? [])] }, home.config);
    },
  };
}

/** Whether the gateway has a session with its only destination, or has found out that it has none. */
export function isAway({ destinations: [destination] }: Status): boolean {
  return destination?.state === "disconnected" && destination.since !== null;
}

export function isConnected({ destinations: [destination] }: Status): boolean {
  return destination?.state === "connected";
}

const SIGNAL = { area: "holding", address: 0, type: "uint16", valueAt: () => 7 } as const;

function yamlOf(port: number): string {
  const points = "points: { x: { area: holding, address: 0, type: uint16 } }";
  return `buses: { plant: { kind: modbus-tcp, host: 127.0.0.1, port: ${port} } }
devices: { a: { bus: plant, unit: 1, every: 500ms, ${points} } }`;
}
