import type { MqttDestination } from "../../config/mqtt-config.ts";
import { GatewayError } from "../core/errors.ts";
import { shownUrl } from "../core/shown-url.ts";
import { after, type UptimeMs } from "../core/time.ts";
import type { Outgoing, Receiver, Uplink } from "../core/uplink.ts";
import type { World } from "../world.ts";
import { mqttSettings } from "./mqtt-settings.ts";

export type BrokersParts = {
  readonly world: Pick<World, "clock" | "connectMqtt" | "log">;
  readonly destination: MqttDestination;
  readonly gateway: string;
  /** What a broker publishes when the session dies. */
  readonly will: () => Outgoing | null;
  /** Takes what comes in its sessions; null where nothing is to. */
  readonly receiver: Receiver | null;
};

/**
 * The brokers of one destination, in the order of preference: the first that takes a session has
 * it. From another than the first it is looked from time to time whether one before it is back.
 */
export class Brokers {
  readonly #parts: BrokersParts;
  readonly #onFound: () => void;
  /** Which of them has the session. */
  #current = 0;
  /** When to look for a better one; null while the first has it, or somebody looks. */
  #lookAt: UptimeMs | null = null;
  #found: { readonly index: number; readonly uplink: Uplink } | null = null;

  /** `onFound` is called when a better one has taken a session: `take` has it. */
  constructor(parts: BrokersParts, onFound: () => void) {
    this.#parts = parts;
    this.#onFound = onFound;
  }

  /** Which broker has the session; null where there is but one. */
  get url(): string | null {
    const { urls } = this.#parts.destination;
    return urls.length > 1 ? shownUrl(urls[this.#current] ?? "") : null;
  }

  /** When `look` has something to do; null for never. */
  get nextEnd(): UptimeMs | null {
    return this.#lookAt;
  }

  /** Whether a better broker has taken a session. */
  get hasFound(): boolean {
    return this.#found !== null;
  }

  /**
   * Opens a session with the first broker that takes one, or hands out the one that was found.
   * Rejects with the code of the first broker and what is wrong with each.
   */
  async connect(signal: AbortSignal): Promise<Uplink> {
    const found = this.#found;
    this.#found = null;
    if (found !== null) return this.#use(found.index, found.uplink);
    const faults: GatewayError[] = [];
    for (const [index, url] of this.#parts.destination.urls.entries()) {
      try {
        return this.#use(index, await this.#open(url, signal));
      } catch (error) {
        if (signal.aborted || !(error instanceof GatewayError)) throw error;
        faults.push(error);
      }
    }
    const [first] = faults;
    const text = faults.map(({ message }) => message).join("; ");
    throw new GatewayError(first?.code ?? "uplink.refused", text, { cause: first });
  }

  /** Where it is time, looks beside the session that there is for a better broker. */
  look(signal: AbortSignal): void {
    if (this.#lookAt === null || this.#parts.world.clock.uptime() < this.#lookAt) return;
    this.#lookAt = null;
    void this.#lookFor(signal).then((found) => {
      if (found === null) this.#plan();
      else if (signal.aborted) found.uplink.abandon();
      else {
        this.#found = found;
        this.#onFound();
      }
    });
  }

  /** Gives up what was found and not taken. */
  abandon(): void {
    this.#found?.uplink.abandon();
    this.#found = null;
  }

  async #lookFor(signal: AbortSignal) {
    const { urls } = this.#parts.destination;
    for (const [index, url] of urls.slice(0, this.#current).entries()) {
      const uplink = await this.#open(url, signal).catch(() => null);
      if (uplink !== null) return { index, uplink };
    }
    return null;
  }

  #use(index: number, uplink: Uplink): Uplink {
    const { world, destination } = this.#parts;
    const { name, urls } = destination;
    if (index !== this.#current) {
      const text = `destination ${name}: its broker is now ${shownUrl(urls[index] ?? "")}, by preference ${index + 1} of ${urls.length}`;
      world.log(index === 0 ? "info" : "warn", text);
    }
    this.#current = index;
    this.#plan();
    return uplink;
  }

  #plan(): void {
    const { world, destination } = this.#parts;
    const isFirst = this.#current === 0;
    this.#lookAt = isFirst ? null : after(world.clock.uptime(), destination.returnAfterMs);
  }

  #open(url: string, signal: AbortSignal): Promise<Uplink> {
    const { world, destination, gateway, will, receiver } = this.#parts;
    const settings = mqttSettings(destination, url, gateway, will());
    return world.connectMqtt({ ...settings, ...(receiver !== null && { receiver }) }, signal);
  }
}
