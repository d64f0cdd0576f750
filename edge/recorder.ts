import { CommitTimes } from "./commit-times.ts";
import type { AlarmMemory } from "./core/alarm-memory.ts";
import { type Backoff, backoffMs } from "./core/backoff.ts";
import type { Batch } from "./core/batch.ts";
import type { CommandMemory } from "./core/command.ts";
import { GatewayError, messageOf } from "./core/errors.ts";
import type { Event, GatewayEvent } from "./core/event.ts";
import type { Interlocks } from "./core/interlock.ts";
import type { Commit, Committed, Counter, Cuts, Delivered, Unflushed } from "./core/ledger.ts";
import type { Progress } from "./core/progress.ts";
import type { Reading } from "./core/reading.ts";
import { after, type UptimeMs } from "./core/time.ts";
import type { Wear } from "./core/wear.ts";
import { Doorbell } from "./doorbell.ts";
import { DropReport, type Report } from "./drop-report.ts";
import { BUFFER, eventOf } from "./gateway-event.ts";
import type { OwnPlan } from "./own-streams.ts";
import { isDoneInTime } from "./patience.ts";
import { batchesOf, countOf } from "./reading-queue.ts";
import type { RecorderParts } from "./recorder-parts.ts";
import type { RecorderStatus } from "./recorder-status.ts";
import { ShedReport } from "./shed-report.ts";
import { type Load, Unstored } from "./unstored.ts";

/** How long beyond the time to finish a commit may take until its disk counts as hanging. */
const LAST_TRY_MS = 1_000;

const RETRY: Backoff = { firstMs: 500, maxMs: 15_000 };

