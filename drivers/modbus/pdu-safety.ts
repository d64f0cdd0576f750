import type { AddressRange } from "../driver.ts";
import { DIAGNOSTICS } from "./open-answer.ts";

/**
 * The functions that read and change nothing (Modbus Application Protocol V1.1b3, 6): coils,
 * inputs, registers, exception status, event counter and log, server ID, file record, FIFO queue.
 */
const READING = [1, 2, 3, 4, 7, 11, 12, 17, 20, 24];

const RETURN_QUERY_DATA = 0;
const ENCAPSULATED = 43;
const DEVICE_IDENTIFICATION = 14;

/**
 * Whether a device that carries `pdu` out is as it was before. Diagnostics but for the return of
 * the query, file and register writes, interfaces other than identification, and functions that
 * makers define are not known to be harmless.
 */
export function isHarmless(pdu: Uint8Array): boolean {
  const [code = 0, second, third] = pdu;
  if (code === DIAGNOSTICS) return second === 0 && third === RETURN_QUERY_DATA;
  if (code === ENCAPSULATED) return second === DEVICE_IDENTIFICATION;
  return READING.includes(code);
}

/** What `pdu` writes, where it is a function that writes coils or registers; null otherwise. */
export function writtenBy(pdu: Uint8Array): AddressRange | null {
  const view = new DataView(pdu.buffer, pdu.byteOffset, pdu.byteLength);
  const numberAt = (at: number) => (at + 2 <= pdu.length ? view.getUint16(at) : 0);
  switch (pdu[0]) {
    case 5:
      return { area: "coil", address: numberAt(1), count: 1 };
    case 6:
    case 22:
      return { area: "holding", address: numberAt(1), count: 1 };
    case 15:
      return { area: "coil", address: numberAt(1), count: numberAt(3) };
    case 16:
      return { area: "holding", address: numberAt(1), count: numberAt(3) };
    case 23:
      return { area: "holding", address: numberAt(5), count: numberAt(7) };
    default:
      return null;
  }
}

/** What `pdu` reads, where it is a function that reads bits or registers; null otherwise. */
export function readBy(pdu: Uint8Array): AddressRange | null {
  const view = new DataView(pdu.buffer, pdu.byteOffset, pdu.byteLength);
  const area = READ_AREAS.get(pdu[0] ?? 0);
  if (area === undefined || pdu.length < 5) return null;
  return { area, address: view.getUint16(1), count: view.getUint16(3) };
}

/** The areas by the function that reads them; 23 reads before it writes. */
const READ_AREAS: ReadonlyMap<number, AddressRange["area"]> = new Map([
  [1, "coil"],
  [2, "discrete"],
  [3, "holding"],
  [4, "input"],
  [23, "holding"],
]);
