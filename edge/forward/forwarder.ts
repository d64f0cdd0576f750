import type { MqttDestination } from "../../config/gateway-config.ts";
import { type Backoff, backoffMs } from "../core/backoff.ts";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { StreamKind } from "../core/ledger.ts";
import type { SeqRange } from "../core/seq-set.ts";
import { after, type UptimeMs, type WallMs } from "../core/time.ts";
import type { Outgoing, PublishOutcome, Uplink } from "../core/uplink.ts";
import { Doorbell } from "../doorbell.ts";
import type { Recorded } from "../recorder.ts";
import { CommandLine } from "./command-line.ts";
import type {
  Destination,
  DestinationParts,
  DestinationState,
  DestinationStatus,
} from "./destination.ts";
import { Drain } from "./drain.ts";
import { Holds } from "./holds.ts";
import { type GatewayState, statusPayload, topicOf } from "./mqtt-json.ts";
import { mqttSettings } from "./mqtt-settings.ts";
import { type Next, Outbox } from "./outbox.ts";
import { Unanswered } from "./unanswered.ts";

export type ForwarderParts = DestinationParts & { readonly destination: MqttDestination };

const RECONNECT: Backoff = { firstMs: 250, maxMs: 15_000 };
/** A session that lasted this long clears the count of failures, in milliseconds. */
const STABLE_MS = 5_000;
/** The most of the time to finish in that is kept for the farewell, in milliseconds. */
const FAREWELL_MS = 1_000;

/**
 * Serves one destination for as long as the gateway runs: events before readings, live before
 * backlog, at most `window` messages unanswered, and fewer where the broker takes no more or gets
 * slow. A message counts as delivered only when the broker has acknowledged it. Holds no more than
 * a bounded number of messages in memory.
 */
export class Forwarder implements Destination {
  readonly #parts: ForwarderParts;
  readonly #signal: AbortSignal;
  readonly #bell: Doorbell;
  readonly #outbox: Outbox;
  /** Null before the first try. */
  #state: DestinationState | null = null;
  #since: WallMs | null = null;
  /** Why it is not connected; null while it is. */
  #why: string | null = null;
  #acknowledged = 0;
  readonly #holds: Holds;
  readonly #drain: Drain;
  /** Null where it may give no commands. */
  readonly #commands: CommandLine | null;
  /** What this session has sent and the broker has not answered. */
  #unanswered = new Unanswered();
  /** Whether the status is published and not answered. */
  #isSayingOnline = false;
  /** Whether the centre does not know yet that the gateway is online. */
  #owesOnline = false;
  /** When to send nothing more that is owed, and when to be gone; null until it is to finish. */
  #finish: { readonly sendUntil: UptimeMs; readonly endBy: UptimeMs } | null = null;
  /** Breaks off a connect: whoever is to finish has no use for a session it does not have yet. */
  readonly #connecting = new AbortController();

  constructor(parts: ForwarderParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#connecting.abort(signal.reason), { once: true });
    this.#bell = new Doorbell(parts.world.clock, signal);
    this.#outbox = new Outbox({ ...parts, signal }, () => this.#bell.ring());
    this.#holds = new Holds(parts.world, parts.onHold);
    const { world, gateway, commands } = parts;
    this.#commands =
      commands === undefined
        ? null
        : new CommandLine(commands, gateway, (...line) => world.log(...line));
    const { backlogPerS } = parts.destination;
    this.#drain = new Drain(parts.world.clock, backlogPerS ?? Infinity, parts.onDrain);
  }

  /** Takes note of what has become durable. */
  onRecorded(recorded: Recorded): void {
    this.#outbox.grow(recorded);
    this.#bell.ring();
  }

