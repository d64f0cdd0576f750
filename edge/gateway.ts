import type { BusConfig, GatewayConfig } from "../config/gateway-config.ts";
import { CutMemory } from "./acquire/cut-memory.ts";
import { LineMeter } from "./acquire/line-meter.ts";
import { askedAmong, type Loop, loopOf, type OpenTalker, waysAmong } from "./acquire/loop-of.ts";
import { isRead, type OpenSession, sessionOpener } from "./acquire/open-session.ts";
import type { AlarmOrder } from "./alarm/alarm-order.ts";
import type { CalibrationOrder } from "./calibrate/orders.ts";
import { Calibrating } from "./calibrating.ts";
import type { Reconfigure } from "./command/carry-out.ts";
import type { CommandDesk } from "./command/command-desk.ts";
import { commandDesk, commandPort } from "./commanding.ts";
import { FieldDesk } from "./control/field-desk.ts";
import type { Status } from "./control/status.ts";
import { ToldDesk } from "./control/told-desk.ts";
import { FlightRecorders, type Trace } from "./control/trace.ts";
import { foundOf } from "./core/last-run.ts";
import type { LedgerState } from "./core/ledger.ts";
import type { LoopHealth } from "./core/progress.ts";
import type { WallMs } from "./core/time.ts";
import { DamageReport } from "./damage-report.ts";
import { Delivery } from "./delivery.ts";
import { unitsOf } from "./directory.ts";
import { type DryRead, dryRead } from "./dry-read.ts";
import { type Enrolling, enrollingOf } from "./enrolling.ts";
import { firstStepsOf } from "./first-steps.ts";
import { eventOf, type Turn } from "./gateway-event.ts";
import type { GatewayParts } from "./gateway-parts.ts";
import { type Inside, loopsOf, restartingOf, statusOf } from "./gateway-status.ts";
import { Guard } from "./guard.ts";
import type { MadeDocument } from "./interlock/journal.ts";
import type { InterlockAnswer, InterlockOrder } from "./interlock/orders.ts";
import { recorderOf, timeKeeperOf, wearWatchOf } from "./keepers.ts";
import { type Loaded, loadedFor } from "./loaded.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { isWellInTime } from "./patience.ts";
import { ReadingPath } from "./reading-path.ts";
import type { Recorded } from "./recorded.ts";
import type { Recorder } from "./recorder.ts";
import type { RecorderParts } from "./recorder-parts.ts";
import { RivalReport } from "./rival-report.ts";
import type { AlarmActionOutcome, RecordOutcome, RunningGateway } from "./running-gateway.ts";
import type { TimeKeeper } from "./time-keeper.ts";
import type { UpdatePieces } from "./update/inside.ts";
import type { Restarting } from "./update/restarting.ts";
import type { WearWatch } from "./wear-watch.ts";

/** How long an answer waits until what was done is stored, in milliseconds. */
const STORED_WITHIN_MS = 3_000;

/**
 * Starts the gateway: one loop a bus, the recorder, one loop a destination. When `signal` aborts
 * everything ends at once without a farewell; a loop that dies takes the others with it.
 */
export async function startGateway(
  parts: GatewayParts,
  signal: AbortSignal,
): Promise<RunningGateway> {
  const ledgerState = await parts.ledger.state();
  const loaded = await loadedFor(parts, ledgerState);
  signal.throwIfAborted();
  return new Gateway(parts, ledgerState, loaded, signal);
}

