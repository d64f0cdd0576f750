/** What a byte does to the register that it came into: eight shifts with 0xA001. */
const TABLE = Uint16Array.from({ length: 256 }, (_, index) => {
  let register = index;
  for (let bit = 0; bit < 8; bit++) {
    register = register & 1 ? (register >>> 1) ^ 0xa001 : register >>> 1;
  }
  return register;
});

/**
 * The check sum of a data segment (HJ 212-2017, Annex A). It is not CRC-16/MODBUS: the register's
 * high byte is what each byte is combined with, and its low byte is lost, so only 256 values exist.
 * A frame is therefore never believed for its check sum alone.
 */
export function crcOf(segment: Uint8Array): number {
  let register = 0xffff;
  for (const byte of segment) register = TABLE[((register >>> 8) ^ byte) & 0xff] as number;
  return register;
}

/** CRC-16/MODBUS, which some senders put into frames of HJ 212 by mistake. */
export function modbusCrcOf(segment: Uint8Array): number {
  let register = 0xffff;
  for (const byte of segment) {
    register = (register >>> 8) ^ (TABLE[(register ^ byte) & 0xff] as number);
  }
  return register;
}

/** A check sum as it stands in a frame: four upper-case digits, the high byte first. */
export function crcText(crc: number): string {
  return crc.toString(16).toUpperCase().padStart(4, "0");
}