  /**
   * Ends `run` within `graceMs`, whatever the broker does: sends what is owed, then says goodbye.
   * Without a session it ends at once; what is owed stays in the ledger for the next start.
   */
  finish(graceMs: number): void {
    const endBy = after(this.#parts.world.clock.uptime(), graceMs);
    this.#finish = { sendUntil: after(endBy, -Math.min(FAREWELL_MS, graceMs / 2)), endBy };
    this.#connecting.abort(new Error("the gateway stops"));
    this.#bell.ring();
  }

  status(): DestinationStatus {
    return {
      destination: this.#parts.destination.name,
      state: this.#state ?? "disconnected",
      since: this.#since,
      trouble: this.#why ?? this.#holds.why,
      owed: this.#outbox.owed(),
      inFlight: this.#outbox.inFlight,
      acknowledged: this.#acknowledged,
      drain: this.#state === "connected" ? this.#drain.status(this.#outbox.backlogOwed) : null,
    };
  }

  wake(): void {
    this.#bell.ring();
  }

  setRate(perS: number | null): void {
    this.#drain.setRate(perS ?? Infinity);
    this.#bell.ring();
  }

  async oweAgain(kind: StreamKind, range: SeqRange): Promise<number> {
    const messages = await this.#outbox.oweAgain(kind, range);
    this.#bell.ring();
    return messages;
  }

  /** Runs until `finish` was called and the time for it is over, or the signal aborts. */
  async run(): Promise<void> {
    const { world } = this.#parts;
    const { clock } = world;
    let failures = 0;
    while (this.#finish === null) {
      const started = clock.uptime();
      const why = await this.#connectAndServe();
      this.#turn("disconnected", why);
      failures = clock.uptime() - started > STABLE_MS ? 1 : failures + 1;
      const until = after(clock.uptime(), backoffMs(RECONNECT, failures, world.random()));
      while (this.#finish === null && clock.uptime() < until) {
        await this.#bell.wait(until - clock.uptime());
      }
    }
  }

  /** One session from connecting to its end; returns why it ended. */
  async #connectAndServe(): Promise<string> {
    const { world, destination, gateway } = this.#parts;
    let uplink: Uplink;
    try {
      uplink = await world.connectMqtt(
        {
          ...mqttSettings(destination, gateway, this.#statusMessage("offline", null)),
          ...(this.#commands !== null && { receiver: this.#commands.receiver }),
        },
        this.#connecting.signal,
      );
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof GatewayError)) throw error;
      return messageOf(error);
    }
    if (this.#signal.aborted) uplink.abandon();
    this.#signal.throwIfAborted();
    this.#turn("connected", "connected");
    return await this.#serve(uplink);
  }

  async #serve(uplink: Uplink): Promise<string> {
    const { clock } = this.#parts.world;
    let ended: string | null = null;
    void uplink.closed.then((why) => {
      ended = why;
      this.#bell.ring();
    });
    this.#drain.restart(this.#outbox.backlogInFlight > 0);
    this.#outbox.restart();
    this.#holds.restart();
    this.#owesOnline = true;
    this.#isSayingOnline = false;
    this.#unanswered = new Unanswered();
    void this.#commands?.subscribe(uplink);
    try {
      while (ended === null) {
        if (this.#isFinished()) {
          await this.#sayGoodbye(uplink);
          return "the gateway stopped";
        }
        if (clock.uptime() >= (this.#unanswered.giveUpAt ?? Infinity)) {
          uplink.abandon();
          return "the broker does not answer what it was sent";
        }
        const isMore = this.#pump(uplink);
        this.#drain.look(this.#outbox.backlogOwed);
        // What came in meanwhile goes first: an answer, or a live message.
        if (isMore) await clock.sleep(0, this.#signal);
        else await this.#bell.wait(this.#waitMs());
      }
    } catch (error) {
      // A session left behind would keep the process alive and the centre believing in it.
      uplink.abandon();
      throw error;
    }
    return ended;
  }

  #isFinished(): boolean {
    if (this.#finish === null) return false;
    const { readings, events } = this.#outbox.owed();
    const isAllSaid = readings + events === 0 && !this.#isSayingOnline;
    return isAllSaid || this.#parts.world.clock.uptime() >= this.#finish.sendUntil;
  }

  /** Where the broker does not answer in time it sends the will instead. */
  async #sayGoodbye(uplink: Uplink): Promise<void> {
    if (this.#underWay >= uplink.receiveMaximum) return uplink.abandon();
    const { clock } = this.#parts.world;
    const leftMs = Math.max(0, (this.#finish?.endBy ?? 0) - clock.uptime());
    const said = new AbortController();
    const patience = clock.sleep(leftMs, said.signal).catch(() => {});
    const farewell = uplink
      .publish(this.#statusMessage("offline"))
      .then(() => uplink.close())
      .then(() => said.abort());
    await Promise.race([farewell, patience]);
    if (!said.signal.aborted) uplink.abandon();
  }

  #waitMs(): number {
    const now = this.#parts.world.clock.uptime();
    const ends = [this.#holds.nextEnd, this.#drain.nextEnd, this.#unanswered.giveUpAt];
    const until = [...ends, this.#finish?.sendUntil ?? null].filter((at) => at !== null);
    return Math.max(0, Math.min(...until.map((at) => at - now)));
  }

  /**
   * Publishes what may go: all that is not backlog, and one message that is. True where more of
   * that may. After a hold, one message first to see.
   */
  #pump(uplink: Uplink): boolean {
    const { receiveMaximum } = uplink;
    const most = Math.min(this.#parts.destination.window, receiveMaximum);
    this.#holds.endDue();
    if (this.#owesOnline && this.#underWay < receiveMaximum && this.#holds.mayGo("status", 0)) {
      this.#sayOnline(uplink);
    }
    this.#sendResult(uplink);
    const mayGo = (kind: StreamKind) => this.#holds.mayGo(kind, this.#outbox.sending(kind));
    while (this.#underWay < most) {
      const next = this.#outbox.next(this.#drain.window(most), mayGo);
      if (next === null) return false;
      this.#publish(uplink, next, most);
      if (next.isBacklog) return true;
    }
    return false;
  }

  #sendResult(uplink: Uplink): void {
    const mayGo = this.#underWay < uplink.receiveMaximum && this.#holds.mayGo("results", 0);
    if (!mayGo) return;
    const { clock } = this.#parts.world;
    const sending = this.#commands?.send(uplink) ?? null;
    if (sending === null) return;
    const answered = this.#unanswered.sent(clock.uptime());
    void sending.then((isTaken) => {
      answered(clock.uptime());
      if (isTaken) this.#holds.taken("results");
      else this.#holds.refused("results", "no-subscriber");
      this.#bell.ring();
    });
  }

  #publish(uplink: Uplink, next: Next, most: number): void {
    const underWay = { all: this.#outbox.inFlight, backlog: this.#outbox.backlogInFlight };
    const note = this.#drain.sent(next, underWay, most);
    const settle = this.#outbox.sent(next);
    const { clock } = this.#parts.world;
    const answered = this.#unanswered.sent(clock.uptime());
    void uplink.publish(next.message).then((outcome) => {
      answered(clock.uptime());
      const isTaken = this.#judge(next.kind, outcome);
      settle(isTaken);
      note(isTaken);
      this.#bell.ring();
    });
  }

  /** Messages of every kind that the broker has not answered. */
  get #underWay(): number {
    const others = [this.#isSayingOnline, this.#commands?.isSending ?? false];
    return this.#outbox.inFlight + others.filter(Boolean).length;
  }

  /** The broker keeps the status: nobody needs to be there to take it. */
  #sayOnline(uplink: Uplink): void {
    this.#owesOnline = false;
    this.#isSayingOnline = true;
    const { clock } = this.#parts.world;
    const answered = this.#unanswered.sent(clock.uptime());
    void uplink.publish(this.#statusMessage("online")).then((outcome) => {
      answered(clock.uptime());
      this.#isSayingOnline = false;
      this.#owesOnline = outcome === "failed";
      if (this.#owesOnline) this.#holds.refused("status", "status-refused");
      else this.#holds.taken("status");
      this.#bell.ring();
    });
  }

  /** Whether a message with this outcome is delivered; holds back when the broker takes none. */
  #judge(kind: StreamKind, outcome: PublishOutcome): boolean {
    const isUnclaimed = outcome === "unclaimed";
    const isTaken =
      outcome === "accepted" || (isUnclaimed && !this.#parts.destination.needsSubscriber);
    if (isTaken) {
      this.#acknowledged++;
      this.#holds.taken(kind);
    } else this.#holds.refused(kind, isUnclaimed ? "no-subscriber" : "refused");
    return isTaken;
  }

  #turn(to: DestinationState, cause: string): void {
    this.#why = to === "connected" ? null : cause;
    if (to === this.#state) return;
    this.#state = to;
    this.#since = this.#parts.world.clock.now();
    this.#parts.onTurn(to, cause);
  }

  #statusMessage(
    state: GatewayState["state"],
    since: WallMs | null = this.#parts.world.clock.now(),
  ): Outgoing {
    const { gateway, release, fingerprint } = this.#parts;
    const payload = statusPayload({ gateway, state, since, release, configuration: fingerprint });
    return { topic: topicOf(gateway, "status"), payload, retain: true };
  }
}
