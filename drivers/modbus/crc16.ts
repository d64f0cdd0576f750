const TABLE = Uint16Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  return crc;
});

/** Bytes of the check sum: what serial-line form has behind unit and PDU. */
export const CRC_LENGTH = 2;

/**
 * The check sum of `bytes` from `start` up to, not including, `end` (Modbus over serial line
 * V1.02, 6.2.2), continued from that of the bytes before, `before`. On the wire its low byte comes
 * first; over a frame with its check sum it is 0.
 */
export function crc16(bytes: Uint8Array, start = 0, end = bytes.length, before = 0xffff): number {
  let crc = before;
  for (let i = start; i < end; i++) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number);
  }
  return crc;
}

/** Whether the frame from `start` up to, not including, `end` ends with its own check sum. */
export function passesCrc(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  if (end - start < 4) return false;
  const crc = crc16(bytes, start, end - 2);
  return bytes[end - 2] === (crc & 0xff) && bytes[end - 1] === crc >>> 8;
}

/** `body` with its check sum behind it. */
export function withCrc(body: Uint8Array): Uint8Array {
  const crc = crc16(body);
  const frame = new Uint8Array(body.length + 2);
  frame.set(body);
  frame[body.length] = crc & 0xff;
  frame[body.length + 1] = crc >>> 8;
  return frame;
}
