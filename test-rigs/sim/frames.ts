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

/** A Modbus TCP frame, taken apart. */
export type TcpFrame = {
  readonly transaction: number;
  readonly unit: number;
  readonly pdu: Uint8Array;
};

/** Transaction, protocol, length and unit (Modbus messaging on TCP/IP V1.0b, 3.1.3). */
const TCP_HEADER = 7;

/** A Modbus TCP frame around `pdu`. */
export function tcpFrame({ transaction, unit, pdu }: TcpFrame): Uint8Array {
  const frame = new Uint8Array(TCP_HEADER + pdu.length);
  const view = new DataView(frame.buffer);
  view.setUint16(0, transaction);
  view.setUint16(4, pdu.length + 1);
  view.setUint8(6, unit);
  frame.set(pdu, TCP_HEADER);
  return frame;
}

/** The Modbus TCP frame at the start of `bytes`, and its length; null while it is not whole. */
export function parseTcp(bytes: Uint8Array): (TcpFrame & { readonly length: number }) | null {
  if (bytes.length < TCP_HEADER) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = TCP_HEADER - 1 + view.getUint16(4);
  if (bytes.length < length) return null;
  const pdu = bytes.slice(TCP_HEADER, length);
  return { transaction: view.getUint16(0), unit: view.getUint8(6), pdu, length };
}
