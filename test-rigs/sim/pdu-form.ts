import type { AddressRange } from "../../drivers/driver.ts";
import type { Area } from "../../edge/core/point.ts";

const AREA_OF: Readonly<Record<number, Area>> = {
  1: "coil",
  2: "discrete",
  3: "holding",
  4: "input",
};

/** Bytes of the requests that have always the same (Modbus Application Protocol V1.1b3, 6). */
const LENGTHS: Readonly<Record<number, number>> = {
  ...{ 1: 5, 2: 5, 3: 5, 4: 5, 5: 5, 6: 5, 7: 1, 8: 5, 11: 1, 12: 1, 17: 1, 22: 7, 24: 3, 43: 4 },
};

/** Where the byte count of what follows it stands. */
const COUNT_AT: Readonly<Record<number, number>> = { 15: 5, 16: 5, 20: 1, 21: 1, 23: 9 };

/** Function code and data (4.1). */
const PDU_MAX = 253;

/** Whether `pdu` can be a request: of the form of its function, or of a function without a known one. */
export function isWellFormed(pdu: Uint8Array): boolean {
  const [code = 0] = pdu;
  if (code < 1 || code > 127 || pdu.length > PDU_MAX) return false;
  const countAt = COUNT_AT[code];
  if (countAt !== undefined) return pdu.length === countAt + 1 + (pdu[countAt] ?? 0);
  return pdu.length === (LENGTHS[code] ?? pdu.length);
}

/** What the request `pdu` reads; null where it reads no addresses. */
export function readOf(pdu: Uint8Array): AddressRange | null {
  const area = AREA_OF[pdu[0] ?? 0];
  if (area === undefined || !isWellFormed(pdu)) return null;
  const view = new DataView(pdu.buffer, pdu.byteOffset, pdu.byteLength);
  return { area, address: view.getUint16(1), count: view.getUint16(3) };
}
