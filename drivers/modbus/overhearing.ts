import type { UptimeMs } from "../../edge/core/time.ts";
import type { Overheard } from "../query.ts";
import { isRepeated } from "./framer.ts";

/** Bytes beyond these are not counted: something sends without end. */
const BYTES_MAX = 4096;

/** Listens to what comes while one query is under way. */
export class Overhearing {
  readonly #request: Uint8Array;
  readonly #sentAt: UptimeMs;
  #echoed = 0;
  #isEcho = true;
  #bytes = 0;
  readonly #others: number[] = [];

  /** `request` was sent at `sentAt`. */
  constructor(request: Uint8Array, sentAt: UptimeMs) {
    this.#request = request;
    this.#sentAt = sentAt;
  }

  take(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#isEcho && this.#echoed < this.#request.length) {
        this.#isEcho = byte === this.#request[this.#echoed];
        if (this.#isEcho) this.#echoed++;
      }
      if (this.#bytes < BYTES_MAX) this.#bytes++;
    }
  }

  /** A sound frame of `unit` came that is not the answer. */
  takeOther(unit: number): void {
    if (!this.#others.includes(unit)) this.#others.push(unit);
  }

  /** What was heard, with the query ended at `uptime`. */
  heardBy(uptime: UptimeMs): Overheard {
    const { length } = this.#request;
    // Where the answer may look like the request, only one of two is surely the echo.
    const leastBytes = isRepeated(this.#request) ? 2 * length : length;
    const isEchoed = this.#echoed === length && this.#isEcho && this.#bytes >= leastBytes;
    return {
      tookMs: Math.max(0, uptime - this.#sentAt),
      isEchoed,
      bytes: this.#bytes - (isEchoed ? length : 0),
      others: this.#others,
    };
  }
}

/** What was heard of a query that was never sent. */
export const NOTHING_HEARD: Overheard = { tookMs: 0, isEchoed: false, bytes: 0, others: [] };
