import { after, type UptimeMs } from "../../edge/core/time.ts";

/** The most that a peer may send in a second without an answer in it, in bytes. */
const FLOOD_MAX = 65_536;

/** Over what time a flood is measured, in milliseconds. */
const FLOOD_MS = 1000;

/**
 * How much a peer sends that answers nothing. No device sends a flood, and whoever does takes the
 * time that all the others need.
 */
export class Flood {
  #since = 0 as UptimeMs;
  #bytes = 0;

  /** `bytes` more came. */
  take(bytes: number, now: UptimeMs): void {
    if (now > after(this.#since, FLOOD_MS)) {
      this.#since = now;
      this.#bytes = 0;
    }
    this.#bytes += bytes;
  }

  /** The peer answered a request. */
  answered(now: UptimeMs): void {
    this.#since = now;
    this.#bytes = 0;
  }

  get isThere(): boolean {
    return this.#bytes > FLOOD_MAX;
  }
}
