import type { Query } from "../../drivers/query.ts";
import { AREAS, countMax, wholeOf } from "./field-orders.ts";

/** One query to one unit of a bus. */
export type ProbeOrder = {
  readonly bus: string;
  /** 0 to 255. */
  readonly unit: number;
  /** How long to wait for the answer, in milliseconds; at most as long as the bus allows. */
  readonly timeoutMs: number;
  readonly query: Query;
};

/** The shortest time that an answer is waited for, in milliseconds. */
export const PROBE_TIMEOUT_MIN_MS = 10;

/** The order in the parameters of a call. Throws where there is none, saying why. */
export function probeOrderOf(params: unknown): ProbeOrder {
  const { bus, unit, timeoutMs, query } = (params ?? {}) as Partial<Record<string, unknown>>;
  if (typeof bus !== "string") throw new Error("probe needs a bus");
  return {
    bus,
    unit: wholeOf("unit", unit, 0, 255),
    timeoutMs: wholeOf("timeoutMs", timeoutMs, PROBE_TIMEOUT_MIN_MS, 120_000),
    query: queryOf(query),
  };
}

/** Only what changes nothing in a device gets through. */
function queryOf(query: unknown): Query {
  const { kind, area, address, count, data, from } = (query ?? {}) as Partial<
    Record<string, unknown>
  >;
  switch (kind) {
    case "exception-status":
    case "server-id":
      return { kind };
    case "return-data":
      return { kind, data: wholeOf("data", data, 0, 65_535) };
    case "identification":
      return { kind, from: wholeOf("from", from, 0, 255) };
    case "place": {
      const known = AREAS.find((each) => each === area);
      if (known === undefined) throw new Error("a place needs an area");
      return {
        kind,
        area: known,
        address: wholeOf("address", address, 0, 65_535),
        count: wholeOf("count", count, 1, countMax(known)),
      };
    }
    default:
      throw new Error("probe needs a query");
  }
}
