import type { Area, ByteOrder, PointType } from "../edge/core/point.ts";
import type { Quality, Reason, Value } from "../edge/core/reading.ts";
import type { UptimeMs, WallMs } from "../edge/core/time.ts";
import type { QueryOutcome, QueryRequest } from "./query.ts";

/**
 * What a driver must know of a point to read it. The configuration's points have this shape; the
 * compiler holds the two equal where the gateway hands them over.
 */
export type DriverPoint = {
  /** `device.point`. */
  readonly id: string;
  readonly area: Area;
  /** PDU address, from 0 to 65535. */
  readonly address: number;
  readonly type: PointType;
  readonly order: ByteOrder;
  /** Registers a string takes, 1 to 125; without meaning for other types. */
  readonly length: number;
  /** value = raw * scale + offset; for numbers only. */
  readonly scale: number;
  readonly offset: number;
  /** Raw numbers with which the device says that it has no value; none if left out. */
  readonly sentinels?: readonly number[];
  /** The period of reading, in milliseconds. */
  readonly everyMs: number;
  /** Whether the point needs a request of its own; no if left out. */
  readonly readAlone?: boolean;
  /** Whether reading clears what was read: it is read once a period, by itself. No if left out. */
  readonly readClears?: boolean;
};

/** A range of addresses in one area. */
export type AddressRange = {
  readonly area: Area;
  /** PDU address of the first register or bit. */
  readonly address: number;
  /** Registers or bits; none for the mere place between two. */
  readonly count: number;
};

/** What is different with one device on a bus, in milliseconds; null where the bus's holds. */
export type DevicePace = {
  /** From the end of a request to the whole answer. */
  readonly timeoutMs: number | null;
  /** Silence before a request to the device. */
  readonly silenceMs: number | null;
  /** How long the device takes to begin its answer, as far as is known. */
  readonly turnaroundMs: number | null;
};

/** What a driver must know of a device to ask it. */
export type DriverDevice = {
  readonly name: string;
  readonly unit: number;
  /** At most this many registers in one request, 1 to 125. */
  readonly maxRegisters: number;
  /** At most this many bits in one request, 1 to 2000; 2000 if left out. */
  readonly maxBits?: number;
  /**
   * At most so many registers, or 16 times as many bits, that no point needs are read over between
   * two points; as many as save time if left out.
   */
  readonly maxGap?: number;
  /** What must never be read. */
  readonly forbidden?: readonly AddressRange[];
  readonly pace?: DevicePace;
};

/** One question to one device, answered in one piece. Plain data. */
export type ReadRequest = {
  readonly device: string;
  readonly unit: number;
  readonly area: Area;
  /** PDU address of the first register or bit. */
  readonly address: number;
  /** Registers or bits. */
  readonly count: number;
  /** The period of reading, in milliseconds. */
  readonly everyMs: number;
  /** What is different with the device; the bus's times where it is left out. */
  readonly pace?: DevicePace;
  /** At least one, in the order of their addresses. */
  readonly points: readonly RequestedPoint[];
};

/** A point and where its first register or bit stands in the answer, from 0. */
export type RequestedPoint = { readonly point: DriverPoint; readonly offset: number };

/** What one point turned out to be. `value` is null exactly when the quality is bad. */
export type PointReading = {
  readonly point: string;
  readonly value: Value | null;
  readonly quality: Quality;
};

/**
 * What came of a request: one reading for each of its points, or one reason for all of them.
 * `at` and `uptime` are the moment when the last byte of the answer was there, or when it was
 * known that no answer would be.
 */
export type ReadOutcome =
  | {
      readonly kind: "values";
      readonly readings: readonly PointReading[];
      readonly at: WallMs;
      readonly uptime: UptimeMs;
    }
  | {
      readonly kind: "failure";
      readonly reason: Reason;
      readonly at: WallMs;
      readonly uptime: UptimeMs;
    };

/** What can be written in one request. Addresses are PDU addresses, registers 0 to 65535. */
export type Write =
  | { readonly kind: "coil"; readonly address: number; readonly on: boolean }
  | { readonly kind: "register"; readonly address: number; readonly register: number }
  /** 1 to 1968 coils from `address` on. */
  | { readonly kind: "coils"; readonly address: number; readonly bits: readonly boolean[] }
  /** 1 to 123 registers from `address` on. */
  | { readonly kind: "registers"; readonly address: number; readonly registers: readonly number[] }
  /** The register becomes (register AND `and`) OR (`or` AND NOT `and`). */
  | { readonly kind: "mask"; readonly address: number; readonly and: number; readonly or: number }
  /** 1 to 121 registers written from `address` on, and then 1 to 125 read from `from` on. */
  | {
      readonly kind: "read-write";
      readonly address: number;
      readonly registers: readonly number[];
      readonly from: number;
      readonly count: number;
    };

