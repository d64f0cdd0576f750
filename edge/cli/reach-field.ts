import { allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import type { Session } from "../../drivers/driver.ts";
import { isHarmless } from "../../drivers/modbus/pdu-safety.ts";
import { isRead, type OpenSession, sessionOpener } from "../acquire/open-session.ts";
import { FieldDesk, type FieldReading, type Told } from "../control/field-desk.ts";
import type { ReadOrder, WriteOrder } from "../control/field-orders.ts";
import type { FieldBus } from "../control/field-reach.ts";
import { bytesOfPdu, type PduAnswer, type PduOrder } from "../control/pdu-order.ts";
import { placeName, type RawWriteOrder } from "../control/raw-write.ts";
import { messageOf } from "../core/errors.ts";
import type { WriteEvent } from "../core/event.ts";
import { widthOf } from "../core/point.ts";
import type { Value } from "../core/reading.ts";
import { measureDeskOf } from "../measuring.ts";
import { callControl, isNobodyThere, isUnanswered } from "../world/control-socket.ts";
import { textLine } from "../world/log-line.ts";
import { lineWriter } from "../world/output.ts";
import { realWorld } from "../world/real.ts";
import type { World } from "../world.ts";
import { openBuffer } from "./open-buffer.ts";

/** What came of a write: told as an event, or nobody knows. */
export type Written = Pick<
  Told,
  "point" | "unit" | "old" | "value" | "outcome" | "cause" | "notRecorded"
>;

/** The way to the devices: through the running gateway, or directly where none runs. */
export type Field = {
  read(order: ReadOrder): Promise<readonly FieldReading[]>;
  /** Sent at most once, and by one way only. */
  write(order: WriteOrder, expected: Value): Promise<Written>;
  /** As `write`, by address; what came of each value in their order. */
  writeRaw(order: RawWriteOrder, expected: readonly Value[]): Promise<readonly Written[]>;
  /** Sends any request, as `write` writes. */
  exchange(order: PduOrder): Promise<PduAnswer>;
  close(): void;
};

/** How long the gateway may take: others may be served first, a unit may be held back. */
const ANSWER_MS = 60_000;

/**
 * Finds the way to the devices of `config`. Rejects with `control.unreachable` where a gateway is
 * there and does not answer: two that ask on one line would garble each other.
 */
export async function reachField(config: GatewayConfig): Promise<Field> {
  const { socket } = config.control;
  try {
    await callControl(socket, "read", { points: [] });
    return throughGateway(socket, config);
  } catch (error) {
    if (!isNobodyThere(error)) throw error;
    return new DirectField(config);
  }
}

function throughGateway(socket: string, config: GatewayConfig): Field {
  return {
    close: () => {},
    read: async (order) =>
      (await callControl(socket, "read", order, ANSWER_MS)) as readonly FieldReading[],
    write: async ({ who: _, ...order }, expected) => {
      try {
        return (await callControl(socket, "write", order, ANSWER_MS)) as Told;
      } catch (error) {
        if (!isUnanswered(error)) throw error;
        const { point } = order;
        const unit = allPoints(config).find(({ id }) => id === point)?.unit ?? null;
        return { ...LOST, point, unit, value: expected };
      }
    },
    exchange: async ({ who: _, ...order }) => {
      try {
        return (await callControl(socket, "exchange", order, ANSWER_MS)) as PduAnswer;
      } catch (error) {
        if (!isUnanswered(error)) throw error;
        return { kind: "failure", reason: "link-closed", wasSent: true, at: null };
      }
    },
    writeRaw: async ({ who: _, ...order }, expected) => {
      try {
        return (await callControl(socket, "write", order, ANSWER_MS)) as readonly Told[];
      } catch (error) {
        if (!isUnanswered(error)) throw error;
        const { raw } = order;
        return expected.map((value, index) => {
          const point = placeName(raw, raw.address + index * widthOf(raw.type, 0));
          return { ...LOST, point, unit: null, value };
        });
      }
    },
  };
}

/** The gateway was reached before: whether it still wrote, nobody can say. */
const LOST = { old: null, outcome: "unknown", cause: "link-closed" } as const;

/** Reads and writes without a gateway. What is written is recorded in the buffer. */
class DirectField implements Field {
  readonly #world: World = realWorld(lineWriter("stderr"), textLine);
  readonly #config: GatewayConfig;
  readonly #stop = new AbortController();
  readonly #open: OpenSession;
  readonly #sessions = new Map<string, Session>();

  constructor(config: GatewayConfig) {
    this.#config = config;
    this.#open = sessionOpener(this.#world, config.buses);
  }

  async read(order: ReadOrder): Promise<readonly FieldReading[]> {
    return await this.#desk(() => {}).read(order);
  }

  async write(order: WriteOrder): Promise<Written> {
    return await this.#recorded((desk) => desk.write(order));
  }

  async writeRaw(order: RawWriteOrder): Promise<readonly Written[]> {
    return await this.#recorded((desk) => desk.writeRaw(order));
  }

  /** What changes nothing is not recorded, and needs no buffer. */
  async exchange(order: PduOrder): Promise<PduAnswer> {
    if (isHarmless(bytesOfPdu(order.pdu))) return await this.#desk(() => {}).exchange(order);
    return await this.#recorded((desk) => desk.exchange(order));
  }

  /** The buffer is opened first: what cannot be recorded is not written. */
  async #recorded<Outcome>(act: (desk: FieldDesk) => Promise<Outcome>): Promise<Outcome> {
    const ledger = await openBuffer(this.#config, this.#world);
    try {
      const record = async (event: WriteEvent) => {
        await ledger.commit({ events: [event] });
      };
      return await act(this.#desk(record));
    } finally {
      // What came of the write is told all the same.
      await ledger.close().catch((error) => {
        this.#world.log("error", `buffer: ${messageOf(error)}`);
      });
    }
  }

  close(): void {
    for (const session of this.#sessions.values()) session.close();
    // Nobody else may dial in.
    this.#stop.abort();
  }

  #desk(onWrite: (event: WriteEvent) => void | Promise<void>): FieldDesk {
    const { clock } = this.#world;
    return new FieldDesk({
      clock,
      config: this.#config,
      busOf: (name) => this.#busOf(name),
      desk: measureDeskOf(clock, this.#config),
      onCleared: null,
      onWrite,
    });
  }

  async #busOf(name: string): Promise<FieldBus | null> {
    const bus = this.#config.buses.find((bus) => bus.name === name);
    if (bus === undefined || !isRead(bus)) return null;
    const { signal } = this.#stop;
    const session = this.#sessions.get(name) ?? (await this.#open(bus, signal));
    this.#sessions.set(name, session);
    const { clock } = this.#world;
    await clock.sleep(Math.max(0, session.readyAt - clock.uptime()));
    const { write, query, exchange } = session;
    if (write === undefined || query === undefined || exchange === undefined) return null;
    return {
      read: (request) => session.read(request, signal),
      write: (request) => write.call(session, request, signal),
      exchange: (request) => exchange.call(session, request, signal),
      query: (request) => query.call(session, request, signal),
      polled: () => null,
    };
  }
}
