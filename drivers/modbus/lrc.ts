/**
 * The check sum of ASCII frames: the two's complement of the sum of `bytes`, 0 to 255 (Modbus over
 * serial line V1.02, 6.2.1).
 */
export function lrcOf(bytes: Uint8Array): number {
  return -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
}
