/** The check sum of a serial line (Modbus over serial line V1.02, 6.2.2), bit by bit. */
export function crcOf(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

/** A serial-line frame around `pdu`. */
export function serialFrame(unit: number, pdu: Uint8Array): Uint8Array {
  const body = Uint8Array.of(unit, ...pdu);
  const crc = crcOf(body);
  return Uint8Array.of(...body, crc & 0xff, crc >>> 8);
}

/** The unit and PDU of a serial-line frame, or null where it does not pass its check sum. */
export function parseSerial(frame: Uint8Array): { unit: number; pdu: Uint8Array } | null {
  // The check sum over a frame with its own check sum is 0.
  if (frame.length < 4 || crcOf(frame) !== 0) return null;
  return { unit: frame[0] as number, pdu: frame.slice(1, -2) };
}
