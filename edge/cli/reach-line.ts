import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Session } from "../../drivers/driver.ts";
import type { QueryRequest } from "../../drivers/query.ts";
import { type OpenSession, type ReadBus, sessionOpener } from "../acquire/open-session.ts";
import type { Probed } from "../control/field-desk.ts";
import type { Status } from "../control/status.ts";
import type { Clock } from "../core/time.ts";
import type { ScanWay } from "../scan/pass.ts";
import { callControl, isNobodyThere } from "../world/control-socket.ts";
import type { World } from "../world.ts";
import type { LineSetting } from "./scan-options.ts";

/** How long the gateway may take for one query: what is due on a busy line goes before. */
const ANSWER_MS = 60_000;

/** Whether a gateway runs that `config` is for. Rejects where one is there and does not answer. */
export async function isGatewayRunning({ control }: GatewayConfig): Promise<boolean> {
  try {
    await callControl(control.socket, "read", { points: [] });
    return true;
  } catch (error) {
    if (isNobodyThere(error)) return false;
    throw error;
  }
}

/** Whether the running gateway has a good value from `bus`: then the line itself works. */
export async function isLineRead(
  { control, devices }: Pick<GatewayConfig, "control" | "devices">,
  bus: string,
): Promise<boolean> {
  const { points } = (await callControl(control.socket, "status")) as Status;
  const names = devices.filter((device) => device.bus === bus).map(({ name }) => `${name}.`);
  return points.some(
    ({ point, quality }) =>
      quality === "good" && names.some((beginning) => point.startsWith(beginning)),
  );
}

/** So often, and so long after each other, a line is tried that is not open, in milliseconds. */
const REOPENED_WITHIN = { tries: 20, pauseMs: 1000 };

/**
 * The way to the bus `bus` through the running gateway. A gateway whose devices are all silent opens
 * the line anew now and then: that is waited for.
 */
export function wayThroughGateway(
  { control }: Pick<GatewayConfig, "control">,
  bus: string,
  clock: Clock,
  { tries, pauseMs } = REOPENED_WITHIN,
): ScanWay {
  return {
    isShared: true,
    probe: async (unit, query, timeoutMs) => {
      const order = { bus, unit, query, timeoutMs };
      for (let n = 1; ; n++) {
        const probed = (await callControl(control.socket, "probe", order, ANSWER_MS)) as Probed;
        if (!isLineClosed(probed) || n === tries) return probed;
        await clock.sleep(pauseMs);
      }
    },
  };
}

function isLineClosed(probed: Probed): boolean {
  return probed.kind === "failure" && probed.reason === "link-closed";
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
    const line = tuned(bus, setting);
    let session = await this.#renew(line);
    const ask = async (request: QueryRequest) => {
      const outcome = await session.query?.(request, this.#stop.signal);
      if (outcome === undefined) throw new Error(`the bus ${bus.name} takes no queries`);
      return outcome;
    };
    return {
      isShared: false,
      probe: async (unit, query, timeoutMs) => {
        const pace = { timeoutMs, silenceMs: null, turnaroundMs: null };
        const request = { device: bus.name, unit, pace, query };
        const first = await ask(request);
        if (!isLineClosed(first)) return first;
        session = await this.#renew(line);
        const second = await ask(request);
        if (!isLineClosed(second)) return second;
        // Some servers hang up where others stay silent: the next unit is asked all the same.
        session = await this.#renew(line);
        return { ...first, kind: "failure", reason: "timeout" };
      },
    };
  }

  async #renew(bus: ReadBus): Promise<Session> {
    this.#session?.close();
    const { clock } = this.#world;
    const { signal } = this.#stop;
    const session = await this.#open(bus, signal);
    this.#session = session;
    // What another program asked before may still be answered.
    await clock.sleep(Math.max(0, session.readyAt - clock.uptime()), signal);
    return session;
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
