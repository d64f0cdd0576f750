/** Start bit, 8 data bits, parity or a second stop bit, stop bit (Modbus over serial line 2.5.1). */
const BITS_PER_CHARACTER = 11;

/** The bits of the shortest character, as in 8N1 and 7E1, and how much too fast a port may be. */
const BITS_LEAST = 10;
const FASTEST = 1.05;

/** Above this speed the silence is a fixed time (Modbus over serial line V1.02, 2.5.1.1). */
const FIXED_SILENCE_ABOVE_BAUD = 19_200;
const FIXED_SILENCE_MS = 1.75;

/** How long `bytes` bytes take on a line of `baud` bits per second, in milliseconds. */
export function transmitMs(bytes: number, baud: number): number {
  return (bytes * BITS_PER_CHARACTER * 1000) / baud;
}

/** The least time in which `bytes` bytes can pass a line of `baud` bits per second, in milliseconds. */
export function leastTransmitMs(bytes: number, baud: number): number {
  return (bytes * BITS_LEAST * 1000) / (baud * FASTEST);
}

/**
 * The silence that parts two frames: 3.5 characters, fixed above 19200 baud, in milliseconds
 * (Modbus over serial line V1.02, 2.5.1.1). Where more is asked for, that.
 */
export function silenceMs(baud: number, askedMs: number | null = null): number {
  const leastMs = baud > FIXED_SILENCE_ABOVE_BAUD ? FIXED_SILENCE_MS : transmitMs(3.5, baud);
  return Math.max(leastMs, askedMs ?? 0);
}
