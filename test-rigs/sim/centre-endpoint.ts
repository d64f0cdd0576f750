import { GatewayError } from "../../edge/core/errors.ts";
import type { SimClock } from "./clock.ts";
import type { Random } from "./random.ts";
import { SimLink } from "./sim-link.ts";

/** What answers at the other end: `connected` is told of a caller, and takes what that sends. */
export type Answering = {
  connected(write: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void;
};

/** The longest that bytes are on their way, in milliseconds. */
const WAY_MS = 40;

/** The TCP port of a centre in virtual time: bytes take their time, in order, in any pieces. */
export class SimCentreEndpoint {
  /** How often a piece is split once more, 0 to 1. */
  splits = 0;
  /** How many connections were made. */
  connections = 0;
  readonly #clock: SimClock;
  readonly #random: Random;
  readonly #centre: Answering;
  #link: SimLink | null = null;
  #isUp = true;
  #arrivesAt = { up: 0, down: 0 };

  constructor(clock: SimClock, random: Random, centre: Answering) {
    this.#clock = clock;
    this.#random = random;
    this.#centre = centre;
  }

  /** Connects. Throws `link.refused` while the centre is away. */
  open({ host, port }: { readonly host: string; readonly port: number }): SimLink {
    if (!this.#isUp) {
      throw new GatewayError("link.refused", `cannot connect to ${host}:${port}: refused`);
    }
    this.connections++;
    const link = new SimLink(
      (bytes) => this.#carry("up", bytes, (part) => link === this.#link && hear(part)),
      () => {
        if (this.#link === link) this.#link = null;
      },
    );
    const hear = this.#centre.connected((bytes) =>
      this.#carry("down", bytes, (part) => link.deliver(part)),
    );
    this.#link = link;
    return link;
  }

  /** The centre goes away: it resets its connection and takes no new one. */
  unplug(): void {
    this.#isUp = false;
    this.#link?.end("connection reset by peer");
  }

  /** The centre takes connections again. */
  plug(): void {
    this.#isUp = true;
  }

  #carry(way: "up" | "down", bytes: Uint8Array, deliver: (part: Uint8Array) => void): void {
    let rest = bytes;
    while (rest.length > 0) {
      const isSplit = rest.length > 1 && this.#random.chance(this.splits);
      const length = isSplit ? this.#random.integer(1, rest.length - 1) : rest.length;
      const part = rest.slice(0, length);
      rest = rest.slice(length);
      const earliest = Math.max(this.#clock.uptime(), this.#arrivesAt[way]);
      const at = earliest + this.#random.between(0, WAY_MS);
      this.#arrivesAt[way] = at;
      this.#clock.at(at, () => deliver(part));
    }
  }
}
