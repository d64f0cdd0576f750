import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { BusConfig, GatewayConfig } from "../../config/gateway-config.ts";
import { isRead } from "../acquire/open-session.ts";
import type { Status } from "../control/status.ts";
import type { Trace } from "../control/trace.ts";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { Clock, WallMs } from "../core/time.ts";
import type { BusFacts, PortFacts } from "../doctor/bus-facts.ts";
import type { Exchange } from "../doctor/exchanges.ts";
import type { Facts } from "../doctor/facts.ts";
import { callControl, isUnanswered } from "../world/control-socket.ts";
import { gatherBuffer } from "./doctor-buffer.ts";
import { gatherMachine } from "./doctor-machine.ts";
import { rememberedIn } from "./doctor-memory.ts";
import { tryOut } from "./doctor-trials.ts";
import { gatherUplinks } from "./doctor-uplinks.ts";
import { type AskTrace, exchangesOf } from "./doctor-wire.ts";

/** How thoroughly is looked. */
export type Depth = {
  /** Whether every unit is asked for, and lines are tuned that an interlock writes to. */
  readonly isDeep: boolean;
  /** Whether nothing is asked on any bus. */
  readonly isQuick: boolean;
};

/**
 * Finds out all that the doctor judges by, with and without a running gateway: first what is known
 * already; then, where that leaves doubts, what reading a few places and units tells.
 */
export async function gatherFacts(
  config: GatewayConfig,
  file: string,
  clock: Clock,
  depth: Depth,
): Promise<Facts> {
  const { asked, exchanges } = await askGateway(config);
  const { status } = asked;
  const buses = config.buses.map(
    (bus): BusFacts => ({
      bus: bus.name,
      port: portOf(bus, config),
      exchanges: exchanges.get(bus.name) ?? [],
      attuned: null,
      strangers: [],
    }),
  );
  const at = clock.now();
  const [uplinks, machine, buffer] = await Promise.all([
    gatherUplinks(config, status),
    gatherMachine({ file, config, status, at }),
    gatherBuffer(config),
  ]);
  const known: Facts = {
    at,
    config,
    configuredAt: changedAt(file),
    ...asked,
    buses,
    places: [],
    uplinks,
    machine,
    buffer,
    ...rememberedIn(config, at),
  };
  return status === null || depth.isQuick ? known : await tryOut(known, depth.isDeep, clock);
}

type Asked = Pick<Facts, "status" | "unasked" | "isSilent">;

/** What the gateway tells: nothing of its buses where it does not run. */
type Told = {
  readonly asked: Asked;
  /** What went over each bus lately, by its name. */
  readonly exchanges: ReadonlyMap<string, readonly Exchange[]>;
};

/** The status of the running gateway and what its buses carry, or why there is none. */
async function askGateway(config: GatewayConfig): Promise<Told> {
  let status: Status | null = null;
  try {
    status = (await callControl(config.control.socket, "status")) as Status;
    const exchanges = new Map<string, readonly Exchange[]>();
    for (const bus of config.buses) exchanges.set(bus.name, await exchangesIn(config, bus));
    return { asked: { status, unasked: null }, exchanges };
  } catch (error) {
    // It may also die, or stand still, between two of its answers.
    if (status !== null && !isUnanswered(error)) throw error;
    const isSilent = error instanceof GatewayError && error.code === "control.silent";
    const asked = { status: null, unasked: messageOf(error), ...(isSilent && { isSilent }) };
    return { asked, exchanges: new Map() };
  }
}

async function exchangesIn(config: GatewayConfig, bus: BusConfig): Promise<readonly Exchange[]> {
  if (!isRead(bus)) return [];
  const { socket } = config.control;
  const ask: AskTrace = async (from) => {
    return (await callControl(socket, "trace", { bus: bus.name, from })) as Trace | null;
  };
  return await exchangesOf(ask, bus);
}

/** Where the lasting names of serial ports are (udev, `60-serial.rules`). */
const LASTING = /\/by-id$/;

/** What there is of the device file of `bus`; null where it has none. */
function portOf(bus: BusConfig, { buses }: GatewayConfig): PortFacts | null {
  const path = pathOf(bus);
  if (path === null) return null;
  const folder = dirname(path);
  const used = new Set(buses.map(pathOf));
  const isListed = LASTING.test(folder) && existsSync(folder);
  const names = isListed ? readdirSync(folder).map((name) => `${folder}/${name}`) : [];
  const others = names.filter((each) => !used.has(each)).map((each) => basename(each));
  return { path, isThere: existsSync(path), others };
}

function pathOf(bus: BusConfig): string | null {
  if ("serial" in bus) return bus.serial.path;
  return "board" in bus ? bus.board.path : null;
}

function changedAt(file: string): WallMs | null {
  return (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null) as WallMs | null;
}
