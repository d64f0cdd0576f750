import type { Hj212Destination } from "../../../config/centre-config.ts";
import { after, type UptimeMs, type WallMs } from "../../core/time.ts";
import type { Recorded } from "../../recorded.ts";
import type { CentreParts, CentreProtocol, Step } from "../centre-loop.ts";
import type { Grid, Quantity } from "../periods/fold.ts";
import { LatestReadings } from "../periods/latest.ts";
import { type FeedRules, ReportFeed } from "../periods/report-feed.ts";
import { SpanFeed } from "../periods/span-feed.ts";
import { executionResult, requestAnswer } from "./answers.ts";
import { Conversation } from "./conversation.ts";
import { EquipmentStates } from "./equipment.ts";
import { decodeFrame, streamRules } from "./frame.ts";
import {
  equipmentMessage,
  messageOf,
  periodMessage,
  realTimeMessage,
  unanswered,
} from "./messages.ts";
import { flagBits, type Packet } from "./packet.ts";
import { type Order, react } from "./requests.ts";
import { qnRtnOf } from "./return-codes.ts";
import { type Settings, settingsOf } from "./settings.ts";
import { timeOf } from "./times.ts";

const HOUR_MS = 3_600_000;
/** How long until the centre is asked for the time again, in milliseconds. */
const ASK_CLOCK_MS = 1_800_000;
/** SystemTime has whole seconds. */
const SECOND_MS = 1_000;
/** The most refusals that are told in one connection. */
const REFUSALS_MAX = 100;

/** A time that the centre asked for. */
type Query = { readonly feed: SpanFeed; readonly request: Packet; told: number };

/**
 * Speaks HJ 212 with one centre: what is of now first, then in turn what was asked for and the
 * periods that are owed, oldest first. The 2017 edition has no message for alarms: they travel as
 * marks of the data and as states of equipment, which go before everything else.
 */
export class Hj212Centre implements CentreProtocol {
  readonly rules = streamRules();
  readonly #parts: CentreParts;
  readonly #destination: Hj212Destination;
  readonly #ring: () => void;
  readonly #signal: AbortSignal;
  readonly #settleMs: number;
  readonly #latest: LatestReadings;
  readonly #feed: ReportFeed;
  readonly #talk: Conversation;
  readonly #equipment: EquipmentStates;
  #settings: Settings;
  #query: Query | null = null;
  #isQuerysTurn = false;
  #eventsTo = 0;
  #readingsTo: number;
  #realTimeAt = 0 as UptimeMs;
  #askClockAt = 0 as UptimeMs;
  readonly #startedAt: WallMs;
  #owesRestart = true;
  /** When the connection was made: what ended before is told late. */
  #begunAt = 0;
  /** What was refused in this connection and told. */
  readonly #refused = new Set<string>();

  constructor(
    parts: CentreParts,
    destination: Hj212Destination,
    ring: () => void,
    signal: AbortSignal,
  ) {
    this.#parts = parts;
    this.#destination = destination;
    this.#ring = ring;
    this.#signal = signal;
    this.#settings = settingsOf(destination);
    const { factors, name } = destination;
    const points = factors.flatMap(({ point, total }) => [point, total?.flow ?? point]);
    this.#settleMs = Math.max(0, ...points.map((point) => parts.settleMsOf(point)));
    this.#latest = new LatestReadings(new Map(factors.map((each) => [each.point, each.holdMs])));
    this.#feed = new ReportFeed({ ...parts, name, signal }, this.#feedRules(), ring);
    const { wallNow, world, ledgerState } = parts;
    this.#talk = new Conversation({ clock: world.clock, wallNow, onOver: ring });
    this.#equipment = new EquipmentStates(destination.equipment, ledgerState, name);
    this.#startedAt = wallNow();
    this.#readingsTo = ledgerState.heads.readings;
    this.#passEvents();
  }

  onRecorded(recorded: Recorded): void {
    for (const { seq, batch } of recorded.batches) {
      this.#latest.add(batch, this.#now);
      this.#equipment.add(batch, this.#now);
      this.#readingsTo = Math.max(this.#readingsTo, seq);
    }
    this.#equipment.onRecorded(recorded);
    this.#passEvents();
    this.#feed.onRecorded(recorded);
  }

  begin(write: (bytes: Uint8Array) => void): void {
    this.#talk.begin(write);
    this.#begunAt = this.#parts.wallNow();
    this.#askClockAt = this.#now;
    this.#realTimeAt = this.#nextRealTime();
    this.#refused.clear();
  }

  end(): void {
    this.#talk.end();
    this.#query = null;
  }

