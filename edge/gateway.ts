import type { BusConfig, GatewayConfig, PointConfig } from "../config/gateway-config.ts";
import { planRequests } from "../drivers/modbus/modbus.ts";
import { BusLoop } from "./acquire/bus-loop.ts";
import { isRead, openSession } from "./acquire/open-session.ts";
import { rebindOf } from "./acquire/rebind.ts";
import { AlarmDesk } from "./alarm/alarm-desk.ts";
import { FieldDesk } from "./control/field-desk.ts";
import type { BufferStatus, PointStatus, Status } from "./control/status.ts";
import type { GatewayEvent } from "./core/event.ts";
import type { Ledger, LedgerState } from "./core/ledger.ts";
import type { Reading } from "./core/reading.ts";
import type { WallMs } from "./core/time.ts";
import { Forwarder } from "./forward/forwarder.ts";
import { type Recorded, Recorder } from "./recorder.ts";
import type { World } from "./world.ts";

export type GatewayParts = {
  readonly world: World;
  readonly config: GatewayConfig;
  readonly ledger: Ledger;
  /** Version of the runtime. */
  readonly release: string;
};

/** A gateway that has been started. */
export type RunningGateway = {
  /** Resolves when it has stopped; rejects when one of its loops died. */
  readonly done: Promise<void>;
  /** Stops reading, stores what is left, sends what it can within `graceMs`, says goodbye. */
  stop(graceMs: number): void;
  status(): Omit<Status, "pid">;
  /** Reads and writes that somebody asks for. */
  readonly field: FieldDesk;
  /** Acknowledges or resets an alarm on behalf of `who`. */
  actOnAlarm(
    kind: "acknowledge" | "reset",
    alarm: string,
    who: string,
  ): "done" | "no-effect" | "unknown";
};

/**
 * Starts the gateway: one loop a bus, the recorder, one loop a destination. When `signal` aborts
 * everything ends at once without a farewell; a loop that dies takes the others with it.
 */
export async function startGateway(
  parts: GatewayParts,
  signal: AbortSignal,
): Promise<RunningGateway> {
  const ledgerState = await parts.ledger.state();
  signal.throwIfAborted();
  return new Gateway(parts, ledgerState, signal);
}

class Gateway implements RunningGateway {
  readonly done: Promise<void>;
  readonly field: FieldDesk;
  readonly #parts: GatewayParts;
  readonly #ledgerState: LedgerState;
  readonly #since: WallMs;
  readonly #latest = new Map<string, Reading>();
  readonly #alarms: AlarmDesk;
  readonly #recorder: Recorder;
  readonly #buses: readonly BusLoop[];
  readonly #forwarders: readonly Forwarder[];
  readonly #reading = new AbortController();
  readonly #all = new AbortController();
  readonly #heads: { readings: number; events: number };
  #graceMs = 0;