/** One order to one device. Plain data. */
export type WriteRequest = {
  readonly device: string;
  readonly unit: number;
  /** What is different with the device; the bus's times where it is left out. */
  readonly pace?: DevicePace;
  readonly write: Write;
};

/**
 * What came of a write.
 *
 * - `done`: the device confirmed exactly what was asked; `registers` are those that were read
 * - `not-done`: it was not sent, or the device refused it
 * - `unknown`: it was sent, and nobody can say whether it was done: it must not be repeated unasked
 */
export type WriteOutcome = { readonly at: WallMs; readonly uptime: UptimeMs } & (
  | { readonly kind: "done"; readonly registers: readonly number[] }
  | { readonly kind: "not-done" | "unknown"; readonly reason: Reason }
);

/** Any request to one device, as it stands behind the unit in the frame. Plain data. */
export type PduRequest = {
  readonly device: string;
  readonly unit: number;
  /** What is different with the device; the bus's times where it is left out. */
  readonly pace?: DevicePace;
  /** Function code and data, 1 to 253 bytes; its highest bit is not set. */
  readonly pdu: Uint8Array;
};

/**
 * What came of any request: the answer as it stands behind the unit, which may be an exception, or
 * why there is none. `wasSent` says whether the device may have heard of it.
 */
export type PduOutcome = { readonly at: WallMs; readonly uptime: UptimeMs } & (
  | { readonly kind: "answer"; readonly pdu: Uint8Array }
  | { readonly kind: "failure"; readonly reason: Reason; readonly wasSent: boolean }
);

/** What has happened on a session since it was opened. */
export type SessionCounters = {
  /** Requests sent. */
  readonly requests: number;
  /** Requests that ended without anything that could be their answer. */
  readonly timeouts: number;
  /** Requests that ended with bytes that did not pass their check sum. */
  readonly crcErrors: number;
  /** Requests that the device refused. */
  readonly exceptions: number;
  /** Requests whose answer did not fit them. */
  readonly malformed: number;
  /** Received bytes that belong to no frame. */
  readonly discardedBytes: number;
  /** Answers to a request that had been given up. */
  readonly lateAnswers: number;
  /** Valid frames that nobody had asked for. */
  readonly unsolicited: number;
};

/** The most requests that may wait on one session; one more is a programming error and rejects. */
export const SESSION_QUEUE_MAX = 16;

/** An open bus, asked one request at a time, or as many as its `inFlight`. */
export interface Session {
  /**
   * Nothing may be asked before: answers to requests of a session before this one may still be on
   * their way, and where they do not say what they answer they would be taken for new ones.
   */
  readonly readyAt: UptimeMs;
  /** How many reads it serves at the same time; 1 where it is left out. */
  readonly inFlight?: number;
  /**
   * Asks a device and resolves with what came of it, whatever that is: an operating error is an
   * outcome. A second call waits its turn; a unit that is held back is waited for. Rejects only
   * with the reason of `signal`.
   */
  read(request: ReadRequest, signal: AbortSignal): Promise<ReadOutcome>;
  /**
   * Has a device change something, as `read` asks it; left out where devices cannot be written.
   * Sent at most once, whatever comes of it. `isOff` is asked when its turn has come and the bus is
   * free: what is off then is never sent. Rejects only with the reason of `signal`.
   */
  write?(request: WriteRequest, signal: AbortSignal, isOff?: () => boolean): Promise<WriteOutcome>;
  /**
   * Sends any request once, as `write` does, and gives the answer as it came; left out where
   * devices are not asked so. Rejects only with the reason of `signal`.
   */
  exchange?(request: PduRequest, signal: AbortSignal): Promise<PduOutcome>;
  /**
   * Asks a unit of which nothing is known, as `read` asks a device; left out where that cannot be.
   * Rejects only with the reason of `signal`.
   */
  query?(request: QueryRequest, signal: AbortSignal): Promise<QueryOutcome>;
  /** When `unit` may be asked again; in the past where nothing holds it back. */
  notBefore(unit: number): UptimeMs;
  /**
   * When `request` may be sent though its unit may be asked before, so that others go first
   * meanwhile; asked before, it waits. Left out where there is nothing such.
   */
  clearAt?(request: ReadRequest): UptimeMs;
  /** Resolves once, with why, when the bus is gone, whoever closed it. Never rejects. */
  readonly closed: Promise<string>;
  /** Throws away what waits in the port, in and out; left out where there is nothing such. */
  flush?(): void;
  /** Closes the bus; pending reads end with `link-closed`. May be called more than once. */
  close(): void;
  counters(): SessionCounters;
}
