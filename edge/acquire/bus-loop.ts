import type {
  AddressRange,
  PduOutcome,
  PduRequest,
  ReadOutcome,
  ReadRequest,
  Session,
  WriteOutcome,
  WriteRequest,
} from "../../drivers/driver.ts";
import type { QueryOutcome, QueryRequest } from "../../drivers/query.ts";
import type { Progress } from "../core/progress.ts";
import type { Reading, Reason } from "../core/reading.ts";
import { after, stampOf, type UptimeMs } from "../core/time.ts";
import { Doorbell } from "../doorbell.ts";
import type { World } from "../world.ts";
import { type Attuned, type AttuneOrder, attuned, notLent, type OpenAt } from "./attune.ts";
import { BusHealth, type BusHealthParts } from "./bus-health.ts";
import { type BusStatus, type Polled, unreadOf } from "./bus-status.ts";
import type { Isolation, IsolationSettings } from "./isolation.ts";
import type { Rung } from "./ladder.ts";
import { type BusState, Line } from "./line.ts";
import {
  exchangeOnce,
  type Operation,
  queryOnce,
  readOnce,
  urgently,
  writeOnce,
} from "./operation.ts";
import { Operations } from "./operations.ts";
import { type Exchange, Partition, type SplitRefused } from "./partition.ts";
import { readingsOf } from "./readings.ts";
import type { Rebinding } from "./rebind.ts";
import { settled } from "./settled.ts";
import { Timetable } from "./timetable.ts";
import { UnderWay } from "./under-way.ts";
import { UNWATCHED_PATIENCE_MS, Urgency } from "./urgency.ts";

export type BusParts = Pick<BusHealthParts, "onDeviceTurn" | "onImpaired"> & {
  readonly world: World;
  readonly name: string;
  readonly requests: readonly ReadRequest[];
  /** Points that are read before others that are due, because alarms watch them. */
  readonly watched: ReadonlySet<string>;
  readonly isolation: IsolationSettings;
  /** Opens the line. Rejects with `GatewayError` `link.refused`. */
  readonly open: (signal: AbortSignal) => Promise<Session>;
  /** Opens it at other settings; left out where it has none. */
  readonly openAt?: OpenAt;
  /** How to go on where a device refused a request. */
  readonly split: SplitRefused;
  /** A device refuses lastingly to be read across this place. */
  readonly onCut: (device: string, cut: AddressRange) => void;
  /** Binds the USB adapter of the line anew, or null; says what became of it. */
  readonly rebind: (() => Promise<Rebinding>) | null;
  readonly onReadings: (readings: readonly Reading[]) => void;
  /** The bus was opened or lost, with why. */
  readonly onBusTurn: (to: BusState, cause: string) => void;
  /** Something was done to the line because nothing answers, for the first time in this outage. */
  readonly onHealing: (rung: Rung) => void;
};

/** So long a wait on the line holds others up no more than a request does, in milliseconds. */
const BRIEF_MS = 100;

/**
 * Reads everything on one bus for as long as the gateway runs: one request at a time, or as many as
 * its session takes, each point on its own grid. Every due time gives a reading, a bad one when the
 * value is not to be had. A line that is gone is opened again; a unit that is silent does not hold
 * up the others.
 */
export class BusLoop {
  readonly #parts: BusParts;
  readonly #signal: AbortSignal;
  readonly #bell: Doorbell;
  readonly #table: Timetable<ReadRequest>;
  readonly #health: BusHealth;
  readonly #isolation: Isolation;
  readonly #line: Line<Session>;
  readonly #partition: Partition;
  readonly #urgency: Urgency;
  /** Units that may be other devices than before; null for all. */
  #changed: readonly (number | null)[] = [];
  readonly #operations = new Operations();
  readonly #underWay: UnderWay;
  /** Units that are being tried in the background. */
  readonly #probing = new Set<number>();

