import type { HttpDestination } from "../../config/http-config.ts";
import type { MqttDestination } from "../../config/mqtt-config.ts";
import { type Backoff, backoffMs } from "../core/backoff.ts";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { StreamKind } from "../core/ledger.ts";
import type { Progress } from "../core/progress.ts";
import type { SeqRange } from "../core/seq-set.ts";
import { after, type UptimeMs } from "../core/time.ts";
import type { PublishOutcome, Uplink } from "../core/uplink.ts";
import { Doorbell } from "../doorbell.ts";
import type { Turn } from "../gateway-event.ts";
import type { Recorded } from "../recorded.ts";
import { Bundle, type Bundled } from "./bundle.ts";
import { CertificateWatch } from "./certificate-watch.ts";
import { CommandLine } from "./command-line.ts";
import type { Destination, DestinationParts, DestinationStatus } from "./destination.ts";
import { Drain } from "./drain.ts";
import { type Form, type Formed, formOf } from "./form.ts";
import { Holds } from "./holds.ts";
import { Misfits } from "./misfits.ts";
import type { Next } from "./outbox.ts";
import { Outboxes } from "./outboxes.ts";
import { Presence } from "./presence.ts";
import { Standing } from "./standing.ts";
import { Unanswered } from "./unanswered.ts";
import { type Way, wayTo } from "./way.ts";

export type ForwarderParts = DestinationParts & {
  readonly destination: MqttDestination | HttpDestination;
  /** Stores and tells what became of a message at which a template fails. */
  readonly tell: (turn: Turn) => void;
};

