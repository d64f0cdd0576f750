import type { GatewayConfig } from "../../../config/gateway-config.ts";
import type { MqttDestination, SparkplugSettings } from "../../../config/mqtt-config.ts";
import type { WriteOrder } from "../../control/field-orders.ts";
import { type Backoff, backoffMs } from "../../core/backoff.ts";
import { GatewayError, messageOf } from "../../core/errors.ts";
import type { Counter, StreamKind } from "../../core/ledger.ts";
import type { Progress } from "../../core/progress.ts";
import { shownUrl } from "../../core/shown-url.ts";
import { after, type UptimeMs, type WallMs } from "../../core/time.ts";
import type { Incoming, Uplink } from "../../core/uplink.ts";
import { Doorbell } from "../../doorbell.ts";
import type { Turn } from "../../gateway-event.ts";
import { isDoneInTime } from "../../patience.ts";
import type { Recorded } from "../../recorded.ts";
import { CertificateWatch } from "../certificate-watch.ts";
import type {
  Destination,
  DestinationParts,
  DestinationState,
  DestinationStatus,
} from "../destination.ts";
import { Drain } from "../drain.ts";
import { mqttSettings } from "../mqtt-settings.ts";
import { Outbox } from "../outbox.ts";
import { type Catalog, catalogOf } from "./catalog.ts";
import { Latest } from "./latest.ts";
import { Liveness } from "./liveness.ts";
import { Messages } from "./messages.ts";
import { NodeSession } from "./node-session.ts";
import { Orders } from "./orders.ts";
import { nextNumber } from "./sequence.ts";

export type EdgeNodeParts = DestinationParts & {
  readonly destination: MqttDestination;
  readonly sparkplug: SparkplugSettings;
  readonly config: Pick<
    GatewayConfig,
    "points" | "talkers" | "boards" | "derived" | "alarms" | "devices" | "buses"
  >;
  /** Stores a counter; resolves whether it is stored. */
  readonly noteCounter: (counter: Counter) => Promise<boolean>;
  /** Writes a point as `lifeline write` does; rejects, saying why, where nothing was sent. */
  readonly write: (order: WriteOrder) => Promise<unknown>;
  /** Stores and tells `turn`. */
  readonly tell: (turn: Turn) => void;
};

const RECONNECT: Backoff = { firstMs: 250, maxMs: 15_000 };
/** A session that lasted this long clears the count of failures, in milliseconds. */
const STABLE_MS = 5_000;
/** The most of the time to finish in that is kept for the farewell, in milliseconds. */
const FAREWELL_MS = 1_000;
/** So long a disk may take to store the number of a session before that begins without. */
const STORED_WITHIN_MS = 2_000;

/** These say that a connection did not come about: no CONNECT was sent that would count. */
const UNREACHED = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH"];

/**
 * Serves one destination as an edge node of Sparkplug B 3.0 for as long as the gateway runs: births,
 * then events and live readings, beside them the backlog as history. With a primary host nothing is
 * sent until that is online, and the next broker is tried when it is not.
 */
export class EdgeNode implements Destination {
  readonly #parts: EdgeNodeParts;
  readonly #signal: AbortSignal;
  readonly #bell: Doorbell;
  readonly #outbox: Outbox;
  readonly #drain: Drain;
  readonly #catalog: Catalog;
  readonly #latest: Latest;
  readonly #liveness: Liveness;
  readonly #orders: Orders;
  readonly #certificates: CertificateWatch;
  readonly #heads: Record<StreamKind, number>;
  #bdSeq: number | null;
  /** Whether the number of the last session was never seen by a broker. */
  #isUnused = false;
  #state: DestinationState | null = null;
  #since: WallMs | null = null;
  #why: string | null = null;
  #isWaiting = false;
  #acknowledged = 0;
  /** Which broker it is, of those that there are. */
  #broker = 0;
  /** Whether the session is to begin anew, by another certificate. */
  #isToMove = false;
  #finish: { readonly sendUntil: UptimeMs; readonly endBy: UptimeMs } | null = null;
  readonly #connecting = new AbortController();

