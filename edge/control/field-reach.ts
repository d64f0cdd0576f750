import type { GatewayConfig, PointConfig } from "../../config/gateway-config.ts";
import type {
  PduOutcome,
  PduRequest,
  ReadOutcome,
  ReadRequest,
  WriteOutcome,
  WriteRequest,
} from "../../drivers/driver.ts";
import type { QueryOutcome, QueryRequest } from "../../drivers/query.ts";
import type { Attuned, AttuneOrder } from "../acquire/attune.ts";
import type { Polled } from "../acquire/bus-status.ts";
import type { Pins } from "../acquire/pins.ts";
import { GatewayError } from "../core/errors.ts";
import type { PinAtHand } from "./pin-orders.ts";

/** What reads and writes on one bus when asked. */
export type FieldBus = {
  read(request: ReadRequest): Promise<ReadOutcome>;
  write(request: WriteRequest): Promise<WriteOutcome>;
  exchange(request: PduRequest): Promise<PduOutcome>;
  query(request: QueryRequest): Promise<QueryOutcome>;
  /** Asks at other settings, where nothing answers at its own. */
  attune?(order: AttuneOrder): Promise<Attuned>;
  /** The device at `unit` that is read all the time; null where none is. */
  polled(unit: number): Polled | null;
};

export type ReachParts = {
  readonly config: GatewayConfig;
  /** The bus `name`; null where it cannot be asked. Rejects with `link.refused`. */
  readonly busOf: (name: string) => FieldBus | null | Promise<FieldBus | null>;
  /** The outputs of the board on bus `name`; left out where no gateway keeps any open. */
  readonly pinsOf?: (name: string) => Pins | null;
};

/**
 * Finds what somebody names: a point, its device, a bus, a unit. Throws `field.unknown` for what
 * the configuration lacks, and `field.refused` for a bus that cannot be asked.
 */
export class FieldReach {
  readonly #parts: ReachParts;

  constructor(parts: ReachParts) {
    this.#parts = parts;
  }

  /** The point `id`, which is asked by address. */
  point(id: string): PointConfig {
    const point = this.#parts.config.points.find((point) => point.id === id);
    if (point === undefined) throw unknown(`there is no point ${id}`);
    return point;
  }

  /** The output `id` of a board; null where it is a point of another kind. */
  pin(id: string): PinAtHand | null {
    const { config, pinsOf } = this.#parts;
    for (const { bus, points } of config.boards) {
      const point = points.find((point) => point.id === id);
      if (point === undefined) continue;
      if (!point.write) return null;
      const pins = pinsOf?.(bus) ?? null;
      if (pins === null) throw refused(`${id} ${NOBODY_HOLDS}`);
      return { point, pins };
    }
    return null;
  }

  /** Where the device of a point is asked, at its own pace. */
  async deviceOf({ device: name }: PointConfig) {
    const device = this.#parts.config.devices.find((device) => device.name === name);
    if (device === undefined) throw unknown(`there is no device ${name}`);
    const { unit, pace } = device;
    const busName = device.bus;
    return { device: name, unit, pace, busName, bus: await this.bus(busName) };
  }

  /** A unit that need not be configured; where it is, at its own pace. */
  addressee({ bus, unit }: { readonly bus: string; readonly unit: number }) {
    const { devices } = this.#parts.config;
    const device = devices.find((each) => each.bus === bus && each.unit === unit);
    return { device: bus, unit, ...(device === undefined ? {} : { pace: device.pace }) };
  }

  /** The bus `name`. */
  async bus(name: string): Promise<FieldBus> {
    const bus = await this.#parts.busOf(name);
    if (bus !== null) return bus;
    const { buses } = this.#parts.config;
    const isKnown = buses.some((each) => each.name === name);
    if (!isKnown) throw unknown(`there is no bus ${name}`);
    throw refused(`the devices on bus ${name} are not asked by address`);
  }
}

const NOBODY_HOLDS =
  "is an output that only a running gateway holds: opening a board once would reset it, and a line that nobody holds is not driven";

/** What the configuration that this works with lacks, though another may have it. */
function unknown(what: string): GatewayError {
  return new GatewayError("field.unknown", what);
}

/** What is not done, and why. */
export function refused(why: string): GatewayError {
  return new GatewayError("field.refused", why);
}