class Gateway implements RunningGateway {
  readonly done: Promise<void>;
  readonly field: FieldDesk;
  readonly told: ToldDesk;
  readonly #parts: GatewayParts;
  readonly #ledgerState: LedgerState;
  readonly #since: WallMs;
  readonly #recorders: FlightRecorders;
  readonly #cuts: CutMemory;
  readonly #guard: Guard;
  readonly #path: ReadingPath;
  readonly #time: TimeKeeper;
  readonly #recorder: Recorder;
  readonly #openSession: OpenSession;
  /** How each bus that is asked is used. */
  readonly #meters = new Map<string, LineMeter>();
  readonly #buses: readonly Loop[];
  readonly #delivery: Delivery;
  readonly #commands: CommandDesk;
  readonly #calibrating: Calibrating;
  readonly #reading = new AbortController();
  readonly #all = new AbortController();
  readonly #heads: { readings: number; events: number };
  readonly #tell = (turn: Turn) => this.tell(turn);
  readonly #damage = new DamageReport(this.#tell);
  readonly #wear: WearWatch;
  readonly #memory: MemoryWatch;
  readonly #rivals = new RivalReport(this.#tell);
  #enrolling: Enrolling | null = null;
  #graceMs = 0;

  constructor(
    parts: GatewayParts,
    ledgerState: LedgerState,
    { openTalker, own, calibrate }: Loaded,
    signal: AbortSignal,
  ) {
    const { world, config } = parts;
    this.#parts = parts;
    this.#ledgerState = ledgerState;
    this.#since = world.clock.now();
    this.#recorders = new FlightRecorders(world.clock, this.#since);
    this.#heads = { ...ledgerState.heads };
    signal.addEventListener("abort", () => this.#abort(signal.reason), { once: true });
    this.#time = timeKeeperOf(parts, ledgerState, this.#tell);
    const onRecorded: RecorderParts["onRecorded"] = (...told) => this.#onRecorded(...told);
    const recording = { ledgerState, time: this.#time, own, onRecorded };
    this.#recorder = recorderOf(parts, recording, this.#all.signal);
    this.#wear = wearWatchOf(parts, ledgerState, this.#recorder, this.#tell);
    this.#memory = new MemoryWatch(world);
    this.#path = new ReadingPath({
      clock: world.clock,
      config,
      judge: (measured) => this.#guard.judge(measured),
      onKept: (kept) => this.#recorder.add(kept),
      onMeasured: (measured) => parts.news.onReadings(measured),
    });
    this.#openSession = sessionOpener(world, config.buses, (bus, addresses) =>
      this.#rivals.turned(bus, addresses),
    );
    this.#cuts = new CutMemory(ledgerState.cuts, config.fingerprint, (cuts) =>
      this.#recorder.noteCuts(cuts),
    );
    const loops = config.buses.map((bus) => [bus.name, this.#loopOf(bus, openTalker)] as const);
    this.#buses = loops.flatMap(([, loop]) => loop ?? []);
    const { sessionOf, ...ways } = waysAmong(loops, world.clock);
    this.told = new ToldDesk(config, sessionOf);
    this.#guard = new Guard(
      {
        world,
        config,
        ledgerState,
        unitOf: unitsOf(config),
        ...ways,
        tell: (...told) => this.#tellEvent(...told),
        whenStored: () => this.#recorder.whenStored(),
      },
      this.#reading.signal,
    );
    this.field = new FieldDesk({
      clock: world.clock,
      config,
      ...ways,
      desk: this.#path.desk,
      onCleared: (readings) => this.#path.keep(this.#path.measure(readings)),
      onWrite: (event) => this.#tellEvent(event),
    });
    this.#calibrating = this.#calibratingBy(calibrate);
    this.#commands = this.#commandDesk();
    this.#delivery = this.#deliveryOf();
    this.done = this.#run();
  }

  stop(graceMs: number): void {
    this.#graceMs = graceMs;
    this.#reading.abort(new Error("the gateway stops"));
  }

  async actOnAlarm(alarm: string, order: AlarmOrder): Promise<AlarmActionOutcome> {
    if (this.#reading.signal.aborted) return "stopping";
    const outcome = this.#guard.actOnAlarm(alarm, order);
    if (outcome !== "done") return outcome;
    return (await this.#isStored()) ? "done" : "not-stored";
  }

  /** Waits a while until all that was told is stored. */
  #isStored(): Promise<boolean> {
    const { clock } = this.#parts.world;
    return isWellInTime(this.#recorder.whenStored(), STORED_WITHIN_MS, clock);
  }

  async record(document: MadeDocument): Promise<RecordOutcome> {
    if (this.#reading.signal.aborted) return "stopping";
    this.#guard.record(document);
    return (await this.#isStored()) ? "done" : "not-stored";
  }

  actOnInterlock(order: InterlockOrder): Promise<InterlockAnswer> {
    return this.#guard.actOnInterlock(order);
  }

  calibrate(order: CalibrationOrder): Promise<unknown> {
    return this.#calibrating.act(order);
  }

  get reconfigure(): Reconfigure | null {
    return this.#parts.reconfigure ?? null;
  }

  get restarting(): Restarting {
    const isReconfiguring = this.reconfigure?.isBusy ?? false;
    const work = { isCalibrating: this.#calibrating.isAtWork, isReconfiguring };
    return restartingOf(this.#inside(), work);
  }

  command(bytes: Uint8Array): Promise<string> {
    return this.#commands.submit(bytes, null);
  }

  dryRead(candidate: GatewayConfig): Promise<DryRead> {
    const { world, config } = this.#parts;
    const busOf = askedAmong(this.#buses.map((loop) => [loop.status().bus, loop]));
    return dryRead(candidate, { clock: world.clock, running: config, busOf });
  }

  trace(bus: string, from: number | null): Trace | null {
    return this.#recorders.trace(bus, from);
  }

  status(): Omit<Status, "pid"> {
    return statusOf(this.#inside());
  }

  loops(): readonly LoopHealth[] {
    return loopsOf(this.#inside());
  }

  #inside(): Inside {
    return {
      ...{ parts: this.#parts, since: this.#since, time: this.#time, path: this.#path },
      ...{ streams: this.#ledgerState.streams, heads: { ...this.#heads } },
      ...{ buses: this.#buses, meters: this.#meters, rivals: this.#rivals, guard: this.#guard },
      ...{ recorder: this.#recorder, wear: this.#wear, memory: this.#memory },
      ...{ delivery: this.#delivery, enrolling: this.#enrolling },
    };
  }

  /** Buses first, then the recorder with the last readings, then the destinations. */
  async #run(): Promise<void> {
    const { config, start } = this.#parts;
    const self = { kind: "gateway", subject: config.gateway.id } as const;
    this.tell({
      ...self,
      from: "stopped",
      to: "running",
      cause: "start",
      ...(start !== undefined && !start.isTold && { detail: foundOf(start) }),
    });
    const { setAside } = this.#ledgerState;
    if (setAside !== null) this.#damage.setAside(setAside);
    for (const lost of this.#ledgerState.lostQueues ?? []) this.#damage.queueLost(lost);
    this.#guard.resume();
    this.#calibrating.resume();
    this.#commands.resume();
    const recording = this.#recorder.run();
    const forwarding = this.#delivery.run();
    const reading = this.#readUntilStopped().then(() => {
      this.tell({ ...self, from: "running", to: "stopped", cause: "stop" });
      this.#recorder.finish(this.#graceMs);
    });
    const recorded = recording.then(() => this.#delivery.finish(this.#graceMs));
    try {
      const working = Promise.all([reading, recorded, ...forwarding]);
      await Promise.race([working, this.#parts.ledger.died]);
    } catch (error) {
      this.#abort(error);
      await Promise.allSettled([reading, recorded, ...forwarding]);
      throw error;
    }
    await this.#recorder.storeLast();
  }

  async #readUntilStopped(): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      this.#reading.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    const { signal } = this.#reading;
    const updating = this.#parts.updating?.join(this.#updatePieces(), signal) ?? [];
    this.#enrolling = enrollingOf(this.#parts, this.#tell, signal, (serial) =>
      this.#delivery.renewed(serial),
    );
    const steps = firstStepsOf(
      this.#parts,
      { status: () => this.status(), tell: this.#tell },
      signal,
    );
    const own = [this.#enrolling, steps].filter((loop) => loop !== null);
    const loops = [...this.#buses, this.#guard, ...own, ...updating].map((loop) =>
      loop.run().catch((error) => {
        // Only the reason of its own signal says that it did what it was asked to.
        if (this.#all.signal.aborted || error !== this.#reading.signal.reason) throw error;
      }),
    );
    await Promise.all([stopped, ...loops]);
  }

  #abort(reason: unknown): void {
    this.#all.abort(reason);
    this.#reading.abort(reason);
  }

  #tellEvent(...told: Parameters<Recorder["tell"]>): void {
    this.#recorder.tell(...told);
    this.#parts.news.onEvent(told[0]);
  }

  #onRecorded(recorded: Recorded, written: number | null): void {
    this.#heads.readings = recorded.batches.at(-1)?.seq ?? this.#heads.readings;
    this.#heads.events = recorded.events.at(-1)?.seq ?? this.#heads.events;
    this.#wear.note(written);
    this.#memory.look();
    this.#delivery.onRecorded(recorded);
  }

  #loopOf(bus: BusConfig, openTalker: OpenTalker | null): Loop | null {
    const { world, config } = this.#parts;
    const meter = new LineMeter(world.clock);
    if (isRead(bus)) this.#meters.set(bus.name, meter);
    return loopOf(
      bus,
      {
        world,
        config,
        cuts: this.#cuts,
        openTalker,
        recorder: this.#recorders.of(bus.name),
        measure: (told) => this.#path.measure(told),
        keep: (readings) => this.#path.keep(readings),
        tell: this.#tell,
        openSession: async (...asked) => meter.metered(await this.#openSession(...asked)),
      },
      this.#reading.signal,
    );
  }

  #deliveryOf(): Delivery {
    const { updating } = this.#parts;
    return new Delivery(
      {
        ...this.#parts,
        proof: () => updating?.proof() ?? null,
        ledgerState: this.#ledgerState,
        time: this.#time,
        onDelivered: (delivered) => this.#recorder.noteDelivered(delivered),
        onLost: (kind, range, stream = kind) => this.#damage.lost(stream, range),
        onReached: () => this.#recorder.noteTime(),
        noteCounter: (counter) => this.#recorder.noteCounter(counter),
        write: (order) => this.field.write(order),
        tell: this.#tell,
        commandsOf: (destination) => commandPort(this.#commands, destination),
      },
      this.#all.signal,
    );
  }

  #commandDesk(): CommandDesk {
    const { world, config, updating } = this.#parts;
    const { reconfigure } = this;
    return commandDesk({
      ...{ clock: world.clock, config },
      remembered: this.#ledgerState.commands,
      reconfigure,
      bundling: this.#parts.bundling ?? null,
      orderUpdate: updating?.order ?? null,
      orderedBy: (id) => updating?.orderedBy(id) ?? null,
      field: this.field,
      actOnAlarm: (alarm, order) => this.actOnAlarm(alarm, order),
      destination: (name) => this.#delivery.of(name),
      store: (memory) => {
        this.#recorder.noteCommands(memory);
        return this.#isStored();
      },
      tell: this.#tell,
    });
  }

  #calibratingBy(loaded: Loaded["calibrate"]): Calibrating {
    const { world, config, calibrations: store } = this.#parts;
    const parts = {
      ...{ clock: world.clock, config, store, desk: this.#path.desk },
      readOnce: (point: string) => this.field.readOnce(point),
      alarms: () => this.#guard.status().alarms,
      actOnAlarm: (alarm: string, order: AlarmOrder) => this.#guard.actOnAlarm(alarm, order),
      isStored: () => this.#isStored(),
      tell: this.#tell,
    };
    return new Calibrating(parts, loaded, this.#reading.signal);
  }

  #updatePieces(): UpdatePieces {
    const [recorder, delivery, commands] = [this.#recorder, this.#delivery, this.#commands];
    const reach = { inside: () => this.#inside(), restarting: () => this.restarting };
    const more = { ledgerState: this.#ledgerState, tell: this.#tell, ...reach };
    return { recorder, delivery, commands, ...more };
  }

  tell(turn: Turn): void {
    this.#tellEvent(eventOf(this.#parts.world.clock, turn));
  }
}
