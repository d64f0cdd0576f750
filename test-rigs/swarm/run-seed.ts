import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LedgerState } from "../../edge/core/ledger.ts";
import { SimBroker } from "../sim/broker.ts";
import { SimClock } from "../sim/clock.ts";
import { SimDevice } from "../sim/device.ts";
import { SimGateway } from "../sim/gateway.ts";
import { Random } from "../sim/random.ts";
import { SimSerialLine } from "../sim/serial-line.ts";
import { Trace } from "../sim/trace.ts";
import {
  type BusClimate,
  type Climate,
  drawClimate,
  GRACE_MS,
  type Incident,
  TIMEOUT_MS,
} from "./climate.ts";
import { type Evidence, INVARIANTS } from "./invariants.ts";

/** How long faults go on, and how long it is calm behind them, in simulated milliseconds. */
export type Phases = { readonly safetyMs: number; readonly livenessMs: number };

export const PHASES: Phases = { safetyMs: 120_000, livenessMs: 120_000 };

/** What one seed came to. */
export type SeedResult = {
  readonly seed: number;
  readonly digest: string;
  /** The first broken promise, or null. */
  readonly failure: {
    readonly invariant: string;
    readonly why: string;
    readonly trace: readonly string[];
  } | null;
  /** Counts that show what the seed reached. */
  readonly counts: Readonly<Record<string, number>>;
};

/** Wall time jumps by this when it becomes known, in milliseconds. */
const CLOCK_STEP_MS = 90_000;
/** How long a killed gateway stays down, in milliseconds. */
const DOWN_MS = 1500;