  constructor(parts: EdgeNodeParts, signal: AbortSignal) {
    const { world, destination, config, ledgerState } = parts;
    this.#parts = parts;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#connecting.abort(signal.reason), { once: true });
    this.#bell = new Doorbell(world.clock, signal);
    const outbox = { ...parts, signal, wantsBatches: true };
    this.#outbox = new Outbox(outbox, () => this.#bell.ring());
    this.#drain = new Drain(world.clock, destination.backlogPerS ?? Infinity, parts.onDrain);
    this.#catalog = catalogOf(config);
    this.#latest = new Latest(ledgerState.alarms);
    this.#liveness = new Liveness(config, this.#catalog);
    this.#certificates = new CertificateWatch(world.clock, parts.onCertificate);
    this.#orders = new Orders(parts, this.#actor);
    this.#heads = { ...ledgerState.heads };
    const stored = ledgerState.counters.find(({ name }) => name === this.#counterName);
    this.#bdSeq = stored?.value ?? null;
  }

  /** Takes note of what has become durable. */
  onRecorded(recorded: Recorded): void {
    const now = this.#parts.world.clock.uptime();
    for (const { event } of recorded.events) {
      this.#latest.noteEvent(event);
      this.#liveness.noteEvent(event, now);
    }
    for (const { batch } of recorded.batches) {
      this.#latest.noteBatch(batch);
      this.#liveness.noteBatch(batch);
    }
    this.#heads.readings = recorded.batches.at(-1)?.seq ?? this.#heads.readings;
    this.#heads.events = recorded.events.at(-1)?.seq ?? this.#heads.events;
    this.#outbox.grow(recorded);
    this.#bell.ring();
  }

  /** Ends `run` within `graceMs`: sends what is owed, then publishes its death. */
  finish(graceMs: number): void {
    const endBy = after(this.#parts.world.clock.uptime(), graceMs);
    this.#finish = { sendUntil: after(endBy, -Math.min(FAREWELL_MS, graceMs / 2)), endBy };
    this.#connecting.abort(new Error("the gateway stops"));
    this.#bell.ring();
  }

  /** What its loop is doing. */
  get progress(): Progress {
    return this.#bell.progress;
  }

  status(): DestinationStatus {
    const { name, urls } = this.#parts.destination;
    return {
      destination: name,
      state: this.#state ?? "disconnected",
      since: this.#since,
      ...(urls.length > 1 && this.#state === "connected" ? { broker: shownUrl(this.#url) } : {}),
      trouble: this.#why ?? (this.#isWaiting ? "host-offline" : null),
      owed: this.#outbox.owed(),
      inFlight: this.#outbox.inFlight,
      acknowledged: this.#acknowledged,
      drain: this.#state === "connected" ? this.#drain.status(this.#outbox.backlogOwed) : null,
    };
  }

  renewed(serial: string | null): void {
    const isShown = this.#parts.destination.tls.identity !== undefined;
    if (!isShown || this.#state !== "connected" || this.#certificates.own === serial) return;
    this.#isToMove = true;
    this.#bell.ring();
  }

  /** Runs until `finish` was called and the time for it is over, or the signal aborts. */
  async run(): Promise<void> {
    const { world } = this.#parts;
    const { clock } = world;
    let failures = 0;
    while (this.#finish === null) {
      const started = clock.uptime();
      const why = await this.#connectAndServe();
      if (why === null) continue;
      this.#turn("disconnected", why);
      this.#broker++;
      failures = clock.uptime() - started > STABLE_MS ? 1 : failures + 1;
      const until = after(clock.uptime(), backoffMs(RECONNECT, failures, world.random()));
      while (this.#finish === null && clock.uptime() < until) {
        await this.#bell.wait(until - clock.uptime());
      }
    }
  }

  /** The broker whose turn it is. */
  get #url(): string {
    const { urls } = this.#parts.destination;
    return urls[this.#broker % urls.length] as string;
  }

  get #counterName(): string {
    return `bdSeq.${this.#parts.destination.name}`;
  }

  /** In whose name a host writes. */
  get #actor(): string {
    return `sparkplug:${this.#parts.destination.name}`;
  }

  /** The number of the next session: stored before any broker hears of it. */
  async #countSession(): Promise<number> {
    const { noteCounter, world } = this.#parts;
    if (this.#bdSeq === null || !this.#isUnused) this.#bdSeq = nextNumber(this.#bdSeq);
    this.#isUnused = false;
    const stored = noteCounter({ name: this.#counterName, value: this.#bdSeq });
    await isDoneInTime(stored, Promise.resolve(STORED_WITHIN_MS), world.clock, this.#signal);
    return this.#bdSeq;
  }

  /** One session from connecting to its end; returns why it ended, null where it only moves. */
  async #connectAndServe(): Promise<string | null> {
    const { world, destination, gateway } = this.#parts;
    const { edge } = this.#settings;
    const bdSeq = await this.#countSession();
    const messages = new Messages(edge, this.#catalog, this.#latest, bdSeq);
    let session: NodeSession | null = null;
    const receiver = {
      // Nothing comes before it is subscribed to, and that is the session's.
      onMessage: (message: Incoming) => session?.hear(message),
      onDiscarded: () => {},
    };
    let uplink: Uplink;
    try {
      const will = messages.nodeDeath(world.clock.now());
      // No session is kept, whatever the configuration says (Sparkplug B 3.0, 2.3: persistence).
      const settings = {
        ...mqttSettings(destination, this.#url, gateway, will),
        sessionExpiryS: 0,
      };
      uplink = await world.connectMqtt({ ...settings, receiver }, this.#connecting.signal);
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof GatewayError)) throw error;
      this.#isUnused = isUnreached(error);
      return messageOf(error);
    }
    if (this.#signal.aborted) uplink.abandon();
    this.#signal.throwIfAborted();
    this.#turn("connected", "connected");
    session = this.#sessionOf(messages, uplink);
    try {
      return await this.#serve(session, uplink);
    } catch (error) {
      // A session left behind would keep the process alive and the centre believing in it.
      uplink.abandon();
      throw error;
    } finally {
      this.#setWaiting(false);
    }
  }

  async #serve(session: NodeSession, uplink: Uplink): Promise<string | null> {
    const { clock } = this.#parts.world;
    let ended: string | null = null;
    this.#isToMove = false;
    void uplink.closed.then((why) => {
      ended = why;
      this.#bell.ring();
    });
    if (!(await session.subscribe())) {
      uplink.abandon();
      return ended ?? "the broker refuses a subscription";
    }
    while (ended === null) {
      this.#bell.turn();
      if (session.isHostOffline && (session.isBorn || this.#parts.destination.urls.length > 1)) {
        await this.#leave(session, uplink);
        return "the primary host is offline";
      }
      if (clock.uptime() >= (session.giveUpAt ?? Infinity)) {
        uplink.abandon();
        return "the broker does not answer what it was sent";
      }
      this.#certificates.look(uplink.certificates ?? []);
      if (this.#isToMove && this.#finish === null) {
        // The farewell is answered behind all that was sent before: none of it goes twice.
        await this.#leave(session, uplink);
        return null;
      }
      const isMore = session.act();
      this.#setWaiting(!session.isBorn);
      if (this.#isFinished(session)) {
        await this.#leave(session, uplink);
        return "the gateway stopped";
      }
      // What came in meanwhile goes first: an answer, or a live message.
      if (isMore) await clock.sleep(0, this.#signal);
      else await this.#bell.wait(this.#waitMs(session));
    }
    return ended;
  }

  #isFinished(session: NodeSession): boolean {
    if (this.#finish === null) return false;
    const { clock } = this.#parts.world;
    return !session.isBorn || session.isIdle || clock.uptime() >= this.#finish.sendUntil;
  }

  /** Where the broker does not answer in time it sends the will instead. */
  async #leave(session: NodeSession, uplink: Uplink): Promise<void> {
    const { clock } = this.#parts.world;
    const endBy = this.#finish?.endBy ?? after(clock.uptime(), FAREWELL_MS);
    const patience = Promise.resolve(Math.max(0, endBy - clock.uptime()));
    const farewell = session.leave().then(() => uplink.close(session.isBorn));
    const isInTime = await isDoneInTime(farewell, patience, clock, this.#signal);
    if (!isInTime) uplink.abandon();
  }

  #waitMs(session: NodeSession): number {
    const now = this.#parts.world.clock.uptime();
    const ends = [session.nextEnd, this.#finish?.sendUntil ?? null].filter((at) => at !== null);
    return Math.max(0, Math.min(...ends.map((at) => at - now)));
  }

  #sessionOf(messages: Messages, uplink: Uplink): NodeSession {
    const { world, gateway, destination, ledgerState, release, fingerprint } = this.#parts;
    const { primaryHost, takesCommands, graceMs, edge } = this.#settings;
    const parts = {
      ...{ world, gateway, edge, primaryHost, takesCommands, graceMs, messages },
      ...{ catalog: this.#catalog, liveness: this.#liveness, outbox: this.#outbox },
      drain: this.#drain,
      streams: ledgerState.streams,
      window: destination.window,
      facts: () => ({ release, configuration: fingerprint, clock: world.clock.state() }),
      heads: () => this.#heads,
      onOrder: (order: Parameters<Orders["take"]>[0]) => this.#orders.take(order),
      onDelivered: () => {
        this.#acknowledged++;
      },
      wake: () => this.#bell.ring(),
    };
    return new NodeSession(parts, uplink);
  }

  get #settings() {
    const { sparkplug, gateway } = this.#parts;
    const { group, node, ...rest } = sparkplug;
    return { ...rest, edge: { group, node: node ?? gateway } };
  }

  #setWaiting(isWaiting: boolean): void {
    if (isWaiting === this.#isWaiting) return;
    this.#isWaiting = isWaiting;
    this.#parts.onHold(isWaiting ? "host-offline" : null);
  }

  #turn(to: DestinationState, cause: string): void {
    this.#why = to === "connected" ? null : cause;
    if (to === this.#state) return;
    this.#state = to;
    this.#since = this.#parts.world.clock.now();
    this.#parts.onTurn(to, cause);
  }
}

/** Whether `error` says for certain that no CONNECT was sent. */
function isUnreached({ cause }: GatewayError): boolean {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return UNREACHED.includes(String(code));
}
