import type { DestinationConfig } from "../../config/gateway-config.ts";
import { type Backoff, backoffMs } from "../core/backoff.ts";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { Delivered, Ledger, LedgerState, StreamKind } from "../core/ledger.ts";
import type { SeqRange } from "../core/seq-set.ts";
import { after, type UptimeMs, type WallMs } from "../core/time.ts";
import type { Outgoing, PublishOutcome, Uplink } from "../core/uplink.ts";
import { Doorbell } from "../doorbell.ts";
import type { HoldReason } from "../news.ts";
import type { Recorded } from "../recorder.ts";
import type { World } from "../world.ts";
import { Holds } from "./holds.ts";
import { type GatewayState, statusPayload, topicOf } from "./mqtt-json.ts";
import { Outbox } from "./outbox.ts";

export type ForwarderParts = {
  readonly world: World;
  readonly ledger: Ledger;
  readonly destination: DestinationConfig;
  readonly gateway: string;
  readonly release: string;
  readonly fingerprint: string;
  /** What the ledger held when the gateway started. */
  readonly ledgerState: LedgerState;
  readonly onDelivered: (delivered: Delivered) => void;
  /** Messages of `kind` up to this seq may go. */
  readonly upTo: (kind: StreamKind) => number;
  /** What was stored under `range` cannot be read and will never be sent. */
  readonly onLost: (kind: StreamKind, range: SeqRange) => void;
  /** The destination was reached or lost; `cause` says why. */
  readonly onTurn: (to: DestinationState, cause: string) => void;
  /** Connected, it takes no messages for this reason, or takes them again (null); once a turn. */
  readonly onHold: (why: HoldReason | null) => void;
};

export type DestinationState = "connected" | "disconnected";

/** Figures of one destination for `status`. */
export type DestinationStatus = {
  readonly destination: string;
  readonly state: DestinationState;
  readonly since: WallMs | null;
  /** Why it is not connected, or why nothing is taken; null when all is well. */
  readonly trouble: string | null;
  /** Messages committed and not acknowledged. */
  readonly owed: Readonly<Record<StreamKind, number>>;
  /** Messages published and not answered. */
  readonly inFlight: number;
  /** Messages acknowledged since the gateway started. */
  readonly acknowledged: number;
};

const RECONNECT: Backoff = { firstMs: 250, maxMs: 15_000 };
/** A session that lasted this long clears the count of failures, in milliseconds. */
const STABLE_MS = 5_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** The most of the time to finish in that is kept for the farewell, in milliseconds. */
const FAREWELL_MS = 1_000;

/**
 * Serves one destination for as long as the gateway runs: events before readings, live before
 * backlog, at most `window` messages unanswered. A message counts as delivered only when the
 * broker has acknowledged it. Holds no more than a bounded number of messages in memory.
 */
export class Forwarder {
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
    };
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
    const { url, username, password, ca, keepAliveS } = destination;
    let uplink: Uplink;
    try {
      uplink = await world.connectMqtt(
        {
          url,
          // A broker ends the older of two sessions with one name.
          clientId: `lifeline-${gateway}-${destination.name}`,
          ...(username === null ? {} : { username }),
          ...(password === null ? {} : { password }),
          ...(ca === null ? {} : { ca }),
          keepAliveS,
          connectTimeoutMs: CONNECT_TIMEOUT_MS,
          will: this.#statusMessage("offline", null),
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
    let ended: string | null = null;
    void uplink.closed.then((why) => {
      ended = why;
      this.#bell.ring();
    });
    this.#outbox.restart();
    this.#holds.restart();
    this.#owesOnline = true;
    try {
      while (ended === null) {
        if (this.#isFinished()) {
          await this.#sayGoodbye(uplink);
          return "the gateway stopped";
        }
        this.#pump(uplink);
        await this.#bell.wait(this.#waitMs());
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
    return readings + events === 0 || this.#parts.world.clock.uptime() >= this.#finish.sendUntil;
  }

  /** Where the broker does not answer in time it sends the will instead. */
  async #sayGoodbye(uplink: Uplink): Promise<void> {
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
    const ends = [this.#holds.nextEnd, this.#finish?.sendUntil ?? null];
    const until = ends.filter((at) => at !== null);
    return Math.max(0, Math.min(...until.map((at) => at - now)));
  }

  /** Publishes as much as the window allows. After a hold, one message first to see. */
  #pump(uplink: Uplink): void {
    this.#holds.endDue();
    if (this.#owesOnline && this.#holds.mayGo("status", 0)) this.#sayOnline(uplink);
    const { window } = this.#parts.destination;
    const mayGo = (kind: StreamKind) => this.#holds.mayGo(kind, this.#outbox.sending(kind));
    while (this.#outbox.inFlight < window) {
      const next = this.#outbox.next(window, mayGo);
      if (next === null) return;
      const settle = this.#outbox.sent(next);
      void uplink.publish(next.message).then((outcome) => {
        settle(this.#judge(next.kind, outcome));
        this.#bell.ring();
      });
    }
  }

  /** The broker keeps the status: nobody needs to be there to take it. */
  #sayOnline(uplink: Uplink): void {
    this.#owesOnline = false;
    void uplink.publish(this.#statusMessage("online")).then((outcome) => {
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
