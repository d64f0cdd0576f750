import { GatewayError } from "../../../edge/core/errors.ts";
import type {
  Incoming,
  MqttSettings,
  Outgoing,
  PublishOutcome,
  Subscription,
  Uplink,
} from "../../../edge/core/uplink.ts";
import type { SimClock } from "../../sim/clock.ts";
import type { Random } from "../../sim/random.ts";

/** What can befall a message. */
export type FleetBrokerFaults = {
  /** How often it is handed on twice. */
  readonly twice: number;
  /** The longest that it takes from one to the other, in milliseconds. */
  readonly carryMs: number;
};

type Session = {
  readonly id: string;
  readonly settings: MqttSettings;
  readonly topics: string[];
  readonly end: (why: string) => void;
  isOpen: boolean;
  /** When the last message arrives that is under way to it: none overtakes another. */
  arrives: number;
};

/** A broker in virtual time for a whole fleet: MQTT 5 as far as a fleet needs it, with QoS 1. */
export class FleetBroker {
  faults: FleetBrokerFaults = { twice: 0, carryMs: 50 };
  /** Everything that was published, where somebody wants to look at it. */
  onPublished: (message: Outgoing) => void = () => {};
  readonly #clock: SimClock;
  readonly #random: Random;
  readonly #sessions = new Map<string, Session>();
  readonly #kept = new Map<string, Outgoing>();
  #isUp = true;

  constructor(clock: SimClock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Dies with all sessions and sends no will; it forgets what it kept unless it `keeps`. */
  goAway(keeps: boolean): void {
    this.#isUp = false;
    if (!keeps) this.#kept.clear();
    for (const session of [...this.#sessions.values()]) this.#end(session, "gone", true);
  }

  comeBack(): void {
    this.#isUp = true;
  }

  readonly connect = async (settings: MqttSettings, signal: AbortSignal): Promise<Uplink> => {
    await this.#clock.sleep(this.#random.between(1, 40), signal).catch((cause) => {
      throw new GatewayError("uplink.refused", "stopped", { cause });
    });
    if (!this.#isUp) throw new GatewayError("uplink.refused", "the simulated broker is away");
    const { promise: closed, resolve } = Promise.withResolvers<string>();
    const before = this.#sessions.get(settings.clientId);
    if (before !== undefined) this.#end(before, "taken over", false);
    const session: Session = {
      id: settings.clientId,
      settings,
      topics: [],
      end: resolve,
      isOpen: true,
      arrives: 0,
    };
    this.#sessions.set(session.id, session);
    const failed = closed.then((): PublishOutcome => "failed");
    return {
      receiveMaximum: 65_535,
      closed,
      publish: (message) => Promise.race([this.#take(session, message), failed]),
      subscribe: (wanted) => Promise.resolve(this.#subscribe(session, wanted)),
      ping: async () => {
        await this.#clock.sleep(2 * this.faults.carryMs);
        return session.isOpen;
      },
      close: () => Promise.resolve(this.#end(session, "closed", true)),
      abandon: () => this.#end(session, "abandoned", false),
    };
  };

  #subscribe(session: Session, wanted: readonly Subscription[]): boolean {
    if (!session.isOpen) return false;
    session.topics.push(...wanted.map(({ topic }) => topic));
    for (const message of this.#kept.values()) {
      if (wanted.some(({ topic }) => fits(topic, message.topic))) {
        this.#hand(session, message, true);
      }
    }
    return true;
  }

  async #take(session: Session, message: Outgoing): Promise<PublishOutcome> {
    if (!session.isOpen) return "failed";
    const isClaimed = this.#spread(message);
    await this.#clock.sleep(this.#random.between(1, this.faults.carryMs));
    if (!session.isOpen) return "failed";
    return isClaimed ? "accepted" : "unclaimed";
  }

  /** Hands `message` to all who want it; false where nobody does. */
  #spread(message: Outgoing): boolean {
    if (message.retain) this.#kept.set(message.topic, message);
    this.onPublished(message);
    let isClaimed = false;
    for (const session of this.#sessions.values()) {
      if (!session.topics.some((topic) => fits(topic, message.topic))) continue;
      isClaimed = true;
      this.#hand(session, message, false);
      if (this.#random.chance(this.faults.twice)) this.#hand(session, message, false);
    }
    return isClaimed;
  }

  #hand(session: Session, { topic, payload }: Outgoing, retain: boolean): void {
    const more = { expiresInMs: null, responseTopic: null, correlation: null, contentType: null };
    const message: Incoming = { topic, payload: Buffer.from(payload), retain, ...more };
    const arrives = this.#clock.uptime() + this.#random.between(1, this.faults.carryMs);
    session.arrives = Math.max(session.arrives, arrives);
    this.#clock.at(session.arrives, () => {
      if (session.isOpen) session.settings.receiver?.onMessage(message);
    });
  }

  #end(session: Session, why: string, isQuiet: boolean): void {
    if (!session.isOpen) return;
    session.isOpen = false;
    this.#sessions.delete(session.id);
    const { will } = session.settings;
    if (!isQuiet && will !== undefined) this.#spread(will);
    session.end(why);
  }
}

/** Whether a filter with `+` for whole levels fits `topic`. */
function fits(filter: string, topic: string): boolean {
  if (!filter.includes("+")) return filter === topic;
  const [want, have] = [filter.split("/"), topic.split("/")];
  return want.length === have.length && want.every((part, i) => part === "+" || part === have[i]);
}