/**
 * Brings readings and events to the ledger: readings in a group commit at their own interval,
 * events at once, the cursors of the destinations with the groups of `commitMs`. One commit is
 * under way at a time; what could not be stored is kept, within bounds, and tried again.
 *
 * What survives the power: an event once its commit has returned, which is when it is announced;
 * a reading once the group commit of its point's interval has, which begins at most that interval
 * after it came, or when the commit before it ends. A commit that has returned has been flushed.
 */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #bell: Doorbell;
  readonly #signal: AbortSignal;
  readonly #shed = new ShedReport();
  readonly #unstored: Unstored;
  /** All intervals at which readings are committed. */
  readonly #intervalsMs: ReadonlySet<number>;
  readonly #times: CommitTimes;
  readonly #drops: DropReport;
  #hasReadings = false;
  #commits = 0;
  #bytes: number;
  #failures = 0;
  #failing: string | null = null;
  /** What a commit is storing now. */
  #underWay: Load | null = null;
  /** Until when what is left may be tried; null while the gateway runs. */
  #finishBy: UptimeMs | null = null;
  /** Resolves with the time to finish in, once that was asked for. */
  readonly #finishing = Promise.withResolvers<number>();

  constructor(parts: RecorderParts, signal: AbortSignal) {
    const { commitMs, commitMsOf } = parts;
    this.#parts = parts;
    this.#signal = signal;
    this.#intervalsMs = new Set([commitMs, ...commitMsOf.values()]);
    this.#times = new CommitTimes(this.#intervalsMs, parts.world.clock.uptime());
    this.#unstored = new Unstored(
      (point) => commitMsOf.get(point) ?? commitMs,
      (kind, at) => this.#shed.note(kind, at),
    );
    this.#bell = new Doorbell(parts.world.clock, signal);
    this.#drops = new DropReport(parts.ledgerState.untold);
    this.#bytes = parts.ledgerState.bytes;
  }

  /** Takes readings for the next group commit. */
  add(readings: readonly Reading[]): void {
    const { time } = this.#parts;
    time.look();
    // By now two clocks may be told apart: the machine's, and that of whoever told the time.
    this.#unstored.readings.add(time.placed(readings), time.clock, time.aheadMs);
    const { firstMs } = this.#parts;
    if (!this.#hasReadings && firstMs !== undefined) this.#hasten(firstMs);
    // While the disk refuses, memory stays full, and what is due is tried again in its own time.
    else if (this.#failing === null && this.#unstored.readings.isCrowded) this.#hasten(0);
    this.#hasReadings = true;
  }

  /** The next commit of all groups is in `ms` at the latest. */
  #hasten(ms: number): void {
    this.#times.hasten(after(this.#parts.world.clock.uptime(), ms));
    this.#bell.ring();
  }

  /** Commits `event` at once, with the new state of its alarm or of the interlocks if it is theirs. */
  tell(
    event: Event,
    memory: AlarmMemory | null = null,
    interlocks: Interlocks | null = null,
  ): void {
    this.#unstored.events.add(this.#parts.time.stamped(event), memory, interlocks);
    this.#bell.ring();
  }

  /** There may be something to settle at once that waits for the time. */
  noteTime(): void {
    if (this.#parts.time.isUrgent) this.#bell.ring();
  }

  /** Notes what a destination has acknowledged; stored with the next group commit. */
  noteDelivered(delivered: Delivered): void {
    this.#unstored.cursors.add(delivered);
  }

  /** Notes at which places devices refused to be read across; stored with the next group commit. */
  noteCuts(cuts: Cuts): void {
    this.#unstored.cuts = cuts;
  }

  /** Notes what the buffer does to its card; stored with the next group commit. */
  noteWear(wear: Wear): void {
    this.#unstored.wear = wear;
  }

  /** Notes what is remembered of commands; stored with the next commit, see `whenStored`. */
  noteCommands(commands: CommandMemory): void {
    this.#unstored.commands = commands;
  }

  /** Stores `counter` at once; resolves true once it is, false when it never will be. */
  noteCounter(counter: Counter): Promise<boolean> {
    this.#unstored.counters.set(counter.name, counter);
    return this.whenStored();
  }

  /** Resolves true once all that was told so far is stored; false when it never will be. */
  whenStored(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#unstored.waiters.push(resolve);
      this.#bell.ring();
    });
  }

  /** Stores what is left, for as long as `graceMs` where the disk refuses, and ends `run`. */
  finish(graceMs: number): void {
    this.#finishBy = after(this.#parts.world.clock.uptime(), graceMs);
    this.#finishing.resolve(graceMs + LAST_TRY_MS);
    this.#bell.ring();
  }

  /**
   * Stores what came up since `run` has ended, without a second try: the cursors of the
   * destinations, and the events that belong to them. A disk that refuses has had its time.
   */
  async storeLast(): Promise<void> {
    if (this.#underWay !== null) return;
    await this.#unlessHanging(this.#storeLast(), Promise.resolve(LAST_TRY_MS));
  }

  status(): RecorderStatus {
    const { readings, events } = this.#unstored;
    const { readings: storing = [], told } = this.#underWay ?? {};
    return {
      waiting: readings.waiting + countOf(storing),
      waitingEvents: events.waiting + (told?.events.length ?? 0),
      refused: readings.refused,
      refusedEvents: events.refused,
      commits: this.#commits,
      bytes: this.#bytes,
      failing: this.#failing,
      retention: this.#drops.retention,
    };
  }

  /** What its loop is doing. */
  get progress(): Progress {
    return this.#bell.progress;
  }

  /** Runs until `finish` was called and what is left is stored, or the signal aborts. */
  async run(): Promise<void> {
    try {
      await this.#unlessHanging(this.#record(), this.#finishing.promise);
    } finally {
      for (const waiter of this.#unstored.waiters) waiter(false);
      for (const waiter of this.#underWay?.waiters ?? []) waiter(false);
    }
  }

  /** Waits for `work`, but not for ever for a disk that hangs. */
  async #unlessHanging(work: Promise<unknown>, patience: Promise<number>): Promise<void> {
    const { clock } = this.#parts.world;
    if (await isDoneInTime(work, patience, clock, this.#signal)) return;
    this.#failing ??= "buffer.io";
  }

  async #record(): Promise<void> {
    const { clock } = this.#parts.world;
    const times = this.#times;
    for (;;) {
      this.#bell.turn();
      const isClosing = this.#finishBy !== null;
      this.#parts.time.look();
      const now = clock.uptime();
      const due = isClosing ? this.#intervalsMs : times.dueAt(now);
      if (due.size === 0 && !this.#isUrgent) {
        await this.#bell.wait(times.next - now);
        continue;
      }
      const isStored = await this.#commit(this.#take(due));
      if (isClosing && this.#isFinished(isStored)) return;
      // What the disk refused stays due: it goes along with whatever is tried next.
      if (isStored) times.done(due, now, clock.uptime());
      else await this.#pause();
    }
  }

  get #isUrgent(): boolean {
    return this.#unstored.isUrgent || this.#parts.time.isUrgent;
  }

  #take(due: ReadonlySet<number>): Load {
    if (due.size === 0) return this.#unstored.takeUrgent();
    if (!due.has(this.#parts.commitMs)) return this.#unstored.takeGroups(due);
    return this.#unstored.takeAll(due, this.#takeDrops());
  }

  /** What was dropped since is told by the next start: it would reach nobody before. */
  async #storeLast(): Promise<void> {
    do {
      if (!(await this.#commit(this.#unstored.takeAll(this.#intervalsMs, null)))) return;
    } while (this.#unstored.events.waiting > 0);
  }

  /** Whether nothing is left, or no time for it. */
  #isFinished(isStored: boolean): boolean {
    const { readings, events } = this.#unstored;
    if (isStored) return readings.waiting + events.waiting === 0;
    return this.#finishBy !== null && this.#parts.world.clock.uptime() >= this.#finishBy;
  }

  /** Waits before the next try, at most until the time to finish is over. */
  async #pause(): Promise<void> {
    const { world } = this.#parts;
    const { clock } = world;
    const until = after(clock.uptime(), backoffMs(RETRY, this.#failures, world.random()));
    const mayEnd = () => Math.min(until, this.#finishBy ?? until);
    while (clock.uptime() < mayEnd()) await this.#bell.wait(mayEnd() - clock.uptime());
  }

  #takeDrops(): Report | null {
    const { world, time } = this.#parts;
    return this.#drops.take(world.clock.uptime(), this.#finishBy !== null, time.isReached);
  }

  async #commit(load: Load): Promise<boolean> {
    const { told, delivered, cuts, wear, commands, counters, drops } = load;
    const batches = batchesOf(load.readings, this.#parts.unitOf);
    const reports = drops?.turns.map((turn) => this.#event(turn, "buffer.full")) ?? [];
    const { time: keeper } = this.#parts;
    const events = [...told.events, ...reports.map((report) => keeper.stamped(report))];
    const { alarms, interlocks } = told;
    const states = { alarms, interlocks, delivered, cuts, wear, commands, counters };
    const tells = drops?.told ?? null;
    const plan = this.#planOwn(batches, events);
    const { queued } = plan;
    const commit = { batches, events, ...states, tells, time: keeper.note(), queued };
    this.#underWay = load;
    try {
      const rows = batches.length + events.length + delivered.length;
      const changed = rows + counters.length + queued.length;
      const isNothing = changed === 0 && cuts === null && wear === null && commands === null;
      if (isNothing && !keeper.isDue) return this.#settle(load);
      const committed = await this.#parts.ledger.commit(commit);
      this.#signal.throwIfAborted();
      if (committed.unflushed !== null && !(await this.#untilFlushed(committed.unflushed)))
        return this.#settle(load, false);
      this.#onStored(commit, committed, plan);
      for (const report of reports) this.#parts.onEvent(report);
      return this.#settle(load);
    } catch (error) {
      const isTriedAgain = error instanceof GatewayError && error.remedy === "retry";
      if (!isTriedAgain) {
        this.#settle(load, false);
        throw error;
      }
      this.#putBack(load, error);
      return false;
    } finally {
      this.#underWay = null;
    }
  }

  /** What is stored must not be stored again: waits until the disk has it; false where it ends before. */
  async #untilFlushed(why: Unflushed): Promise<boolean> {
    this.#fail(why);
    for (;;) {
      await this.#pause();
      try {
        await this.#parts.ledger.flush();
        return true;
      } catch (error) {
        if (!(error instanceof GatewayError) || error.remedy !== "retry") throw error;
        this.#fail(error);
      }
      if (this.#finishBy !== null && this.#parts.world.clock.uptime() >= this.#finishBy)
        return false;
    }
  }

  #planOwn(batches: readonly Batch[], events: readonly Event[]): OwnPlan {
    const { own, time, world } = this.#parts;
    if (own === undefined) return NO_PLAN;
    const uptime = world.clock.uptime();
    const wallAt = time.clock === "unsynced" ? null : uptime + time.aheadMs;
    return own.plan(batches, events, { uptime, wallAt });
  }

  #settle({ waiters }: Load, isStored = true): boolean {
    for (const waiter of waiters) waiter(isStored);
    return isStored;
  }

  #onStored({ batches, events }: Filled, committed: Committed, plan: OwnPlan): void {
    this.#commits++;
    this.#bytes = committed.bytes;
    this.#parts.time.onStored(committed);
    const shed = this.#shed.take();
    if (this.#failing !== null || shed !== null) {
      const from = this.#failing === null ? "working" : "failing";
      this.#report(from, "working", this.#failing ?? "buffer.io", shed);
    }
    this.#failing = null;
    this.#failures = 0;
    const { dropped, forgotten, spared, written } = committed;
    this.#drops.add(dropped);
    this.#drops.add(forgotten);
    const recorded = {
      batches: committed.batches.map((seq, i) => ({ seq, batch: batches[i] as Batch })),
      events: events.map((event, i) => ({ seq: committed.events[i] as number, event })),
      dropped,
      spared,
      queues: this.#parts.own?.stored(plan, events, committed) ?? [],
    };
    this.#parts.onRecorded(recorded, written);
  }

  #putBack(load: Load, error: GatewayError): void {
    this.#unstored.putBack(load);
    if (load.drops !== null) this.#drops.putBack(load.drops);
    this.#fail({ code: error.code, message: messageOf(error) });
  }

  #fail({ code, message }: Unflushed): void {
    this.#failures++;
    if (this.#failing !== null) return;
    this.#failing = code;
    this.#report("working", "failing", code, { message });
  }

  #report(from: string, to: string, cause: string, detail: Detail | null): void {
    const event = this.#event(detail === null ? { from, to } : { from, to, detail }, cause);
    this.tell(event);
    this.#parts.onEvent(event);
  }

  #event(turn: Report["turns"][number], cause: string): GatewayEvent {
    const { clock } = this.#parts.world;
    return eventOf(clock, { ...BUFFER, ...turn, cause });
  }
}

type Detail = NonNullable<GatewayEvent["detail"]>;

const NO_PLAN: OwnPlan = { queued: [], open: new Map() };

type Filled = Required<Pick<Commit, "batches" | "events">>;
