import { EventEmitter } from "node:events";

/**
 * What the nodes of a flow hear of a gateway, and ask of it, however it is reached. Emits
 *
 * - `state` with `{ isConnected, why }` when that changes
 * - `readings` with a list of `{ point, unit, value, quality, at }`
 * - `event` with an event of the gateway
 * - `status` with what the gateway says of itself, whenever it comes into reach; after the events
 *   that it tells of before
 * - `missed` with how many readings or events were not told; null where nobody knows
 */
export class Link extends EventEmitter {
  state = { isConnected: false, why: "" };

  constructor() {
    super();
    // As many nodes as a flow has listen.
    this.setMaxListeners(0);
  }

  /** Notes that the gateway is in reach, or why it is not. */
  turned(isConnected, why = "") {
    if (this.state.isConnected === isConnected && this.state.why === why) return;
    this.state = { isConnected, why };
    this.emit("state", this.state);
  }
}
