import type { Checksum } from "../../edge/core/talker.ts";

/** The check sum of `bytes` as it stands on the wire. */
export function checksumOf(checksum: Checksum, bytes: Uint8Array): readonly number[] {
  switch (checksum.kind) {
    case "sum8":
      return [sum(bytes) & 0xff];
    case "sum8-negated":
      return [-sum(bytes) & 0xff];
    case "sum16":
      return [(sum(bytes) >>> 8) & 0xff, sum(bytes) & 0xff];
    case "xor8":
      return [bytes.reduce((all, byte) => all ^ byte, 0)];
    case "crc16-modbus": {
      const crc = crc16Modbus(bytes);
      return [crc & 0xff, crc >>> 8];
    }
    case "crc8":
      return [crc8(bytes, checksum.polynomial, checksum.init)];
  }
}

function sum(bytes: Uint8Array): number {
  return bytes.reduce((all, byte) => all + byte, 0);
}

/** Modbus over serial line V1.02, 6.2.2: polynomial 8005, reflected, begun with FFFF. */
function crc16Modbus(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

/** Highest bit first, not reflected, nothing added at the end. */
function crc8(bytes: Uint8Array, polynomial: number, init: number): number {
  let crc = init;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc & 0x80 ? (crc << 1) ^ polynomial : crc << 1) & 0xff;
    }
  }
  return crc;
}
