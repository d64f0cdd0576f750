import type { SerialFormat } from "../../edge/core/link.ts";
import { type Area, isBitArea } from "../../edge/core/point.ts";
import type { DevicePace } from "../driver.ts";
import { silenceMs } from "./timing.ts";

/** What decides how long a transaction takes on a bus. Plain data. */
export type LineTime = SerialTime | TcpTime;

type SerialTime = {
  readonly kind: "serial";
  readonly framing: "rtu" | "ascii";
  /** One character with its start, parity and stop bits, in milliseconds. */
  readonly characterMs: number;
  /** The silence before each frame, in milliseconds. */
  readonly silenceMs: number;
  /** From the silence after a request to the first character of the answer, in milliseconds. */
  readonly turnaroundMs: number;
};

type TcpTime = {
  readonly kind: "tcp";
  /** From a request to its answer, the way there and back included, in milliseconds. */
  readonly turnaroundMs: number;
};

/** A bus as far as the time on its line goes; the configuration's have this shape. */
export type TimedBus = {
  /** How long its devices take to begin their answers, as far as is known, in milliseconds. */
  readonly turnaroundMs: number;
} & (
  | {
      readonly kind: "modbus-rtu" | "modbus-ascii";
      readonly serial: { readonly baud: number; readonly format: SerialFormat };
      /** Silence before each request in milliseconds, or null for the standard's. */
      readonly silenceMs: number | null;
    }
  /** What is behind a connection is not known: only how long an answer takes to come. */
  | { readonly kind: "modbus-tcp" | "modbus-udp" | "modbus-dial-in" }
);

/** A read as far as its time on the line goes. */
type Read = { readonly area: Area; readonly count: number; readonly pace?: DevicePace };

/**
 * Characters of a request, of an answer without its data, and of a byte of data. RTU: unit, function
 * code, address and count or byte count, CRC (Modbus Application Protocol V1.1b3, 6.1 to 6.4).
 * ASCII: the same in two digits a byte, with a colon, a check sum of one byte, CR and LF (Modbus
 * over serial line V1.02, 2.5.2.1).
 */
const CHARACTERS = {
  rtu: { request: 8, answer: 5, byte: 1 },
  ascii: { request: 17, answer: 11, byte: 2 },
} as const;

/** What decides how long a transaction takes on `bus`. */
export function lineTimeOf(bus: TimedBus): LineTime {
  const { turnaroundMs } = bus;
  switch (bus.kind) {
    case "modbus-rtu":
    case "modbus-ascii": {
      const { baud, format } = bus.serial;
      return {
        kind: "serial",
        framing: bus.kind === "modbus-rtu" ? "rtu" : "ascii",
        characterMs: (bitsOf(format) * 1000) / baud,
        silenceMs: silenceMs(baud, bus.silenceMs),
        turnaroundMs,
      };
    }
    case "modbus-tcp":
    case "modbus-udp":
    case "modbus-dial-in":
      return { kind: "tcp", turnaroundMs };
  }
}

/** Start bit, data bits, parity where there is one, stop bits. */
function bitsOf(format: SerialFormat): number {
  const [data = "8", parity = "N", stop = "1"] = format;
  return 1 + Number(data) + (parity === "N" ? 0 : 1) + Number(stop);
}

/**
 * How long the line belongs to one read, in milliseconds: the request, 3.5 characters of silence,
 * the device's own time, the answer, and the silence before the next request (Modbus over serial
 * line V1.02, 2.5.1.1). Over TCP the round trip alone.
 */
export function transactionMs(line: LineTime, { area, count, pace }: Read): number {
  const turnaroundMs = pace?.turnaroundMs ?? line.turnaroundMs;
  if (line.kind === "tcp") return turnaroundMs;
  const { request, answer, byte } = CHARACTERS[line.framing];
  const characters = request + answer + byte * dataBytes(area, count);
  const nextSilenceMs = pace?.silenceMs ?? line.silenceMs;
  return characters * line.characterMs + line.silenceMs + turnaroundMs + nextSilenceMs;
}

/** How long the line waits for a device that does not answer, in milliseconds. */
export function unansweredMs(line: LineTime, timeoutMs: number, pace?: DevicePace): number {
  const askingMs = line.kind === "tcp" ? 0 : CHARACTERS[line.framing].request * line.characterMs;
  return askingMs + (pace?.timeoutMs ?? timeoutMs);
}

/** Two bytes a register, eight bits a byte (Modbus Application Protocol V1.1b3, 6.1 and 6.3). */
function dataBytes(area: Area, count: number): number {
  return isBitArea(area) ? Math.ceil(count / 8) : 2 * count;
}
