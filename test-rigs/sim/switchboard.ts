import { GatewayError } from "../../edge/core/errors.ts";
import type { Listener, ListenSettings } from "../../edge/core/link.ts";
import { SimLink } from "./sim-link.ts";

/** Which life of the gateway listens, from 1, and what it does about a call. */
type Listening = {
  readonly life: number;
  readonly onCall: (link: SimLink, address: string) => void;
};

/** A call that was taken, from the caller's side. */
export type Call = {
  /** Sends `bytes` to the gateway; says whether somebody listened. */
  send(bytes: Uint8Array): boolean;
  /** Hangs up. */
  hangUp(why?: string): void;
  readonly isOpen: boolean;
  /** Which life of the gateway took it. */
  readonly life: number;
};

/** What a caller does about what happens on its call. */
export type CallEnds = {
  readonly onBytes: (bytes: Uint8Array) => void;
  readonly onClosed: () => void;
};

/** The simulated network as far as connections to the gateway go: who listens, and who calls. */
export class SimSwitchboard {
  readonly #listening = new Map<string, Listening>();

  /** Begins to listen. Throws `link.refused` where another does already. */
  listen({ host, port }: ListenSettings, own: Listening): Listener {
    const place = `${host}:${port}`;
    if (this.#listening.has(place)) {
      throw new GatewayError("link.refused", `cannot listen on ${place}: address in use`);
    }
    this.#listening.set(place, own);
    const { promise, resolve } = Promise.withResolvers<string>();
    const close = () => {
      if (this.#listening.get(place) === own) this.#listening.delete(place);
      resolve("closed by the gateway");
    };
    return { port, closed: promise, close };
  }

  /** Calls `place` (`host:port`) from `address`; null where nobody listens. */
  call(place: string, address: string, ends: Partial<CallEnds> = {}): Call | null {
    const listening = this.#listening.get(place);
    if (listening === undefined) return null;
    const link: SimLink = new SimLink(
      (bytes) => ends.onBytes?.(bytes),
      () => ends.onClosed?.(),
    );
    listening.onCall(link, address);
    return {
      send: (bytes) => link.deliver(bytes),
      hangUp: (why = "the peer closed the connection") => link.end(why),
      life: listening.life,
      get isOpen() {
        return link.isOpen;
      },
    };
  }
}