  heard(frame: Uint8Array): void {
    const { packet, faults } = decodeFrame(frame);
    if (packet === null) return;
    const [fault] = faults;
    if (fault === undefined) {
      if (!this.#talk.takes(packet)) this.#heardRequest(packet);
      return;
    }
    // What cannot be understood is answered with why, if it is a request that wants to know.
    const isRequest = packet.cn !== null && !packet.cn.startsWith("9");
    if (!isRequest || packet.flag === null || !flagBits(packet.flag).wantsAnswer) return;
    const qnRtn = qnRtnOf(fault);
    this.#talk.send(requestAnswer(packet, qnRtn));
    this.#tellRefused(packet, qnRtn);
  }

  step(): Step {
    if (!this.#talk.repeat(this.#settings)) {
      return { lost: "the centre does not answer what it was sent" };
    }
    const now = this.#now;
    const { gapEnd } = this.#talk;
    // Without answers, so that a centre that stalls is not flooded.
    if (!this.#destination.wantsAnswers && now < gapEnd) return { waitMs: gapEnd - now };
    if (!this.#talk.isBusy) this.#sendNext(now);
    return { waitMs: Math.max(0, this.#nextAt() - now) };
  }

  figures() {
    return {
      owed: { readings: this.#feed.owed, events: this.#equipment.owed },
      inFlight: this.#talk.isBusy ? 1 : 0,
      acknowledged: this.#talk.acknowledged,
    };
  }

  get #now(): UptimeMs {
    return this.#parts.world.clock.uptime();
  }

  #nextAt(): number {
    const repeatAt = this.#talk.dueAt(this.#settings);
    if (repeatAt !== null) return repeatAt;
    const { wantsAnswers, edition, heartbeatMs } = this.#destination;
    const { sentAt, gapEnd } = this.#talk;
    const due: number[] = [this.#askClockAt];
    if (this.#settings.isRealTime) due.push(this.#realTimeAt);
    if (edition === 2025) due.push(after(sentAt, heartbeatMs));
    // What is ready has been looked at: only the gap can hold it back.
    if (!wantsAnswers && gapEnd > this.#now) due.push(gapEnd);
    return Math.min(...due);
  }

  /** Begins the next message, by what is most urgent; nothing where there is none. */
  #sendNext(now: UptimeMs): void {
    if (this.#sendEquipment(now)) return;
    if (now >= this.#askClockAt && this.#askClock(now)) return;
    if (this.#settings.isRealTime && now >= this.#realTimeAt) {
      this.#sendRealTime();
      return;
    }
    if (this.#owesRestart) {
      this.#sendRestart();
      return;
    }
    const turns = [() => this.#sendReport(), () => this.#sendQueried()];
    for (const isSent of this.#isQuerysTurn ? turns.toReversed() : turns) {
      if (!isSent()) continue;
      this.#isQuerysTurn = !this.#isQuerysTurn;
      return;
    }
    const { edition, heartbeatMs } = this.#destination;
    if (edition !== 2025 || now < after(this.#talk.sentAt, heartbeatMs)) return;
    const heartbeat = unanswered(messageOf(this.#destination, "9015", []));
    this.#talk.send({ ...heartbeat, qn: this.#talk.newQn() });
  }

  /** Asks for the time while the gateway has none of its own (1013); false where it need not. */
  #askClock(now: UptimeMs): boolean {
    this.#askClockAt = after(now, ASK_CLOCK_MS);
    const { clock } = this.#parts.world;
    if (clock.state() !== "unsynced" || !this.#destination.remote.clock) return false;
    this.#talk.start(messageOf(this.#destination, "1013", []), undefined, true);
    return true;
  }

  #sendEquipment(now: UptimeMs): boolean {
    const states = this.#settings.isEquipment ? this.#equipment.news(now) : null;
    if (states === null) return false;
    const told = this.#equipment.telling(states);
    this.#talk.start(equipmentMessage(this.#destination, this.#parts.wallNow(), states), () => {
      told();
      this.#passEvents();
    });
    return true;
  }

  #sendRealTime(): void {
    const now = this.#now;
    const { factors } = this.#destination;
    const latest = ({ point }: { readonly point: string }) => this.#latest.of(point, now);
    const at = this.#parts.wallNow();
    this.#realTimeAt = this.#nextRealTime();
    this.#talk.start(realTimeMessage(this.#destination, at, factors, latest));
  }

  /** At a multiple of the interval by the clock. */
  #nextRealTime(): UptimeMs {
    const { realTimeMs } = this.#settings;
    return after(this.#now, realTimeMs - (this.#parts.wallNow() % realTimeMs));
  }

  #sendRestart(): void {
    const dataTime = { name: "DataTime", value: timeOf(this.#parts.wallNow()) };
    const restartTime = { name: "RestartTime", value: timeOf(this.#startedAt) };
    const message = messageOf(this.#destination, "2081", [[dataTime], [restartTime]]);
    const onOver = () => {
      this.#owesRestart = false;
    };
    this.#talk.start(message, onOver, true);
  }

  #sendReport(): boolean {
    const period = this.#feed.next();
    if (period === null) return false;
    const isLate = period.to + this.#settleMs < this.#begunAt;
    const message = periodMessage(this.#destination, period, isLate);
    this.#talk.start(message, () => this.#feed.acknowledged(period));
    return true;
  }

  #sendQueried(): boolean {
    const query = this.#query;
    const period = query?.feed.next() ?? null;
    if (query === null || period === null) return false;
    if (period === "end") {
      this.#query = null;
      this.#talk.send(executionResult(query.request, query.told > 0 ? "1" : "100"));
      return false;
    }
    this.#talk.start(periodMessage(this.#destination, period, true), () => {
      query.told++;
      query.feed.taken();
    });
    return true;
  }

  #heardRequest(packet: Packet): void {
    const { answers, order, refused } = react(packet, {
      sender: this.#destination,
      settings: this.#settings,
      remote: this.#destination.remote,
      now: this.#parts.wallNow(),
      isQuerying: this.#query !== null,
      hasEquipment: this.#destination.equipment.length > 0,
    });
    if (packet.cn === "2021" && refused === null) this.#equipment.forget();
    for (const answer of answers) this.#talk.send(answer);
    if (order !== null) this.#obey(order, packet);
    if (refused !== null) this.#tellRefused(packet, refused);
  }

  #obey(order: Order, { cn }: Packet): void {
    if (order.kind === "settings") this.#set(order.settings, cn ?? "");
    else if (order.kind === "history") {
      this.#query = { feed: this.#spanFeed(order), request: order.request, told: 0 };
    } else {
      // It was that second when the centre wrote it, and it took a part of the round trip.
      const halfMs = (SECOND_MS + this.#talk.roundTripMs) / 2;
      this.#parts.learn(Math.round(order.wall + halfMs) as WallMs, this.#now, halfMs);
    }
  }

  #set(settings: Settings, command: string): void {
    const before = this.#settings;
    const changed = (Object.keys(settings) as (keyof Settings)[]).filter(
      (key) => settings[key] !== before[key],
    );
    if (changed.length === 0) return;
    this.#settings = settings;
    if (settings.minuteMs !== before.minuteMs) this.#feed.setRules(this.#feedRules());
    this.#realTimeAt = this.#nextRealTime();
    const what = changed.map((key) => `${key}=${settings[key]}`).join(" ");
    this.#tell("remote-set", { command, what });
  }

  #spanFeed({ grid: name, from, to }: Extract<Order, { readonly kind: "history" }>): SpanFeed {
    const rules = this.#feedRules();
    const grid = rules.grids.find((each) => each.name === name) as Grid;
    const { world, ledger, ledgerState, upTo } = this.#parts;
    const head = Math.min(this.#readingsTo, upTo("readings"));
    const tail = ledgerState.tails.readings;
    const parts = { world, ledger, signal: this.#signal, tail, head };
    return new SpanFeed(parts, { ...rules, grid, from, to }, this.#ring);
  }

  #feedRules(): FeedRules {
    return {
      grids: [
        { name: "minute", ms: this.#settings.minuteMs },
        { name: "hour", ms: HOUR_MS },
        { name: "day", ms: 24 * HOUR_MS },
      ],
      quantities: this.#destination.factors.map(quantityOf),
      settleMs: this.#settleMs,
    };
  }

  /** What no state of equipment tells of has no form here: it is not owed. */
  #passEvents(): void {
    const to = this.#equipment.toldTo(this.#settings.isEquipment);
    if (to <= this.#eventsTo) return;
    this.#eventsTo = to;
    const { name } = this.#destination;
    this.#parts.onDelivered({ destination: name, kind: "events", ranges: [{ from: 1, to }] });
  }

  /** Once for each command and reason in a connection. */
  #tellRefused({ cn }: Packet, code: string): void {
    const key = `${cn} ${code}`;
    if (this.#refused.has(key) || this.#refused.size >= REFUSALS_MAX) return;
    this.#refused.add(key);
    this.#tell("remote-refused", { command: cn ?? "", code });
  }

  #tell(cause: string, detail: Readonly<Record<string, string>>): void {
    const { name: subject } = this.#destination;
    const state = { from: "connected", to: "connected" } as const;
    this.#parts.tell({ kind: "destination", subject, ...state, cause, detail });
  }
}

function quantityOf({ code, point, total, holdMs }: Hj212Destination["factors"][number]): Quantity {
  return { code, point, flow: total?.flow ?? null, holdMs };
}
