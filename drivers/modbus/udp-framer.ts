import type { Found, Framer } from "./framer.ts";
import { frameLength, TcpFramer, Transactions } from "./tcp-framer.ts";

/**
 * Frames of Modbus over UDP: one in each datagram, with the header of Modbus TCP. Datagrams get
 * lost, come twice and overtake each other, and the transaction identifier tells them apart. One
 * that is no whole frame is thrown away; the next is not the worse for it.
 */
export class UdpFramer implements Framer {
  readonly #frames: TcpFramer;
  #discarded = 0;

  constructor(transactions = new Transactions()) {
    this.#frames = new TcpFramer([], transactions);
  }

  /** A datagram is whole or does not come. */
  readonly isGarbled = false;

  get discarded(): number {
    return this.#discarded;
  }

  ask(request: Uint8Array, isOpen = false): Uint8Array {
    return this.#frames.ask(request, isOpen);
  }

  quiet(): readonly Found[] {
    return this.#frames.quiet();
  }

  giveUp(): boolean {
    return this.#frames.giveUp();
  }

  take(datagram: Uint8Array): readonly Found[] {
    if (frameLength(datagram) === datagram.length) return this.#frames.take(datagram);
    this.#discarded += datagram.length;
    return [];
  }
}
