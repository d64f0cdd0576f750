import type { BoardDeviceConfig, GatewayConfig, PointConfig } from "../../config/gateway-config.ts";
import type {
  PduOutcome,
  PduRequest,
  ReadOutcome,
  ReadRequest,
  WriteOutcome,
  WriteRequest,
} from "../../drivers/driver.ts";
import type { QueryOutcome, QueryRequest } from "../../drivers/query.ts";
import type { Pins } from "../../edge/acquire/pins.ts";
import { FieldDesk } from "../../edge/control/field-desk.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type { WriteEvent } from "../../edge/core/event.ts";
import type { Reading } from "../../edge/core/reading.ts";
import type { UptimeMs, WallMs } from "../../edge/core/time.ts";
import { MeasureDesk } from "../../edge/measure/measure-desk.ts";
import { POINT } from "./a-point.ts";
import { SimClock } from "./clock.ts";

/** A moment. */
export const STAMP = { at: 5 as WallMs, uptime: 5 as UptimeMs };
/** A device that says nothing. */
export const NO_ANSWER: ReadOutcome = { kind: "failure", reason: "timeout", ...STAMP };
/** A write that was done. */
export const DONE: WriteOutcome = { kind: "done", registers: [], ...STAMP };

/** An answer to a request of any kind. */
export const IDENTITY = { kind: "answer", pdu: Uint8Array.of(0x2b, 0x0e), ...STAMP } as const;

/** A point of the valve that may be written. */
export function point(some: Partial<PointConfig>): PointConfig {
  const place = { address: 7, type: "uint16" } as const;
  return { ...POINT, id: "valve.shut", device: "valve", ...place, unit: "%", write: true, ...some };
}

/** A desk over one bus on which every register holds 42 and every write ends as told. */
export function aDesk(
  points: readonly PointConfig[],
  {
    written = DONE,
    answers = true,
    answered = IDENTITY as PduOutcome,
    isFull = false,
    keeps = true,
    bus: kind = {},
    boards = [] as readonly BoardDeviceConfig[],
    pins = null as Pins | null,
  } = {},
) {
  const sent: PduRequest[] = [];
  const asked: ReadRequest[] = [];
  const orders: WriteRequest[] = [];
  const events: WriteEvent[] = [];
  const kept: Reading[] = [];
  const queries: QueryRequest[] = [];
  const bus = {
    read: (request: ReadRequest): Promise<ReadOutcome> => {
      asked.push(request);
      if (!answers) return Promise.resolve(NO_ANSWER);
      const readings = request.points.map(({ point }) => {
        return { point: point.id, value: 42, quality: "good" } as const;
      });
      return Promise.resolve({ kind: "values", readings, ...STAMP });
    },
    write: (request: WriteRequest) => {
      orders.push(request);
      return Promise.resolve(written);
    },
    exchange: (request: PduRequest) => {
      sent.push(request);
      return Promise.resolve(answered);
    },
    query: (request: QueryRequest): Promise<QueryOutcome> => {
      queries.push(request);
      const heard = { tookMs: 5, isEchoed: false, bytes: 0, others: [] };
      return Promise.resolve({ kind: "failure", reason: "timeout", heard, ...STAMP });
    },
    polled: (unit: number) => (unit === 3 ? { device: "valve", isSilent: false } : null),
  };
  const forbidden = [{ area: "holding", address: 200, count: 2 }];
  const devices = [{ name: "valve", bus: "line", unit: 3, forbidden }];
  const buses = [{ name: "line", timeoutMs: 300, ...kind }];
  const desk = new FieldDesk({
    clock: new SimClock(),
    config: { buses, devices, points, boards } as unknown as GatewayConfig,
    busOf: (name) => (name === "line" ? bus : null),
    pinsOf: (name) => (name === "node" ? pins : null),
    desk: new MeasureDesk(new SimClock(), points, new Set()),
    onCleared: keeps ? (readings) => void kept.push(...readings) : null,
    onWrite: (event) => {
      if (isFull) throw new GatewayError("buffer.full", "no space left");
      events.push(event);
    },
  });
  return { desk, asked, orders, events, kept, sent, queries };
}
