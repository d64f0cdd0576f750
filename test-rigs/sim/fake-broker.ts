import { GatewayError } from "../../edge/core/errors.ts";
import type {
  MqttSettings,
  Outgoing,
  PublishOutcome,
  Receiver,
  SessionCertificate,
  Subscription,
} from "../../edge/core/uplink.ts";
import { messagesOf } from "../receiver/payload.ts";
import { textOf } from "./broker.ts";
import type { SimClock } from "./clock.ts";

/** A broker for tests of one part: can be away, fall silent, be slow, refuse, or have no subscriber. */
export class FakeBroker {
  up = true;
  /** Whether it takes everything and says nothing. */
  silent = false;
  /** How many sessions and connects are under way. */
  held = 0;
  ackMs = 10;
  receiveMaximum = 65_535;
  /** How long it works on each message, one after the other, in milliseconds. */
  serviceMs = 0;
  /** So many of the next messages it takes and never answers. */
  forgets = 0;
  /** It refuses what comes while so many messages are unanswered: a quota. */
  quota = Infinity;
  /** How many messages it refused for that. */
  refused = 0;
  answer: PublishOutcome = "accepted";
  /** The topics of which it takes nothing. */
  readonly refuses = new Set<string>();
  /** When it was asked to take something of each of those. */
  readonly tries: number[] = [];
  readonly received: string[] = [];
  /** The same as they were: each message as JSON, and the publications that held them. */
  readonly texts: string[] = [];
  readonly payloads: Outgoing[] = [];
  /** What its sessions are protected by. */
  certificates: readonly SessionCertificate[] = [];
  /** What was published to be kept, the will of the last session first. */
  readonly kept: Outgoing[] = [];
  /** What the session that is open has subscribed to. */
  readonly topics: string[] = [];
  most = 0;
  /** How long each message took that it accepted, in milliseconds. */
  readonly took: { readonly name: string; readonly ms: number }[] = [];
  #receiver: Receiver | null = null;
  #open = 0;
  /** When it is done with all that it has got so far. */
  #freeAt = 0;
  #cut: ((why: string) => void) | null = null;
  readonly #clock: SimClock;

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  drop(): void {
    this.up = false;
    this.#cut?.("gone");
  }

  /** Sends `text` on `topic` to the session that is open. */
  send(topic: string, text: string): void {
    const payload = Buffer.from(text);
    const plain = { retain: false, expiresInMs: null, responseTopic: null, correlation: null };
    if (this.topics.includes(topic)) {
      this.#receiver?.onMessage({ topic, payload, ...plain, contentType: null });
    }
  }

  async connect(settings: MqttSettings, signal: AbortSignal) {
    const { will, connectTimeoutMs, receiver } = settings;
    this.held++;
    try {
      await this.#clock.sleep(this.silent ? connectTimeoutMs : 5, signal);
      if (this.silent || !this.up) throw new Error("connection refused");
    } catch (cause) {
      this.held--;
      throw new GatewayError("uplink.refused", "no connection", { cause });
    }
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#cut = resolve;
    this.#receiver = receiver ?? null;
    this.topics.length = 0;
    this.kept.splice(0, Infinity, ...(will === undefined ? [] : [will]));
    const lost = promise.then((): PublishOutcome => {
      this.held--;
      return "failed";
    });
    return {
      receiveMaximum: this.receiveMaximum,
      certificates: this.certificates,
      closed: promise,
      subscribe: (asked: readonly Subscription[]) => {
        this.topics.push(...asked.map(({ topic }) => topic));
        return Promise.resolve(!this.refuses.has("subscribe"));
      },
      ping: () => Promise.resolve(true),
      close: async () => {
        if (this.silent) await promise;
        await this.#clock.sleep(1);
        resolve("closed");
      },
      abandon: () => resolve("abandoned"),
      publish: (message: Outgoing) => Promise.race([this.#take(message), lost]),
    };
  }

  async #take(message: Outgoing): Promise<PublishOutcome> {
    const { topic, retain } = message;
    const name = topic.split("/").at(-1);
    if (this.silent) return new Promise(() => {});
    if (this.refuses.has(name ?? "")) {
      this.tries.push(this.#clock.uptime());
      return "failed";
    }
    if (retain) {
      this.kept.push(message);
      this.received.push(`${name} ${JSON.parse(textOf(message)).state}`);
      return "accepted";
    }
    if (this.forgets > 0) {
      this.forgets--;
      return new Promise(() => {});
    }
    const isOver = this.#open >= this.quota;
    this.most = Math.max(this.most, ++this.#open);
    const begun = this.#clock.uptime();
    this.#freeAt = Math.max(begun, this.#freeAt) + this.serviceMs;
    await this.#clock.sleep(this.#freeAt - begun + this.ackMs);
    this.#open--;
    if (isOver) this.refused++;
    if (isOver) return "failed";
    if (this.answer !== "accepted") return this.answer;
    for (const each of messagesOf(Buffer.from(message.payload))) {
      const text = Buffer.from(each).toString();
      const { seq, id } = JSON.parse(text);
      this.received.push(`${name} ${seq ?? id}`);
      this.texts.push(text);
    }
    this.payloads.push(message);
    this.took.push({ name: name ?? "", ms: this.#clock.uptime() - begun });
    return "accepted";
  }
}
