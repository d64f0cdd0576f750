/** CRC-16 of `bytes` as Modbus RTU appends it (Modbus over serial line 2.5.1.2). */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

/** A request as it came over a serial line, and what came behind it. */
export type Request = {
  /** As it stood on the line. */
  readonly frame: Uint8Array;
  readonly unit: number;
  readonly pdu: Uint8Array;
  readonly rest: Uint8Array;
};

/** How a unit and a PDU stand on a serial line. */
export type Framing = {
  /** The frame; the bits of `flaw` are inverted in its check sum. */
  readonly frame: (unit: number, pdu: Uint8Array, flaw?: number) => Uint8Array;
  /** What `frame`, from its first byte to its last, says; null where it is no sound frame. */
  readonly parse: (frame: Uint8Array) => Pick<Request, "unit" | "pdu"> | null;
  /**
   * The first sound request anywhere in `bytes`; what lies before it is noise. Null while there is
   * none.
   */
  readonly take: (bytes: Uint8Array) => Request | null;
};

/** Frames of Modbus RTU (Modbus over serial line V1.02, 2.5.1). */
export const RTU: Framing = {
  frame(unit, pdu, flaw = 0) {
    const body = Uint8Array.of(unit, ...pdu);
    const crc = crc16(body) ^ flaw;
    return Uint8Array.of(...body, crc & 0xff, crc >> 8);
  },
  parse(frame) {
    // The check sum over a frame with its own check sum is 0.
    if (frame.length < 4 || crc16(frame) !== 0) return null;
    return { unit: frame[0] as number, pdu: frame.slice(1, -2) };
  },
  take(bytes) {
    for (let start = 0; start + 4 <= bytes.length; start++) {
      const length = rtuRequestLength(bytes.subarray(start));
      if (length === null || start + length > bytes.length) continue;
      const frame = bytes.subarray(start, start + length);
      const said = RTU.parse(frame);
      if (said !== null) return { frame, ...said, rest: bytes.subarray(start + length) };
    }
    return null;
  },
};

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

/** Frames of Modbus ASCII (Modbus over serial line V1.02, 2.5.2). */
export const ASCII: Framing = {
  frame(unit, pdu, flaw = 0) {
    const body = Uint8Array.of(unit, ...pdu);
    const digits = Buffer.of(...body, lrcOf(body) ^ (flaw & 0xff)).toString("hex");
    return Uint8Array.from(Buffer.from(`:${digits.toUpperCase()}\r\n`, "latin1"));
  },
  parse(frame) {
    const digits = /^:((?:[0-9A-F]{2}){3,})\r\n$/i.exec(Buffer.from(frame).toString("latin1"))?.[1];
    if (digits === undefined) return null;
    const bytes = Uint8Array.from(Buffer.from(digits, "hex"));
    // The check sum over a frame with its own check sum is 0.
    if (lrcOf(bytes) !== 0) return null;
    return { unit: bytes[0] as number, pdu: bytes.slice(1, -1) };
  },
  take(bytes) {
    for (let end = bytes.indexOf(LF) + 1; end > 0; end = bytes.indexOf(LF, end) + 1) {
      const frame = bytes.subarray(bytes.lastIndexOf(COLON, end - 1), end);
      const said = ASCII.parse(frame);
      if (said !== null) return { frame, ...said, rest: bytes.subarray(end) };
    }
    return null;
  },
};

/** The framings of serial lines by their names. */
export const FRAMINGS = { rtu: RTU, ascii: ASCII } as const;

/** The name of a framing of serial lines. */
export type FramingName = keyof typeof FRAMINGS;

const COLON = 0x3a;
const LF = 0x0a;

/** The check sum of ASCII: what makes the sum of all bytes 0 (2.5.2.2). */
function lrcOf(bytes: Uint8Array): number {
  return -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
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