  constructor(parts: BusParts, signal: AbortSignal) {
    const { world, requests, rebind, onBusTurn, onHealing } = parts;
    const { clock } = world;
    this.#parts = parts;
    this.#signal = signal;
    this.#bell = new Doorbell(clock, signal);
    this.#underWay = new UnderWay(clock, () => this.#bell.ring());
    this.#urgency = new Urgency(parts.watched);
    const isWatched = (request: ReadRequest) => this.#urgency.isWatched(request);
    const onLineWell = () => this.#line.noteWell();
    const onLineSuspect = () => this.#line.heal();
    this.#health = new BusHealth({ ...parts, clock, isWatched, onLineWell, onLineSuspect });
    this.#isolation = this.#health.isolation;
    const isFailing = ({ unit }: ReadRequest) => this.#isolation.isFailing(unit);
    this.#table = new Timetable(requests, clock.uptime(), (request) =>
      this.#urgency.patienceMs(request, isFailing(request)),
    );
    this.#partition = new Partition(parts.split, parts.onCut);
    const onOpened = () => {
      this.#isolation.lineReopened(clock.uptime());
      this.#changed = [null];
    };
    const open = async () => await settled(await parts.open(signal), clock, signal);
    const onChange = () => this.#bell.ring();
    const tell = { onOpened, onTurn: onBusTurn, onChange, onHealing };
    this.#line = new Line({ world, open, rebind, ...tell }, signal);
  }

  /** What its loop is doing. */
  get progress(): Progress {
    const { progress } = this.#bell;
    const since = this.#underWay.oldest;
    return progress.kind === "resting" && since !== null ? { kind: "working", since } : progress;
  }

  status(): BusStatus {
    const { state, since, trouble, counters } = this.#line;
    return {
      bus: this.#parts.name,
      state,
      since,
      trouble,
      counters: { ...counters, ...this.#operations.counters },
      missed: this.#table.missed,
      silent: this.#health.silent,
      unanswered: this.#isolation.unanswered.map(unreadOf),
      disturbed: this.#health.disturbed,
    };
  }

  /**
   * Reads once, before what is due. The caller answers for that a frame can carry it. Rejects with
   * `bus.busy` where too many operations wait.
   */
  read(request: ReadRequest): Promise<ReadOutcome> {
    return this.#operate(readOnce(request, this.#signal, this.#parts.world.clock));
  }

  /**
   * Writes once, before all else; not at all where the driver cannot write. The caller answers for
   * that a frame can carry it. Rejects with `bus.busy` where too many operations wait.
   */
  write(request: WriteRequest): Promise<WriteOutcome> {
    return this.#operate(writeOnce(request, this.#signal, this.#parts.world.clock));
  }

  /** Sends any request, as `read` reads. Rejects with `bus.busy` where too many operations wait. */
  exchange(request: PduRequest): Promise<PduOutcome> {
    return this.#operate(exchangeOnce(request, this.#signal, this.#parts.world.clock));
  }

  /**
   * Asks a unit that it does not read, when nothing is due, or what is due has had its share. Rejects
   * with `bus.busy` where too many operations wait.
   */
  query(request: QueryRequest): Promise<QueryOutcome> {
    return this.#operate(queryOnce(request, this.#signal, this.#parts.world.clock));
  }

  /**
   * Writes for an interlock: before all else, behind only what is under way, not at all from
   * `until` on or once `isOff` says so. Rejects with `bus.busy` where too many wait.
   */
  act(request: WriteRequest, until: UptimeMs, isOff: () => boolean): Promise<WriteOutcome> {
    const { clock } = this.#parts.world;
    // A line may take its time to fall silent once the write is in its hands.
    const isOver = () => isOff() || clock.uptime() >= until;
    return this.#operate(urgently(writeOnce(request, this.#signal, clock, isOver), until, isOff));
  }

  /** Reads back what an interlock wrote, as `act` writes. */
  check(request: ReadRequest, until: UptimeMs, isOff: () => boolean): Promise<ReadOutcome> {
    const read = readOnce(request, this.#signal, this.#parts.world.clock);
    return this.#operate(urgently(read, until, isOff));
  }

  /**
   * Asks at other settings of a serial line on which nothing answers; the line is lent for it.
   * Rejects with `field.refused` where it has no settings or something answers, and with `bus.busy`.
   */
  async attune(order: AttuneOrder): Promise<Attuned> {
    const { name, openAt, world } = this.#parts;
    if (openAt === undefined) throw notLent(`the bus ${name} has no settings`);
    if (!this.#health.isDeaf) throw notLent(`devices on the bus ${name} answer`);
    return await this.#line.lend(() => attuned(order, openAt, world.clock, this.#signal));
  }

  /** The device at `unit` that is read, and whether it answers; null where none is. */
  polled(unit: number): Polled | null {
    const request = this.#parts.requests.find((each) => each.unit === unit);
    if (request === undefined) return null;
    return { device: request.device, isSilent: this.#isolation.isSilent(unit) };
  }

  async #operate<Outcome extends ReadOutcome | WriteOutcome | QueryOutcome | PduOutcome>(
    operation: Operation<Outcome>,
  ): Promise<Outcome> {
    const outcome = this.#operations.add(operation, this.#parts.world.clock.uptime());
    this.#bell.ring();
    return await outcome;
  }

  /** Runs until the signal aborts, then throws its reason. */
  async run(): Promise<void> {
    try {
      for (;;) {
        this.#signal.throwIfAborted();
        this.#bell.turn();
        this.#underWay.throwIfDied();
        this.#line.keepOpen();
        await this.#step();
      }
    } finally {
      this.#operations.end();
      await this.#line.close();
    }
  }

  /** Does the one thing that is next, or waits until there is something to do. */
  async #step(): Promise<void> {
    const now = this.#parts.world.clock.uptime();
    // Nothing is due before the line was tried: a start is not an outage.
    if (!this.#line.wasTried) return this.#bell.wait();
    const { session, state } = this.#line;
    const width = session?.inFlight ?? 1;
    // What is under way must not be exchanged.
    const over = this.#partition.over(now, (parts) => this.#table.isEven(parts));
    const isExchange = this.#changed.length > 0 || over.length > 0;
    const isFull = this.#underWay.count >= (isExchange ? 1 : width);
    if (isFull) return this.#bell.wait();
    this.#exchange(this.#partition.whole(over, now));
    for (const unit of this.#changed) this.#exchange(this.#partition.reunite(unit));
    this.#changed = [];
    const due = this.#table.next(now);
    if (session === null) {
      this.#operations.giveUp();
      // A line that is opened anew because nothing answers is not taken for closed.
      const reason = state === "open" ? "timeout" : "link-closed";
      if (due !== null) return this.#giveUp(this.#table.due(now), reason);
      return this.#bell.wait(this.#untilMs(now, this.#table.nextAt()));
    }
    const notBefore = (unit: number) =>
      this.#probing.has(unit) ? after(now, Infinity) : session.notBefore(unit);
    // While one request of a unit that answers is tried, others can go to it.
    const mayGoFrom = (unit: number, request?: ReadRequest) => {
      const from = this.#isolation.isSilent(unit) ? notBefore(unit) : session.notBefore(unit);
      const clearAt = request === undefined ? from : (session.clearAt?.(request) ?? from);
      return Math.max(from, clearAt) as UptimeMs;
    };
    const operation = this.#operations.take(now, mayGoFrom, due !== null);
    if (operation !== null)
      return await this.#underWay.carryOut(width, () => operation.run(session));
    if (due !== null && this.#isolation.isSuspect(due.task)) {
      return this.#giveUpSilent(now);
    }
    const probe = this.#isolation.probe(now, due === null ? this.#gapMs(now) : 0, notBefore);
    if (probe !== null)
      return await this.#underWay.carryOut(width, () => this.#probe(session, probe));
    if (due !== null) {
      if (width > 1) this.#table.begin(due.task);
      return await this.#underWay.carryOut(width, () => this.#serve(session, due.task));
    }
    const probeAt = this.#isolation.nextProbeAt(now, notBefore);
    const operationAt = this.#operations.nextAt(mayGoFrom);
    await this.#bell.wait(this.#untilMs(now, this.#table.nextAt(), probeAt, operationAt));
  }

  /** How long nobody that answers needs the line, in milliseconds. */
  #gapMs(now: UptimeMs): number {
    const next = this.#table.nextAt((request) => !this.#isolation.isSuspect(request));
    return next === null ? Infinity : next - now;
  }

  #untilMs(now: UptimeMs, ...moments: readonly (UptimeMs | null)[]): number {
    return Math.min(...moments.map((at) => (at === null ? Infinity : at - now)));
  }

  /** Reads `request` for its due time, or says at once why it cannot be read. */
  async #serve(session: Session, request: ReadRequest): Promise<void> {
    const { clock } = this.#parts.world;
    const notBefore = session.notBefore(request.unit);
    if (notBefore > clock.uptime()) {
      if (this.#table.putOff(request, notBefore)) return;
      return this.#giveUp([request], this.#health.gaveUpHeld(request, notBefore));
    }
    const clearAt = session.clearAt?.(request) ?? notBefore;
    if (clearAt > clock.uptime() && this.#lagsUntil(request, clearAt)) return;
    const outcome = await this.#ask(session, request);
    const exchange = this.#partition.divide(request, outcome, clock.uptime());
    // They are due for the same time: what a device refused whole it may answer in parts.
    if (exchange !== null) return this.#exchange([exchange]);
    this.#table.done(request, clock.uptime());
    this.#parts.onReadings(readingsOf(request, outcome));
  }

  /**
   * Whether `request` is put off until `clearAt`: asked before, it would wait on the line, and all
   * others with it. Where others of its unit go first again and again it waits there in the end.
   */
  #lagsUntil(request: ReadRequest, clearAt: UptimeMs): boolean {
    const isLong = clearAt > after(this.#parts.world.clock.uptime(), BRIEF_MS);
    return this.#table.putOff(request, clearAt, isLong ? UNWATCHED_PATIENCE_MS : 0);
  }

  /** Tries whether `request` is answered again. If it is not, its due times tell so anyhow. */
  async #probe(session: Session, request: ReadRequest): Promise<void> {
    const { unit } = request;
    const wasSilent = this.#isolation.isSilent(unit);
    this.#probing.add(unit);
    const outcome = await this.#ask(session, request).finally(() => this.#probing.delete(unit));
    if (this.#isolation.isSuspect(request)) return;
    if (wasSilent) this.#changed = [...this.#changed, unit];
    this.#parts.onReadings(readingsOf(request, outcome));
  }

  async #ask(session: Session, request: ReadRequest): Promise<ReadOutcome> {
    const { clock } = this.#parts.world;
    const from = clock.uptime();
    const outcome = await session.read(request, this.#signal);
    this.#signal.throwIfAborted();
    const heldUntil = session.notBefore(request.unit);
    this.#health.note({ request, outcome, from, heldUntil });
    return outcome;
  }

  #exchange(exchanges: readonly Exchange[]): void {
    for (const { old, instead } of exchanges) {
      this.#table.replace(old, instead);
      this.#isolation.replace(old, instead);
    }
  }

  /** All at once: many may be due together, and to look for each among all takes too long. */
  #giveUp(requests: readonly ReadRequest[], reason: Reason): void {
    const failure = { kind: "failure", reason, ...stampOf(this.#parts.world.clock) } as const;
    for (const request of requests) this.#table.done(request, failure.uptime);
    this.#parts.onReadings(requests.flatMap((request) => readingsOf(request, failure)));
  }

  /** Gives up what is due and suspect, saying how each kept silent the last time. */
  #giveUpSilent(now: UptimeMs): void {
    const silent = this.#table.due(now, (request) => this.#isolation.isSuspect(request));
    const byReason = Map.groupBy(silent, (request) => this.#isolation.reasonOf(request));
    for (const [reason, requests] of byReason) this.#giveUp(requests, reason);
  }
}
