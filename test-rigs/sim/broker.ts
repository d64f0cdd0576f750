import { GatewayError } from "../../edge/core/errors.ts";
import type {
  MqttSettings,
  Outgoing,
  PublishOutcome,
  Receiver,
  Uplink,
} from "../../edge/core/uplink.ts";
import type { SimClock } from "./clock.ts";
import type { Random } from "./random.ts";
import type { Trace } from "./trace.ts";

/** A message that the broker handed to the subscriber. */
export type Delivery = Omit<Outgoing, "payload"> & {
  readonly payload: string;
  /** Simulated wall time and uptime of the delivery. */
  readonly at: number;
  readonly uptime: number;
};

/** What can befall a message. */
export type BrokerFaults = {
  /** How often the acknowledgement of a delivered message is lost with the session. */
  readonly ackLost: number;
  /** The longest that a message is under way to the broker, in milliseconds. */
  readonly carryMs: number;
  /** The longest that an acknowledgement takes, in milliseconds. */
  readonly slowMs: number;
};

export const NO_BROKER_FAULTS: BrokerFaults = { ackLost: 0, carryMs: 5, slowMs: 20 };

/**
 * A broker and its one subscriber, as a gateway sees them: it can be away, forget its sessions,
 * lose acknowledgements, and have nobody to hand a message to.
 */
export class SimBroker {
  readonly deliveries: Delivery[] = [];
  faults: BrokerFaults = NO_BROKER_FAULTS;
  hasSubscriber = true;
  /** Other brokers, by their urls: whoever connects to one of these gets there. */
  readonly elsewhere = new Map<string, SimBroker>();
  readonly #clock: SimClock;
  readonly #random: Random;
  readonly #trace: Trace;
  #isUp = true;
  #session: Session | null = null;

  constructor(clock: SimClock, random: Random, trace: Trace) {
    this.#clock = clock;
    this.#random = random;
    this.#trace = trace;
  }

  async connect(settings: MqttSettings, signal: AbortSignal): Promise<Uplink> {
    const other = this.elsewhere.get(settings.url);
    if (other !== undefined) return await other.connect(settings, signal);
    const waitMs = this.#random.between(1, 40);
    await this.#clock.sleep(waitMs, signal).catch((cause) => {
      throw new GatewayError("uplink.refused", "stopped", { cause });
    });
    if (!this.#isUp) {
      throw new GatewayError("uplink.refused", "the simulated broker is away");
    }
    this.#session?.end("another session with the same client id");
    const session = new Session(
      settings.receiver ?? null,
      (message) => this.#carry(session, message),
      (isFarewell) => this.#leave(session, isFarewell ? null : (settings.will ?? null)),
    );
    this.#session = session;
    this.#trace.add("broker", "session opened");
    return session;
  }

  /** Goes away, with every session. */
  goAway(): void {
    this.#isUp = false;
    this.dropSession();
  }

  comeBack(): void {
    this.#isUp = true;
  }

  /** The connection breaks. */
  dropSession(): void {
    this.#session?.end("the connection is gone");
  }

  /** The gateway's process died: nobody is told anything any more. */
  orphan(): void {
    this.#session?.orphan();
    this.#session = null;
    for (const other of this.elsewhere.values()) other.orphan();
  }

  /** Hands a message to the gateway, if it is there and has subscribed to that. */
  tell(topic: string, payload: Uint8Array): void {
    this.#trace.add("broker", `to the gateway: ${topic} ${payload.length}`);
    this.#session?.hear(topic, payload);
  }

  async #carry(session: Session, message: Outgoing): Promise<PublishOutcome> {
    await this.#clock.sleep(this.#random.between(0.5, this.faults.carryMs));
    if (!session.isOpen) return "failed";
    const isTaken = message.retain || this.hasSubscriber;
    if (isTaken) this.#deliver(message);
    if (this.#random.chance(this.faults.ackLost)) {
      session.end("the connection is gone, and an acknowledgement with it");
      return "failed";
    }
    await this.#clock.sleep(this.#random.between(0.5, this.faults.slowMs));
    return isTaken ? "accepted" : "unclaimed";
  }

  #deliver(message: Outgoing): void {
    const { topic } = message;
    const payload = textOf(message);
    this.#trace.add("broker", `${topic} ${payload}`);
    this.deliveries.push({
      ...message,
      payload,
      at: this.#clock.now(),
      uptime: this.#clock.uptime(),
    });
  }

  #leave(session: Session, will: Outgoing | null): void {
    if (this.#session !== session) return;
    this.#session = null;
    this.#trace.add("broker", "session ended");
    if (this.#isUp && will !== null) this.#deliver(will);
  }
}

/** The payload as text, whichever way it was handed over. */
export function textOf({ payload }: Outgoing): string {
  return typeof payload === "string" ? payload : new TextDecoder().decode(payload);
}

class Session implements Uplink {
  readonly receiveMaximum = 65_535;
  readonly closed: Promise<string>;
  readonly #tellClosed: (why: string) => void;
  readonly #carry: (message: Outgoing) => Promise<PublishOutcome>;
  readonly #onEnd: (isFarewell: boolean) => void;
  readonly #waiting = new Set<(outcome: PublishOutcome) => void>();
  readonly #receiver: Receiver | null;
  readonly #topics = new Set<string>();
  #state: "open" | "ended" | "orphaned" = "open";

  constructor(
    receiver: Receiver | null,
    carry: (message: Outgoing) => Promise<PublishOutcome>,
    onEnd: (isFarewell: boolean) => void,
  ) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.#tellClosed = resolve;
    this.#receiver = receiver;
    this.#carry = carry;
    this.#onEnd = onEnd;
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  publish(message: Outgoing): Promise<PublishOutcome> {
    return new Promise((resolve) => {
      if (this.#state === "ended") return resolve("failed");
      if (this.#state === "orphaned") return;
      this.#waiting.add(resolve);
      void this.#carry(message).then((outcome) => {
        if (this.#waiting.delete(resolve)) resolve(outcome);
      });
    });
  }

  subscribe(wanted: Parameters<Uplink["subscribe"]>[0]): Promise<boolean> {
    for (const { topic } of wanted) this.#topics.add(topic);
    return Promise.resolve(this.isOpen);
  }

  hear(topic: string, payload: Uint8Array): void {
    if (!this.isOpen || !this.#topics.has(topic)) return;
    const more = { responseTopic: null, correlation: null, contentType: null } as const;
    this.#receiver?.onMessage({ topic, payload, retain: false, expiresInMs: null, ...more });
  }

  ping(): Promise<boolean> {
    return Promise.resolve(this.isOpen);
  }

  close(): Promise<void> {
    this.end("closed by the gateway", true);
    return Promise.resolve();
  }

  abandon(): void {
    this.end("broken off by the gateway");
  }

  end(why: string, isFarewell = false): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    for (const settle of this.#waiting) settle("failed");
    this.#waiting.clear();
    this.#onEnd(isFarewell);
    this.#tellClosed(why);
  }

  orphan(): void {
    this.#state = "orphaned";
    this.#waiting.clear();
  }
}