const RECONNECT: Backoff = { firstMs: 250, maxMs: 15_000 };
/** A session that lasted this long clears the count of failures, in milliseconds. */
const STABLE_MS = 5_000;
/** How long answers are waited for before the session moves to a better broker, in milliseconds. */
const MOVE_MS = 5_000;
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
  readonly #outbox: Outboxes;
  readonly #standing: Standing;
  #acknowledged = 0;
  readonly #holds: Holds;
  readonly #drain: Drain;
  /** Null where it may give no commands. */
  readonly #commands: CommandLine | null;
  readonly #presence: Presence;
  readonly #way: Way;
  /** How messages are put; null before the first session. */
  #form: Form | null = null;
  readonly #misfits: Misfits;
  readonly #certificates: CertificateWatch;
  readonly #live: Bundle;
  readonly #backlog: Bundle;
  /** Publications of the backlog that are not answered. */
  #backlogUnderWay = 0;
  /** By when the session is to move to a better broker, or begin anew; null where it is to stay. */
  #moveBy: UptimeMs | null = null;
  /** What this session has sent and the broker has not answered. */
  #unanswered = new Unanswered();
  /** When to send nothing more that is owed, and when to be gone; null until it is to finish. */
  #finish: { readonly sendUntil: UptimeMs; readonly endBy: UptimeMs } | null = null;
  /** Breaks off a connect: whoever is to finish has no use for a session it does not have yet. */
  readonly #connecting = new AbortController();

  constructor(parts: ForwarderParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#connecting.abort(signal.reason), { once: true });
    this.#bell = new Doorbell(parts.world.clock, signal);
    this.#outbox = new Outboxes({ ...parts, signal }, () => this.#bell.ring());
    this.#standing = new Standing(parts.world.clock, parts.onTurn);
    this.#holds = new Holds(parts.world, parts.onHold);
    const { world, gateway, commands } = parts;
    this.#commands =
      commands === undefined
        ? null
        : new CommandLine(commands, gateway, (...line) => world.log(...line));
    const { backlogPerS, batch, template } = parts.destination;
    this.#live = new Bundle(batch?.bytes ?? 0);
    this.#backlog = new Bundle(batch?.bytes ?? 0);
    this.#misfits = new Misfits(parts);
    this.#certificates = new CertificateWatch(parts.world.clock, parts.onCertificate);
    this.#presence = new Presence({ ...parts, clock: world.clock, isTold: template === null });
    const will = () => this.#presence.will();
    const receiver = this.#commands?.receiver ?? null;
    this.#way = wayTo({ ...parts, will, receiver }, () => this.#bell.ring());
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

  /** What its loop is doing. */
  get progress(): Progress {
    return this.#bell.progress;
  }

  status(): DestinationStatus {
    const { isConnected } = this.#standing;
    const broker = isConnected ? this.#way.url : null;
    return {
      destination: this.#parts.destination.name,
      ...(broker === null ? {} : { broker }),
      ...this.#standing.status(this.#holds.why),
      owed: this.#outbox.owed(),
      inFlight: this.#outbox.inFlight,
      acknowledged: this.#acknowledged,
      drain: isConnected ? this.#drain.status(this.#outbox.backlogOwed) : null,
    };
  }

  wake(): void {
    this.#bell.ring();
  }

  restate(): void {
    this.#presence.restate();
    this.#bell.ring();
  }

  renewed(serial: string | null): void {
    const isShown = this.#parts.destination.tls.identity !== undefined;
    if (!isShown || !this.#standing.isConnected || this.#certificates.own === serial) return;
    this.#moveBy ??= after(this.#parts.world.clock.uptime(), MOVE_MS);
    this.#bell.ring();
  }

  setRate(perS: number | null): void {
    this.#drain.setRate(perS ?? Infinity);
    this.#bell.ring();
  }

  async oweAgain(kind: StreamKind, range: SeqRange): Promise<number | null> {
    const state = await this.#parts.ledger.state();
    const messages = this.#outbox.oweAgain(kind, range, state);
    this.#bell.ring();
    return messages;
  }

  /** Runs until `finish` was called and the time for it is over, or the signal aborts. */
  async run(): Promise<void> {
    const { world } = this.#parts;
    let failures = 0;
    while (this.#finish === null) {
      const started = world.clock.uptime();
      const why = await this.#connectAndServe();
      if (why === null) continue;
      const isStable = this.#standing.isConnected && world.clock.uptime() - started > STABLE_MS;
      this.#standing.turn("disconnected", why);
      failures = isStable ? 1 : failures + 1;
      const until = after(world.clock.uptime(), backoffMs(RECONNECT, failures, world.random()));
      while (this.#finish === null && world.clock.uptime() < until) {
        await this.#bell.wait(until - world.clock.uptime());
      }
    }
  }

  /** One session from connecting to its end; returns why it ended, null where it only moves. */
  async #connectAndServe(): Promise<string | null> {
    let uplink: Uplink;
    try {
      this.#form ??= await formOf(this.#parts.destination);
      uplink = await this.#way.connect(this.#connecting.signal);
      this.#standing.code = null;
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof GatewayError)) throw error;
      this.#standing.code = error.code;
      return messageOf(error);
    }
    if (this.#signal.aborted) uplink.abandon();
    this.#signal.throwIfAborted();
    return await this.#serve(uplink);
  }

  async #serve(uplink: Uplink): Promise<string | null> {
    const { clock } = this.#parts.world;
    let ended: string | null = null;
    void uplink.closed.then((why) => {
      ended = why;
      this.#bell.ring();
    });
    this.#restart();
    void this.#commands?.subscribe(uplink);
    try {
      while (ended === null) {
        this.#bell.turn();
        if (uplink.isDoubtful !== true) this.#standing.turn("connected", "connected");
        if (this.#isFinished()) {
          await this.#leave(uplink, this.#finish?.endBy ?? clock.uptime());
          return "the gateway stopped";
        }
        if (this.#isToMove()) {
          await this.#leave(uplink, after(clock.uptime(), FAREWELL_MS));
          // What was not answered is known by then to have failed.
          await uplink.closed;
          return null;
        }
        if (clock.uptime() >= (this.#giveUpAt ?? Infinity)) {
          uplink.abandon();
          return "the broker does not answer what it was sent";
        }
        this.#way.look(this.#connecting.signal);
        this.#certificates.look(uplink.certificates ?? []);
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
    } finally {
      if (this.#finish !== null || this.#signal.aborted) this.#way.abandon();
    }
    return ended;
  }

  /** A new session. Where it only moved and all was answered, what is live stays live. */
  #restart(): void {
    this.#live.forget();
    this.#backlog.forget();
    if (this.#moveBy === null || this.#outbox.inFlight > 0) {
      this.#drain.restart(this.#outbox.backlogInFlight > 0);
      this.#outbox.restart();
    }
    this.#moveBy = null;
    this.#backlogUnderWay = 0;
    this.#holds.restart();
    this.#presence.restart();
    this.#unanswered = new Unanswered();
  }

  /** Whether a better broker waits, or a better certificate, and this one has answered what it was sent or had its time. */
  #isToMove(): boolean {
    if (this.#finish !== null || !(this.#way.hasFound || this.#moveBy !== null)) return false;
    const now = this.#parts.world.clock.uptime();
    this.#moveBy ??= after(now, MOVE_MS);
    return (this.#outbox.inFlight === 0 && !this.#presence.isSaying) || now >= this.#moveBy;
  }

  #isFinished(): boolean {
    if (this.#finish === null) return false;
    const { readings, events } = this.#outbox.owed();
    const isAllSaid = readings + events === 0 && !this.#presence.isSaying;
    return isAllSaid || this.#parts.world.clock.uptime() >= this.#finish.sendUntil;
  }

  /** A goodbye is one message more than the broker may take. */
  async #leave(uplink: Uplink, endBy: UptimeMs): Promise<void> {
    if (this.#unanswered.count >= uplink.receiveMaximum) uplink.abandon();
    else await this.#presence.sayGoodbye(uplink, endBy);
  }

  #waitMs(): number {
    const now = this.#parts.world.clock.uptime();
    const session = [this.#holds.nextEnd, this.#drain.nextEnd, this.#giveUpAt];
    const leave = [this.#finish?.sendUntil ?? null, this.#moveBy, this.#way.nextEnd];
    const until = [...session, ...leave, this.#dueAt()].filter((at) => at !== null);
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
    if (
      this.#presence.isOwed &&
      this.#unanswered.count < receiveMaximum &&
      this.#holds.mayGo("status", 0)
    ) {
      this.#sayOnline(uplink);
    }
    this.#sendResult(uplink);
    const mayGo = (kind: StreamKind) => this.#holds.mayGo(kind, this.#outbox.sending(kind));
    while (this.#unanswered.count < most && this.#moveBy === null) {
      const window = this.#drain.window(most);
      const next = this.#outbox.next(this.#backlogUnderWay < window ? Infinity : 0, mayGo);
      if (next === null) break;
      const bundle = this.#gather(next);
      if (!bundle.isFull) continue;
      this.#publish(uplink, bundle.take(), most);
      if (next.isBacklog) return true;
    }
    const now = this.#parts.world.clock.uptime();
    if (now >= (this.#dueAt() ?? Infinity)) this.#publish(uplink, this.#live.take(), most);
    this.#publish(uplink, this.#backlog.take(), most);
    return false;
  }

  #sendResult(uplink: Uplink): void {
    const mayGo = this.#unanswered.count < uplink.receiveMaximum && this.#holds.mayGo("results", 0);
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

  /** Where `next` waits for company: an event for none, it goes at once. */
  #gather(next: Next): Bundle {
    const isAlone = next.kind === "events";
    const bundle = isAlone ? new Bundle(0) : next.isBacklog ? this.#backlog : this.#live;
    bundle.add(next, this.#outbox.sent(next), this.#parts.world.clock.uptime());
    return bundle;
  }

  /** When what waits for company is to go without more of it; null where nothing waits. */
  #dueAt(): UptimeMs | null {
    const { begun } = this.#live;
    if (begun === null || this.#finish !== null || this.#moveBy !== null) return begun;
    return after(begun, this.#parts.destination.batch?.ageMs ?? 0);
  }

  #publish(uplink: Uplink, bundled: Bundled | null, most: number): void {
    if (bundled === null) return;
    const formed = this.#form?.(bundled) ?? { kind: "nothing" };
    if (formed.kind !== "message") return void this.#settleUnsent(bundled, formed);
    this.#misfits.fits(bundled);
    const { clock } = this.#parts.world;
    const { kind, isBacklog, settle } = bundled;
    const underWay = { all: this.#unanswered.count, backlog: this.#backlogUnderWay };
    const note = this.#drain.sent(bundled, underWay, most);
    const session = this.#unanswered;
    const answered = session.sent(clock.uptime());
    if (isBacklog) this.#backlogUnderWay++;
    void uplink.publish(formed.message).then((outcome) => {
      answered(clock.uptime());
      if (isBacklog && session === this.#unanswered) this.#backlogUnderWay--;
      const isTaken = this.#judge(kind, outcome, bundled.messages);
      settle(isTaken);
      note(isTaken);
      this.#bell.ring();
    });
  }

  /** A template has nothing to say of it, or fails at it: then it is held back, and at last set aside. */
  #settleUnsent(bundled: Bundled, formed: Exclude<Formed, { kind: "message" }>): void {
    const isOver = formed.kind === "nothing" || this.#misfits.failed(bundled, formed);
    bundled.settle(isOver);
    if (!isOver) this.#holds.refused(bundled.kind, "template");
    else if (formed.kind === "fault") this.#holds.taken(bundled.kind);
  }

  /** A request over HTTP has a patience of its own, and may be overtaken. */
  get #giveUpAt(): UptimeMs | null {
    return this.#parts.destination.kind === "http" ? null : this.#unanswered.giveUpAt;
  }

  #sayOnline(uplink: Uplink): void {
    const { clock } = this.#parts.world;
    const answered = this.#unanswered.sent(clock.uptime());
    void this.#presence.sayOnline(uplink).then((isTaken) => {
      answered(clock.uptime());
      if (isTaken) this.#holds.taken("status");
      else this.#holds.refused("status", "status-refused");
      this.#bell.ring();
    });
  }

  /** Whether a message with this outcome is delivered; holds back when the broker takes none. */
  #judge(kind: StreamKind, outcome: PublishOutcome, messages: number): boolean {
    const isUnclaimed = outcome === "unclaimed";
    const isTaken =
      outcome === "accepted" || (isUnclaimed && !this.#parts.destination.needsSubscriber);
    if (isTaken) {
      this.#acknowledged += messages;
      this.#holds.taken(kind);
    } else this.#holds.refused(kind, isUnclaimed ? "no-subscriber" : "refused");
    return isTaken;
  }
}
