import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Session } from "../../drivers/driver.ts";
import { type OpenSession, type ReadBus, sessionOpener } from "../acquire/open-session.ts";
import type { Probed } from "../control/field-desk.ts";
import { GatewayError } from "../core/errors.ts";
import type { ScanWay } from "../scan/pass.ts";
import { callControl } from "../world/control-socket.ts";
import type { World } from "../world.ts";
import type { LineSetting } from "./scan-options.ts";

/** How long the gateway may take for one query: what is due on a busy line goes before. */
const ANSWER_MS = 60_000;

/** Whether a gateway runs that `config` is for. */
export async function isGatewayRunning({ control }: GatewayConfig): Promise<boolean> {
  try {
    await callControl(control.socket, "read", { points: [] });
    return true;
  } catch (error) {
    if (error instanceof GatewayError && error.code === "control.unreachable") return false;
    throw error;
  }
}

/** The way to the bus `bus` through the running gateway. */
export function wayThroughGateway({ control }: GatewayConfig, bus: string): ScanWay {
  return {
    isShared: true,
    probe: async (unit, query, timeoutMs) => {
      const order = { bus, unit, query, timeoutMs };
      return (await callControl(control.socket, "probe", order, ANSWER_MS)) as Probed;
    },
  };
}

/** Buses that are opened without a gateway, whose lock keeps any other program away. */
export class DirectLines {
  readonly #world: World;
  readonly #open: OpenSession;
  readonly #stop = new AbortController();
  #session: Session | null = null;

  constructor(world: World, config: GatewayConfig) {
    this.#world = world;
    this.#open = sessionOpener(world, config.buses);
  }

  /** The way to `bus` at `setting`; the one before is closed. Rejects with `link.refused`. */
  async way(bus: ReadBus, setting: LineSetting | null): Promise<ScanWay> {
    this.#session?.close();
    const { clock } = this.#world;
    const { signal } = this.#stop;
    const session = await this.#open(tuned(bus, setting), signal);
    this.#session = session;
    // What another program asked before may still be answered.
    await clock.sleep(Math.max(0, session.readyAt - clock.uptime()), signal);
    const device = bus.name;
    return {
      isShared: false,
      probe: async (unit, query, timeoutMs) => {
        const pace = { timeoutMs, silenceMs: null, turnaroundMs: null };
        const outcome = await session.query?.({ device, unit, pace, query }, signal);
        if (outcome === undefined) throw new Error(`the bus ${device} takes no queries`);
        return outcome;
      },
    };
  }

  close(): void {
    this.#session?.close();
    this.#stop.abort();
  }
}

/** `bus` with the speed and format of `setting`. */
function tuned(bus: ReadBus, setting: LineSetting | null): ReadBus {
  if (setting === null || !("serial" in bus)) return bus;
  return { ...bus, serial: { ...bus.serial, ...setting } };
}
