import { GatewayError } from "../../edge/core/errors.ts";
import type {
  MqttSettings,
  Outgoing,
  PublishOutcome,
  SessionCertificate,
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
  most = 0;
  /** How long each message took that it accepted, in milliseconds. */
  readonly took: { readonly name: string; readonly ms: number }[] = [];
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

  async connect({ will, connectTimeoutMs }: MqttSettings, signal: AbortSignal) {
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
    this.kept.splice(0, Infinity, ...(will === undefined ? [] : [will]));
    const lost = promise.then((): PublishOutcome => {
      this.held--;
      return "failed";
    });
    return {
      receiveMaximum: this.receiveMaximum,
      certificates: this.certificates,
      closed: promise,
      subscribe: () => Promise.resolve(true),
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
      this.received.push(`${name} ${JSON.parse(text).seq}`);
      this.texts.push(text);
    }
    this.payloads.push(message);
    this.took.push({ name: name ?? "", ms: this.#clock.uptime() - begun });
    return "accepted";
  }
}
