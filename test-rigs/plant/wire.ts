/** How long a character with start, parity and stop bits takes at `baud`, in milliseconds. */
export function characterMs(baud: number): number {
  return (BITS_PER_CHARACTER * 1000) / baud;
}

/** The silence before a frame of RTU, in milliseconds (Modbus over serial line 2.5.1.1). */
export function silenceMs(baud: number): number {
  return baud > 19_200 ? 1.75 : 3.5 * characterMs(baud);
}

/** Start bit, 8 data bits, parity or second stop bit, stop bit (Modbus over serial line 2.5.1). */
const BITS_PER_CHARACTER = 11;

/** Characters that wait for the line beyond this are dropped, as a full UART would. */
const MAX_WAITING = 65_536;

/**
 * One direction of a serial line: bytes put in come out at the pace of the baud rate, each when
 * its last bit would be over. What is due comes out once a millisecond, in one piece.
 */
export class Wire {
  readonly #characterMs: number;
  readonly #deliver: (bytes: Uint8Array) => void;
  #waiting: Uint8Array = new Uint8Array(0);
  /** When the first waiting character began, on the clock of `performance.now()`. */
  #beganMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #dropped = 0;

  constructor(baud: number, deliver: (bytes: Uint8Array) => void) {
    this.#characterMs = characterMs(baud);
    this.#deliver = deliver;
  }

  /** Whether characters are on the line. */
  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  /** Characters refused because too many were waiting. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Puts `bytes` on the line, behind those that are still waiting. */
  put(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#waiting.length + bytes.length > MAX_WAITING) {
      this.#dropped += bytes.length;
      return;
    }
    if (!this.isBusy) this.#beganMs = performance.now();
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    this.#timer ??= setTimeout(this.#tick, 1);
  }

  /** Takes all waiting characters off the line. */
  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = new Uint8Array(0);
  }

  readonly #tick = (): void => {
    this.#timer = null;
    const elapsedMs = performance.now() - this.#beganMs;
    const due = Math.min(this.#waiting.length, Math.floor(elapsedMs / this.#characterMs));
    const bytes = this.#waiting.subarray(0, due);
    this.#waiting = this.#waiting.subarray(due);
    this.#beganMs += due * this.#characterMs;
    if (this.isBusy) this.#timer = setTimeout(this.#tick, 1);
    if (due > 0) this.#deliver(bytes);
  };
}
