import type { Area } from "../edge/core/point.ts";
import type { Reason } from "../edge/core/reading.ts";
import type { UptimeMs, WallMs } from "../edge/core/time.ts";
import type { DevicePace } from "./driver.ts";

/**
 * What can be asked of a device of which nothing is known: nothing of it changes the device
 * (Modbus Application Protocol V1.1b3).
 *
 * - `place`: 1 to 125 registers, or 1 to 2000 bits, from `address` on (6.1 to 6.4)
 * - `exception-status`: eight outputs whose meaning is the device's (6.7)
 * - `return-data`: `data`, 0 to 65535, comes back; the one diagnostic function that touches
 *   nothing (6.8.1, sub-function 0)
 * - `server-id`: what the device calls itself, in bytes of its own form (6.13)
 * - `identification`: vendor, product code and revision, from object `from` on, 0 to 2 (6.21)
 */
export type Query =
  | {
      readonly kind: "place";
      readonly area: Area;
      readonly address: number;
      readonly count: number;
    }
  | { readonly kind: "exception-status" | "server-id" }
  | { readonly kind: "return-data"; readonly data: number }
  | { readonly kind: "identification"; readonly from: number };

/** One query to one unit. Plain data. */
export type QueryRequest = {
  /** Whom errors and records name. */
  readonly device: string;
  readonly unit: number;
  /** What is different with the device; the bus's times where it is left out. */
  readonly pace?: DevicePace;
  readonly query: Query;
};

/** One object of a device's identification (Modbus Application Protocol V1.1b3, 6.21). */
export type IdentityObject = {
  /** 0 vendor name, 1 product code, 2 revision; others as the device has them. */
  readonly id: number;
  readonly text: string;
};

/** What a device answered to a query. */
export type QueryAnswer =
  | { readonly kind: "registers"; readonly registers: readonly number[] }
  | { readonly kind: "bits"; readonly bits: readonly boolean[] }
  | { readonly kind: "exception-status"; readonly status: number }
  | { readonly kind: "returned" }
  | { readonly kind: "server-id"; readonly id: readonly number[] }
  | {
      readonly kind: "identification";
      readonly objects: readonly IdentityObject[];
      /** The object to ask for next, where not all fitted into the answer; else null. */
      readonly next: number | null;
    };

/** What was heard on the line from the sending of a query to its end, besides its answer. */
export type Overheard = {
  /** From the first byte sent to the last of the answer, or until it was given up; 0 where it was not sent. */
  readonly tookMs: number;
  /** Whether the query itself came back, as adapters do it that hear themselves. */
  readonly isEchoed: boolean;
  /** Bytes that came, the echo left out. */
  readonly bytes: number;
  /** Units of which a sound frame came that answers something else, such as an answer too late. */
  readonly others: readonly number[];
};

/** What came of a query, and what was heard meanwhile. */
export type QueryOutcome = {
  readonly at: WallMs;
  readonly uptime: UptimeMs;
  readonly heard: Overheard;
} & (
  | { readonly kind: "answer"; readonly answer: QueryAnswer }
  | { readonly kind: "failure"; readonly reason: Reason }
);
