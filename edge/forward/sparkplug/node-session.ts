import type { Batch } from "../../core/batch.ts";
import type { StreamKind } from "../../core/ledger.ts";
import { isBad } from "../../core/reading.ts";
import { after, type UptimeMs } from "../../core/time.ts";
import type { Incoming, Outgoing, Subscription, Uplink } from "../../core/uplink.ts";
import type { World } from "../../world.ts";
import type { Drain } from "../drain.ts";
import { eventPayload } from "../mqtt-json.ts";
import type { Outbox, Owed } from "../outbox.ts";
import { Unanswered } from "../unanswered.ts";
import type { Catalog } from "./catalog.ts";
import { deviceOrders, nodeOrders, type Order } from "./commands.ts";
import { type HostState, hostStateIn, nextHostState } from "./host-state.ts";
import type { Liveness } from "./liveness.ts";
import type { Messages, NodeFacts } from "./messages.ts";
import { Proof } from "./proof.ts";
import { deviceTopic, type EdgeNode, nodeTopic, stateTopic, topicOf } from "./topics.ts";

export type SessionParts = {
  readonly world: Pick<World, "clock">;
  readonly gateway: string;
  readonly streams: Readonly<Record<StreamKind, string>>;
  readonly edge: EdgeNode;
  /** The host without which nothing is sent, or null. */
  readonly primaryHost: string | null;
  /** Whether a host may write points. */
  readonly takesCommands: boolean;
  /** How long a session must stand behind what was sent, in milliseconds. */
  readonly graceMs: number;
  /** The most rows that the broker is not known to have read. */
  readonly window: number;
  readonly catalog: Catalog;
  readonly liveness: Liveness;
  readonly messages: Messages;
  readonly outbox: Outbox;
  readonly drain: Drain;
  readonly facts: () => NodeFacts;
  /** The highest seqs that became durable. */
  readonly heads: () => Readonly<Record<StreamKind, number>>;
  /** What a host wants written, or wants and does not get. */
  readonly onOrder: (order: Exclude<Order, { readonly kind: "rebirth" }>) => void;
  readonly onDelivered: () => void;
  readonly wake: () => void;
};

/** A device that is born in this session. */
type Born = {
  /** It does not answer, and only its past is told: until when at the least; null where it does. */
  readonly forHistoryUntil: UptimeMs | null;
  /** Readings up to this seq were known at its birth: they are history. */
  readonly head: number;
};

/** So many messages may wait for the socket. */
const UNWRITTEN_MAX = 64;
/** A device that is born for its history alone is dead again so long behind it, in milliseconds. */
const HISTORY_MS = 5_000;

/** One session of an edge node with a broker, from its subscriptions to its death. */
export class NodeSession {
  readonly #parts: SessionParts;
  readonly #uplink: Uplink;
  readonly #proof: Proof;
  readonly #unanswered = new Unanswered();
  readonly #born = new Map<string, Born>();
  #isBorn = false;
  #wantsRebirth = false;
  #host: HostState | null = null;
  /** Events up to this seq were there at the birth: they are history. */
  #eventsHead = 0;
  #unwritten = 0;

  constructor(parts: SessionParts, uplink: Uplink) {
    this.#parts = parts;
    this.#uplink = uplink;
    this.#proof = new Proof(parts.graceMs);
  }

  /** Rows that were sent and do not count as delivered yet. */
  get inFlight(): number {
    return this.#parts.outbox.inFlight;
  }

  /** Whether all that is owed was sent. */
  get isIdle(): boolean {
    const { readings, events } = this.#parts.outbox.owed();
    return readings + events <= this.inFlight;
  }

  get isBorn(): boolean {
    return this.#isBorn;
  }

  /** Whether the primary host is known to be away. */
  get isHostOffline(): boolean {
    return this.#host?.isOnline === false;
  }

  /** When to do something again, or to give the session up; null where nothing is to be waited for. */
  get nextEnd(): UptimeMs | null {
    const now = this.#parts.world.clock.uptime();
    const history = this.#born.values().map(({ forHistoryUntil }) => forHistoryUntil);
    const ends = [
      this.#proof.nextEnd,
      this.#parts.drain.nextEnd,
      this.giveUpAt,
      this.#parts.liveness.nextEnd(now),
      ...history,
    ].filter((at) => at !== null);
    return ends.length === 0 ? null : (Math.min(...ends) as UptimeMs);
  }