/** Runs the whole gateway through the climate of `seed` and judges it by every invariant. */
export async function runSeed(seed: number, phases: Phases = PHASES): Promise<SeedResult> {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-swarm-"));
  try {
    return await new Run(seed, phases, dir).toTheEnd();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

class Run {
  readonly #seed: number;
  readonly #phases: Phases;
  readonly #climate: Climate;
  readonly #clock: SimClock;
  readonly #trace: Trace;
  readonly #lines: readonly SimSerialLine[];
  readonly #broker: SimBroker;
  readonly #gateway: SimGateway;
  #mostInFlight = 0;
  #mostTimers = 0;

  constructor(seed: number, phases: Phases, dir: string) {
    const random = new Random(seed);
    this.#seed = seed;
    this.#phases = phases;
    this.#climate = drawClimate(random, dir, phases.safetyMs);
    const { startsUnsynced, buses } = this.#climate;
    this.#clock = new SimClock({ state: startsUnsynced ? "unsynced" : "synced" });
    const clock = this.#clock;
    this.#trace = new Trace(clock, 5000);
    const trace = this.#trace;
    this.#broker = new SimBroker(clock, random.stream("broker"), trace);
    this.#lines = buses.map((bus, index) => this.#lineOf(bus, index, random));
    const paths = this.#lines.map((line, index) => [`/dev/line-${index}`, line] as const);
    const parts = {
      clock,
      random: random.stream("gateway"),
      trace,
      lines: new Map(paths),
      broker: this.#broker,
    };
    this.#gateway = new SimGateway(parts, this.#climate.config);
  }

  async toTheEnd(): Promise<SeedResult> {
    const { safetyMs, livenessMs } = this.#phases;
    this.#setFaults(true);
    await this.#gateway.start();
    for (const incident of this.#climate.incidents) {
      await this.#advanceTo(incident.atMs);
      await this.#befall(incident);
    }
    await this.#advanceTo(safetyMs);
    this.#setFaults(false);
    const calmFrom = { uptime: this.#clock.uptime(), wall: this.#clock.now() };
    await this.#advanceTo(safetyMs + livenessMs);
    const end = this.#clock.uptime();
    let ledger: LedgerState | null = null;
    const stopped = this.#gateway.stop().then((state) => {
      ledger = state;
    });
    stopped.catch(() => {});
    await this.#clock.advance(10_000);
    return this.#judge({
      config: this.#climate.config,
      truths: this.#lines.map(({ units }) => units.truth),
      deliveries: this.#broker.deliveries,
      ledger,
      calmFrom,
      end,
      died: this.#gateway.died,
      mostInFlight: this.#mostInFlight,
      mostTimers: this.#mostTimers,
    });
  }

  #lineOf(bus: BusClimate, index: number, random: Random): SimSerialLine {
    const { config } = this.#climate;
    const devices = config.devices
      .filter((device) => device.bus === `line-${index}`)
      .map(({ name, unit }) => {
        const swingMs = (bus.swings.get(unit) ?? 60) * 1000;
        const course = (ms: number) => 999 * Math.sin((2 * Math.PI * ms) / swingMs);
        return new SimDevice(
          unit,
          config.points.filter(({ device }) => device === name),
          course,
        );
      });
    return new SimSerialLine({
      clock: this.#clock,
      random: random.stream(`line ${index}`),
      trace: this.#trace,
      name: `line-${index}`,
      baud: bus.baud,
      timeoutMs: TIMEOUT_MS,
      graceMs: GRACE_MS,
      devices,
    });
  }

  #setFaults(on: boolean): void {
    this.#lines.forEach((line, index) => {
      const bus = this.#climate.buses[index] as BusClimate;
      line.units.faults = on ? bus.faults : {};
      line.units.splits = bus.splits;
      if (on) return;
      line.units.dead.clear();
      line.plug();
    });
    this.#broker.faults = on ? this.#climate.broker : { ackLost: 0, slowMs: 20 };
    if (on) return;
    this.#broker.comeBack();
    this.#broker.hasSubscriber = true;
    this.#gateway.isDiskFull = false;
  }

  /** Lets time pass, looking at the gateway's bounds every second. */
  async #advanceTo(uptimeMs: number): Promise<void> {
    while (this.#clock.uptime() < uptimeMs) {
      await this.#clock.advance(Math.min(1000, uptimeMs - this.#clock.uptime()));
      const status = this.#gateway.running?.status();
      for (const { inFlight } of status?.destinations ?? []) {
        this.#mostInFlight = Math.max(this.#mostInFlight, inFlight);
      }
      this.#mostTimers = Math.max(this.#mostTimers, this.#clock.timers);
    }
  }

  async #befall(incident: Incident): Promise<void> {
    this.#trace.add("incident", JSON.stringify(incident));
    switch (incident.kind) {
      case "unplug":
        return this.#lines[incident.bus]?.unplug();
      case "plug":
        return this.#lines[incident.bus]?.plug();
      case "deaden":
        this.#lines[incident.bus]?.units.dead.add(incident.unit);
        return;
      case "revive":
        this.#lines[incident.bus]?.units.dead.delete(incident.unit);
        return;
      case "broker-away":
        return this.#broker.goAway();
      case "broker-back":
        return this.#broker.comeBack();
      case "session-lost":
        return this.#broker.dropSession();
      case "subscriber-away":
      case "subscriber-back":
        this.#broker.hasSubscriber = incident.kind === "subscriber-back";
        return;
      case "disk-full":
      case "disk-free":
        this.#gateway.isDiskFull = incident.kind === "disk-full";
        return;
      case "kill":
        await this.#gateway.kill();
        await this.#clock.advance(DOWN_MS);
        return await this.#gateway.start();
      case "clock-synced":
        if (this.#clock.state() === "synced") return;
        this.#clock.stepWall(CLOCK_STEP_MS);
        this.#clock.setState("synced");
    }
  }

  #judge(evidence: Evidence): SeedResult {
    const broken = INVARIANTS.map(({ name, check }) => ({ name, why: check(evidence) })).find(
      ({ why }) => why !== null,
    );
    const requests = evidence.truths.reduce((sum, { requests }) => sum + requests.length, 0);
    return {
      seed: this.#seed,
      digest: this.#trace.digest(),
      failure:
        broken === undefined
          ? null
          : {
              invariant: broken.name,
              why: broken.why ?? "",
              trace: this.#trace.lines(30),
            },
      counts: {
        requests,
        deliveries: evidence.deliveries.length,
        lives: this.#gateway.lives,
        incidents: this.#climate.incidents.length,
      },
    };
  }
}