  constructor(parts: GatewayParts, ledgerState: LedgerState, signal: AbortSignal) {
    const { world, config, ledger } = parts;
    this.#parts = parts;
    this.#ledgerState = ledgerState;
    this.#since = world.clock.now();
    this.#heads = { ...ledgerState.heads };
    signal.addEventListener("abort", () => this.#abort(signal.reason), { once: true });
    const units = new Map(config.points.map(({ id, unit }) => [id, unit]));
    const unitOf = (point: string) => units.get(point) ?? null;
    this.#recorder = new Recorder(
      {
        world,
        ledger,
        commitMs: config.buffer.commitMs,
        unitOf,
        onRecorded: (recorded) => this.#onRecorded(recorded),
      },
      this.#all.signal,
    );
    this.#alarms = new AlarmDesk({
      clock: world.clock,
      rules: config.alarms,
      memories: ledgerState.alarms,
      unitOf,
      onEvent: (event, memory) => this.#recorder.tell(event, memory),
    });
    const loops = config.buses.map((bus) => [bus.name, this.#busLoop(bus)] as const);
    this.#buses = loops.flatMap(([, loop]) => loop ?? []);
    this.field = new FieldDesk({
      clock: world.clock,
      config,
      busOf: (name) => loops.find(([bus]) => bus === name)?.[1] ?? null,
      onWrite: (event) => this.#recorder.tell(event),
    });
    this.#forwarders = config.destinations.map((destination) => this.#forwarder(destination));
    this.done = this.#run();
  }

  stop(graceMs: number): void {
    this.#graceMs = graceMs;
    this.#reading.abort(new Error("the gateway stops"));
  }

  actOnAlarm(kind: "acknowledge" | "reset", alarm: string, who: string) {
    return this.#alarms.act(kind, alarm, who);
  }

  status(): Omit<Status, "pid"> {
    const { world, config, release } = this.#parts;
    return {
      v: 1,
      gateway: config.gateway.id,
      site: config.gateway.site?.name ?? null,
      release,
      configuration: config.fingerprint,
      clock: world.clock.state(),
      at: world.clock.now(),
      since: this.#since,
      buses: this.#buses.map((bus) => bus.status()),
      points: config.points.map((point) => pointStatus(point, this.#latest.get(point.id))),
      alarms: this.#alarms.status(),
      buffer: this.#bufferStatus(),
      destinations: this.#forwarders.map((forwarder) => forwarder.status()),
    };
  }

  /** Buses first, then the recorder with the last readings, then the destinations. */
  async #run(): Promise<void> {
    this.#tell("gateway", this.#parts.config.gateway.id, "stopped", "running", "start");
    const recording = this.#recorder.run();
    const forwarding = this.#forwarders.map((forwarder) => forwarder.run());
    const reading = this.#readUntilStopped().then(() => {
      this.#tell("gateway", this.#parts.config.gateway.id, "running", "stopped", "stop");
      this.#recorder.finish();
    });
    const recorded = recording.then(() => {
      for (const forwarder of this.#forwarders) forwarder.finish(this.#graceMs);
    });
    try {
      await Promise.all([reading, recorded, ...forwarding]);
    } catch (error) {
      this.#abort(error);
      await Promise.allSettled([reading, recorded, ...forwarding]);
      throw error;
    }
    await this.#recordLastCursors();
  }

  async #readUntilStopped(): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      this.#reading.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    const loops = this.#buses.map((bus) =>
      bus.run().catch((error) => {
        if (!this.#reading.signal.aborted || this.#all.signal.aborted) throw error;
      }),
    );
    await Promise.all([stopped, ...loops]);
  }

  /** What was acknowledged after the last commit, so that it is not sent again at the start. */
  async #recordLastCursors(): Promise<void> {
    const delivered = this.#recorder.takeDelivered();
    if (delivered.length > 0) await this.#parts.ledger.commit({ delivered });
  }

  #abort(reason: unknown): void {
    this.#all.abort(reason);
    this.#reading.abort(reason);
  }

  #onRecorded(recorded: Recorded): void {
    this.#heads.readings = recorded.batches.at(-1)?.seq ?? this.#heads.readings;
    this.#heads.events = recorded.events.at(-1)?.seq ?? this.#heads.events;
    for (const forwarder of this.#forwarders) forwarder.onRecorded(recorded);
  }

  #onReadings(readings: readonly Reading[]): void {
    this.#alarms.judge(readings);
    this.#recorder.add(readings);
    for (const reading of readings) this.#latest.set(reading.point, reading);
  }

  #busLoop(bus: BusConfig): BusLoop | null {
    const { world, config } = this.#parts;
    if (!isRead(bus)) return null;
    const { name } = bus;
    return new BusLoop(
      {
        world,
        name,
        requests: planRequests(config, name),
        watched: new Set(config.alarms.map(({ point }) => point)),
        isolation: {
          timeoutMs: bus.timeoutMs,
          deadBudget: bus.deadBudget,
          probeEveryMs: new Map(
            config.devices
              .filter((device) => device.bus === name)
              .map(({ unit, probeEveryMs }) => [unit, probeEveryMs]),
          ),
        },
        open: (signal) => openSession(world, bus, signal),
        rebind: rebindOf(world, bus, config.buses),
        onReadings: (readings) => this.#onReadings(readings),
        onHealing: (rung) => {
          world.log("warn", `bus ${name}: nothing answers`, { done: rung });
          this.#tell("bus", name, "open", "open", HEALING[rung]);
        },
        onBusTurn: (to, cause) => {
          world.log(to === "open" ? "info" : "warn", `bus ${name} ${to}`, { cause });
          this.#tell("bus", name, to === "open" ? "closed" : "open", to, cause);
        },
        onDeviceTurn: (device, to) => {
          world.log(to === "answering" ? "info" : "warn", `device ${device} ${to}`, { bus: name });
          const from = to === "answering" ? "silent" : "answering";
          this.#tell("device", device, from, to, to === "silent" ? "timeout" : "answered");
        },
      },
      this.#reading.signal,
    );
  }

  #forwarder(destination: GatewayConfig["destinations"][number]): Forwarder {
    const { world, config, ledger, release } = this.#parts;
    const { name } = destination;
    return new Forwarder(
      {
        world,
        ledger,
        destination,
        gateway: config.gateway.id,
        release,
        fingerprint: config.fingerprint,
        ledgerState: this.#ledgerState,
        onDelivered: (delivered) => this.#recorder.noteDelivered(delivered),
        onTurn: (to, cause) => {
          world.log(to === "connected" ? "info" : "warn", `destination ${name} ${to}`, { cause });
          const from = to === "connected" ? "disconnected" : "connected";
          this.#tell("destination", name, from, to, cause);
        },
      },
      this.#all.signal,
    );
  }

  #tell(kind: GatewayEvent["kind"], subject: string, from: string, to: string, cause: string) {
    const { clock } = this.#parts.world;
    const at = clock.now();
    this.#recorder.tell({ kind, subject, from, to, cause, at, clock: clock.state() });
  }

  #bufferStatus(): BufferStatus {
    return {
      ...this.#recorder.status(),
      streams: this.#ledgerState.streams,
      heads: { ...this.#heads },
      maxBytes: this.#parts.config.buffer.maxBytes,
    };
  }
}

/** The cause in an event that tells what was done to a bus on which nothing answers. */
const HEALING = { flush: "flushed", reopen: "reopened", rebind: "usb-rebound" } as const;

function pointStatus({ id, unit, everyMs }: PointConfig, latest: Reading | undefined): PointStatus {
  const { value, quality, at } = latest ?? NOT_YET_READ;
  return { point: id, unit, value, quality, at, everyMs };
}

const NOT_YET_READ = { value: null, quality: "bad:not-yet-read", at: null } as const;