  /** When the broker has not answered for too long; null while it owes no answer. */
  get giveUpAt(): UptimeMs | null {
    return this.#unanswered.giveUpAt;
  }

  /** Asks for commands and for the state of the primary host; false where the broker refuses. */
  async subscribe(): Promise<boolean> {
    const { edge, primaryHost, takesCommands, catalog, world } = this.#parts;
    const isWritable = (device: Catalog["devices"][number]) =>
      device.metrics.some((metric) => metric.isWritable);
    const devices = takesCommands ? catalog.devices.filter(isWritable) : [];
    const topics = [
      nodeTopic(edge, "NCMD"),
      ...devices.map(({ name }) => deviceTopic(edge, "DCMD", name)),
      ...(primaryHost === null ? [] : [stateTopic(primaryHost)]),
    ];
    const answered = this.#unanswered.sent(world.clock.uptime());
    const asked = topics.map((topic): Subscription => ({ topic, qos: 1 }));
    const isGranted = await this.#uplink.subscribe(asked);
    answered(world.clock.uptime());
    return isGranted;
  }

  /** Takes what the broker sends. Never throws. */
  hear({ topic, payload, retain }: Incoming): void {
    const { primaryHost, catalog, takesCommands } = this.#parts;
    const place = topicOf(topic);
    if (place?.kind === "state" && place.host === primaryHost) {
      const state = hostStateIn(payload);
      if (state !== null) this.#host = nextHostState(this.#host, state);
    }
    if (place?.type === "NCMD" && this.#isBorn) this.#obey(nodeOrders(payload), retain);
    // Whoever was not born is known to no host: nobody can mean it.
    if (place?.type === "DCMD" && this.#isBorn && takesCommands) {
      this.#obey(deviceOrders(catalog, place.device, payload), retain);
    }
    this.#parts.wake();
  }

  /** What the broker has kept was meant for another time, and would come with every session. */
  #obey(orders: readonly Order[], isKept: boolean): void {
    for (const order of orders) {
      if (isKept && order.kind !== "refused") {
        const what = order.kind === "write" ? order.point : "NCMD";
        this.#parts.onOrder({ kind: "refused", what, why: "retained" });
      } else if (order.kind === "rebirth") this.#wantsRebirth = true;
      else this.#parts.onOrder(order);
    }
  }

  /** Does all that can be done now; true where more of the backlog may go at once. */
  act(): boolean {
    const { primaryHost, world } = this.#parts;
    const now = world.clock.uptime();
    this.#proof.settleDue(now);
    if (!this.#isBorn) {
      if (primaryHost !== null && this.#host?.isOnline !== true) return false;
      this.#parts.outbox.restart();
      this.#parts.drain.restart(false);
      this.#birth();
    } else if (this.#wantsRebirth) this.#birth();
    this.#lookAtDevices(now);
    const isMore = this.#pump();
    this.#parts.drain.look(this.#parts.outbox.backlogOwed);
    this.#ask(now);
    return isMore;
  }

  /** The farewell: it is acknowledged, and all behind it. False where that did not come in time. */
  async leave(): Promise<boolean> {
    if (!this.#isBorn) return true;
    const death = this.#parts.messages.nodeDeath(this.#parts.world.clock.now());
    const outcome = await this.#uplink.publish(death);
    if (outcome === "failed") return false;
    this.#proof.settleAll();
    return true;
  }

  /** Births of the node and of every device that answers (Sparkplug B 3.0, 5.4 and 5.12). */
  #birth(): void {
    const { messages, facts, world, heads } = this.#parts;
    this.#isBorn = true;
    this.#wantsRebirth = false;
    this.#born.clear();
    this.#eventsHead = heads().events;
    this.#send(messages.nodeBirth(facts(), world.clock.now()));
  }

  #lookAtDevices(now: UptimeMs): void {
    const { catalog, liveness, messages, world } = this.#parts;
    for (const { name } of catalog.devices) {
      const born = this.#born.get(name);
      const isForHistory = born !== undefined && born.forHistoryUntil !== null;
      if (liveness.isAlive(name, now)) {
        if (born === undefined || isForHistory) this.#birthOf(name, null);
      } else if (born !== undefined && now >= (born.forHistoryUntil ?? now)) {
        this.#born.delete(name);
        this.#send(messages.deviceDeath(name, world.clock.now()));
      }
    }
  }

  #birthOf(name: string, forHistoryUntil: UptimeMs | null): void {
    const { catalog, messages, world, heads } = this.#parts;
    const device = catalog.devices.find((each) => each.name === name);
    if (device === undefined) return;
    this.#send(messages.deviceBirth(device, forHistoryUntil !== null, world.clock.now()));
    this.#born.set(name, { forHistoryUntil, head: heads().readings });
  }

