/** CRC-16 of `bytes` as Modbus RTU appends it (Modbus over serial line 2.5.1.2). */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

/** The RTU frame of `pdu` to or from `unit`. */
export function rtuFrame(unit: number, pdu: Uint8Array): Uint8Array {
  const body = Uint8Array.of(unit, ...pdu);
  const crc = crc16(body);
  return Uint8Array.of(...body, crc & 0xff, crc >> 8);
}

/** The Modbus TCP frame of `pdu` (Modbus Messaging on TCP/IP 3.1.3). */
export function tcpFrame(transaction: number, unit: number, pdu: Uint8Array): Uint8Array {
  const header = Buffer.alloc(7);
  header.writeUInt16BE(transaction, 0);
  header.writeUInt16BE(pdu.length + 1, 4);
  header.writeUInt8(unit, 6);
  return Buffer.concat([header, pdu]);
}

/** A request, and what came behind it. */
export type Request = {
  /** Which request of a TCP connection; 0 on a serial line. */
  readonly transaction: number;
  readonly unit: number;
  readonly pdu: Uint8Array;
  readonly rest: Uint8Array;
};

/**
 * The first request with a right check sum anywhere in `bytes`; what lies before it is noise.
 * Null while there is none.
 */
export function takeRtuRequest(bytes: Uint8Array): Request | null {
  for (let start = 0; start + 4 <= bytes.length; start++) {
    const length = rtuRequestLength(bytes.subarray(start));
    if (length === null || start + length > bytes.length) continue;
    const frame = bytes.subarray(start, start + length);
    if (crc16(frame) !== 0) continue;
    return {
      transaction: 0,
      unit: frame[0] ?? 0,
      pdu: frame.subarray(1, -2),
      rest: bytes.subarray(start + length),
    };
  }
  return null;
}

/** Null where the function code is unknown or the byte count has not come yet. */
function rtuRequestLength(bytes: Uint8Array): number | null {
  const code = bytes[1] ?? 0;
  if ((code >= 1 && code <= 6) || code === 8) return 8;
  if (code === 7 || code === 17) return 4;
  if (code === 43) return 7;
  if (code !== 15 && code !== 16) return null;
  const count = bytes[6];
  return count === undefined ? null : 9 + count;
}

/** The first request in `bytes` from a TCP connection, null while it is not complete. */
export function takeTcpRequest(bytes: Uint8Array): Request | null {
  const buffer = Buffer.from(bytes);
  if (buffer.length < 8) return null;
  const end = 6 + buffer.readUInt16BE(4);
  if (buffer.length < end) return null;
  return {
    transaction: buffer.readUInt16BE(0),
    unit: buffer.readUInt8(6),
    pdu: buffer.subarray(7, end),
    rest: buffer.subarray(end),
  };
}
