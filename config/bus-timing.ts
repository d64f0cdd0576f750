import type { SerialSettings } from "../edge/core/link.ts";

/** From the end of a request to the first byte of the answer: the device and its adapter. */
const DEVICE_DELAY_MS = 200;

const SHORTEST_TIMEOUT_MS = 300;

/** How Modbus is put on a serial line. */
export type SerialFraming = "rtu" | "ascii";

/**
 * Characters around the registers of an answer, and of one register. RTU: unit, function code,
 * byte count and CRC; ASCII: the same in digits with a check sum of one byte, colon, CR and LF.
 */
const ANSWER = {
  rtu: { overhead: 5, register: 2 },
  ascii: { overhead: 11, register: 4 },
} as const satisfies Record<SerialFraming, object>;

/** How long `characters` take on the line, in milliseconds. */
export function wireTimeMs({ baud, format }: SerialSettings, characters: number): number {
  const [data = "8", parity = "N", stop = "1"] = format;
  const bits = 1 + Number(data) + (parity === "N" ? 0 : 1) + Number(stop);
  return (characters * bits * 1000) / baud;
}

/**
 * The time-out of a serial line that names none: time for the device and for the longest answer
 * that can be asked for (`registers` of them), at least 300 ms, in whole steps of 50 ms.
 */
export function serialTimeoutMs(
  serial: SerialSettings,
  registers: number,
  framing: SerialFraming,
): number {
  const { overhead, register } = ANSWER[framing];
  const answerMs = wireTimeMs(serial, overhead + register * registers);
  const stepMs = 50;
  const neededMs = Math.ceil((DEVICE_DELAY_MS + answerMs) / stepMs) * stepMs;
  return Math.max(SHORTEST_TIMEOUT_MS, neededMs);
}

/** How long a unit is left alone after a time-out where the bus names no `grace`. */
export function graceMs(timeoutMs: number): number {
  return Math.max(1000, 2 * timeoutMs);
}