  /** Sends what may go: all that is not backlog, and one row that is. True where more may. */
  #pump(): boolean {
    const { outbox, drain, window } = this.#parts;
    while (this.#proof.written < window && !this.#proof.isFull && this.#unwritten < UNWRITTEN_MAX) {
      const next = outbox.nextOwed(drain.window(window) + this.#proof.backlogResting);
      if (next === null) return false;
      this.#sendRow(next);
      if (next.isBacklog) return true;
    }
    return false;
  }

  #sendRow(row: Owed): void {
    const { outbox, drain, window, world, onDelivered } = this.#parts;
    const underWay = { all: this.#proof.written, backlog: this.#proof.backlogWritten };
    const read = drain.sent(row, underWay, window);
    const settled = outbox.sent(row);
    const settle = (isDelivered: boolean) => {
      settled(isDelivered);
      if (isDelivered) onDelivered();
    };
    const messages = this.#messagesOf(row);
    for (const message of messages) this.#send(message);
    if (messages.length === 0) {
      // Nothing in it that a host has not been told by a death.
      read(true);
      settle(true);
      return;
    }
    this.#proof.add({ sentAt: world.clock.uptime(), isBacklog: row.isBacklog, read, settle });
  }

  #messagesOf(row: Owed): readonly Outgoing[] {
    const { gateway, streams, messages, world } = this.#parts;
    const now = world.clock.now();
    const { seq, isBacklog } = row;
    if (row.kind === "events") {
      const json = eventPayload({ gateway, stream: streams.events, seq }, row.content);
      return [messages.event(row.content, json, seq <= this.#eventsHead, now)];
    }
    // What is read as batches has no texts among it.
    const batch = row.content as Batch;
    this.#birthForHistory(batch);
    const isHistorical = (device: string) =>
      isBacklog || seq <= (this.#born.get(device)?.head ?? Infinity);
    return messages.data(batch, isHistorical, (device) => this.#born.has(device), now);
  }

  /**
   * A device that does not answer is born for what it told before, with no value in its birth. That
   * it does not answer is told by its death: rows that say no more bring nobody to life.
   */
  #birthForHistory({ series }: Batch): void {
    const until = after(this.#parts.world.clock.uptime(), HISTORY_MS);
    for (const { point, t, q } of series) {
      const device = this.#parts.catalog.points.get(point)?.device;
      if (device === undefined) continue;
      const born = this.#born.get(device);
      const isTold = t.some((_, index) => !isBad(q?.[index] ?? "good"));
      if (born === undefined && isTold) this.#birthOf(device, until);
      else if (born !== undefined && born.forHistoryUntil !== null && isTold) {
        this.#born.set(device, { ...born, forHistoryUntil: until });
      }
    }
  }

  #ask(now: UptimeMs): void {
    const { window, world, wake } = this.#parts;
    if (!this.#proof.isDue(now, window)) return;
    const read = this.#proof.asked();
    const answered = this.#unanswered.sent(now);
    void this.#uplink.ping().then((isAnswered) => {
      const at = world.clock.uptime();
      if (isAnswered) {
        answered(at);
        read(at);
      }
      wake();
    });
  }

  #send(message: Outgoing): void {
    this.#unwritten++;
    void this.#uplink.publish(message).then(() => {
      const wasFull = this.#unwritten-- === UNWRITTEN_MAX;
      if (wasFull) this.#parts.wake();
    });
  }
}
