import { rmSync } from "node:fs";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { LedgerState } from "../../edge/core/ledger.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { NO_BROKER_FAULTS, SimBroker } from "../sim/broker.ts";
import { SIM_EPOCH, SimClock } from "../sim/clock.ts";
import { Random } from "../sim/random.ts";
import { scratchDirectory } from "../sim/scratch.ts";
import { SimServer } from "../sim/server.ts";
import { SimSite } from "../sim/site.ts";
import { Trace } from "../sim/trace.ts";
import { asStored } from "./as-stored.ts";
import { type Climate, drawClimate } from "./climate.ts";
import { Sender } from "./commands.ts";
import { Crew } from "./crew.ts";
import { changed, type Incident } from "./incidents.ts";
import { INTERLOCKING } from "./interlock-invariants.ts";
import { type Evidence, LIVENESS, MEASURING, SAFETY } from "./invariants.ts";
import { urlOf } from "./others.ts";
import { type Reached, reachedBy } from "./reached.ts";
import { UPDATING } from "./update-truth.ts";
import { Updates } from "./updates.ts";

/** How long faults go on, and how long it is calm behind them, in simulated milliseconds. */
export type Phases = {
  readonly safetyMs: number;
  readonly livenessMs: number;
};

export const PHASES: Phases = { safetyMs: 60_000, livenessMs: 80_000 };

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
  /** Which of all that may befall a gateway did, and how often. */
  readonly reached: Reached;
};

/** Wall time jumps by this when it becomes known, in milliseconds. */
const CLOCK_STEP_MS = 90_000;
/** How long a killed gateway stays down, in milliseconds. */
const DOWN_MS = 1500;

/** Runs the whole gateway through the climate of `seed` and judges it by every invariant. */
export async function runSeed(seed: number, phases: Phases = PHASES): Promise<SeedResult> {
  const dir = scratchDirectory();
  try {
    return await new Run(seed, phases, dir).toTheEnd();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The causes by which alarms come that are judged by more than one value against a limit. */
const CONDITIONS = ["rate", "equal", "bad", "silent", "expression"] as const;

/** How often an alarm came by each of them. */
function raisedBy({ storedEvents }: Evidence): Readonly<Record<string, number>> {
  const count = (cause: string) =>
    storedEvents.filter(({ event }) => event.kind === "alarm" && event.cause === cause).length;
  return Object.fromEntries(CONDITIONS.map((cause) => [cause, count(cause)]));
}

class Run {
  readonly #seed: number;
  readonly #phases: Phases;
  readonly #climate: Climate;
  readonly #clock: SimClock;
  readonly #trace: Trace;
  readonly #site: SimSite;
  readonly #crew: Crew;
  readonly #sender: Sender;
  readonly #updates: Updates;
  /** What the gateway is told when it starts. */
  #config: GatewayConfig;
  #mostInFlight = 0;
  #mostTimers = 0;

  constructor(seed: number, phases: Phases, dir: string) {
    const random = new Random(seed);
    this.#seed = seed;
    this.#phases = phases;
    this.#climate = drawClimate(random, { dir, ...phases });
    const { config, buses, startsUnsynced } = this.#climate;
    this.#config = config;
    this.#clock = new SimClock({
      state: startsUnsynced ? "unsynced" : "synced",
      truth: (SIM_EPOCH + (startsUnsynced ? CLOCK_STEP_MS : 0)) as WallMs,
    });
    this.#trace = new Trace(this.#clock, 5000);
    const swings = new Map(buses.map((bus) => [bus.config.name, bus.swings]));
    this.#site = new SimSite({
      config,
      strangers: this.#climate.strangers,
      talks: new Map(this.#climate.talkers.map(({ config, sayMs }) => [config.name, sayMs])),
      clock: this.#clock,
      random,
      trace: this.#trace,
      courseOf: ({ bus, unit }) => {
        const swingMs = (swings.get(bus)?.get(unit) ?? 30) * 1000;
        return (ms) => 999 * Math.sin((2 * Math.PI * ms) / swingMs);
      },
    });
    for (const { destination } of this.#climate.others) {
      const url = urlOf(destination);
      const parts = [this.#clock, random.stream(url), this.#trace] as const;
      if (destination.kind === "http") this.#site.servers.set(url, new SimServer(...parts));
      else this.#site.broker.elsewhere.set(url, new SimBroker(...parts));
    }
    this.#crew = new Crew(this.#clock, this.#site.gateway);
    this.#updates = new Updates(this.#clock, this.#site.gateway, () => this.#restart());
    if (config.update !== null) this.#site.gateway.updates = this.#updates.folder;
    const { signers, told } = this.#climate;
    const { broker } = this.#site;
    const where = { clock: this.#clock, broker, gateway: config.gateway.id };
    this.#sender = new Sender(signers, told, where);
  }

  async toTheEnd(): Promise<SeedResult> {
    const { safetyMs, livenessMs } = this.#phases;
    this.#setFaults(true);
    await this.#site.gateway.start();
    const { incidents } = this.#climate;
    await this.#befallAll(incidents.filter(({ atMs }) => atMs <= safetyMs));
    await this.#advanceTo(safetyMs);
    this.#setFaults(false);
    const calmFrom = { uptime: this.#clock.uptime(), wall: this.#clock.ruler() };
    // A crew comes when all is calm, too.
    await this.#befallAll(incidents.filter(({ atMs }) => atMs > safetyMs));
    await this.#advanceTo(safetyMs + livenessMs / 2);
    this.#sender.play("good");
    await this.#advanceTo(safetyMs + livenessMs);
    const end = this.#clock.uptime();
    let ledger: LedgerState | null = null;
    const stopped = this.#site.gateway.stop().then((state) => {
      ledger = state;
    });
    stopped.catch(() => {});
    await this.#clock.advance(10_000);
    const { stored, storedEvents } = this.#site.gateway;
    const received = this.#site.broker.deliveries;
    return this.#judge({
      config: this.#config,
      truths: this.#site.truths,
      received,
      commands: {
        point: this.#climate.told,
        sent: this.#sender.sent,
        lastGood: this.#sender.sent.at(-1) ?? null,
      },
      others: new Map(
        this.#climate.others.map(({ destination }) => [
          destination.name,
          this.#other(urlOf(destination)).deliveries,
        ]),
      ),
      deliveries: asStored(received, { readings: stored, events: storedEvents }),
      stored,
      storedEvents,
      truthAt: (uptime) => this.#clock.truthAt(uptime),
      dropped: this.#site.gateway.dropped,
      thinned: this.#site.gateway.thinned,
      refused: this.#site.gateway.refused,
      lives: this.#site.gateway.lives,
      talks: this.#talks(),
      updates: this.#updates.truth,
      crew: this.#crew.asked,
      diskFull: this.#site.gateway.diskFull,
      ledger,
      calmFrom,
      end,
      died: this.#site.gateway.died,
      mostInFlight: this.#mostInFlight,
      mostTimers: this.#mostTimers,
    });
  }

  async #befallAll(incidents: readonly Incident[]): Promise<void> {
    for (const incident of incidents) {
      await this.#advanceTo(incident.atMs);
      await this.#befall(incident);
    }
  }

  #setFaults(on: boolean): void {
    const { lines, endpoints, udpEndpoints, dialers, broker, gateway } = this.#site;
    for (const bus of this.#climate.buses) {
      const { config, lineFaults, tcpFaults, udpFaults, refusals, splits } = bus;
      const line = lines.get(config.name) ?? dialers.get(config.name);
      if (line !== undefined) line.units.faults = on ? lineFaults : {};
      const udpEndpoint = udpEndpoints.get(config.name);
      if (udpEndpoint !== undefined) udpEndpoint.units.faults = on ? udpFaults : {};
      const endpoint = endpoints.get(config.name);
      if (endpoint !== undefined) {
        endpoint.units.faults = on ? tcpFaults : {};
        endpoint.refusals = on ? refusals : 0;
      }
      const plant = this.#site.bus(config.name);
      plant.units.splits = splits;
      if (on) continue;
      plant.units.dead.clear();
      plant.units.tardy.clear();
      for (const unit of bus.swings.keys()) plant.units.device(unit).isStuck = false;
      plant.plug();
    }
    for (const { config, faults, splits } of this.#climate.talkers) {
      const line = this.#site.talkers.get(config.name);
      if (line === undefined) continue;
      line.faults = on ? faults : {};
      line.splits = splits;
      if (!on) line.plug();
    }
    broker.faults = on ? this.#climate.broker : NO_BROKER_FAULTS;
    for (const { destination, broker: faults } of this.#climate.others) {
      const other = this.#other(urlOf(destination));
      other.faults = on ? faults : NO_BROKER_FAULTS;
      if (!on) other.comeBack();
    }
    if (on) return;
    broker.comeBack();
    broker.hasSubscriber = true;
    gateway.freeDisk();
    this.#updates.folder.takes = true;
    gateway.crashAtNextCommit(null);
  }

  /** The broker or the server at `url`, of a platform beside the centre. */
  #other(url: string): SimBroker | SimServer {
    const { servers, broker } = this.#site;
    return servers.get(url) ?? (broker.elsewhere.get(url) as SimBroker);
  }

  #talks(): Evidence["talks"] {
    return new Map(
      this.#climate.talkers.map(({ config: { name }, sayMs }) => [
        name,
        { sayMs, said: this.#site.talkers.get(name)?.said ?? [] },
      ]),
    );
  }

  /** Lets time pass, looking at the gateway's bounds every second and starting what crashed. */
  async #advanceTo(uptimeMs: number): Promise<void> {
    while (this.#clock.uptime() < uptimeMs) {
      await this.#clock.advance(Math.min(1000, uptimeMs - this.#clock.uptime()));
      if (this.#site.gateway.running === null) await this.#restart();
      await this.#updates.look();
      const status = this.#site.gateway.running?.status();
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
        return this.#site.place(incident.bus).unplug();
      case "plug":
        return this.#site.place(incident.bus).plug();
      case "deaden":
        this.#site.bus(incident.bus).units.dead.add(incident.unit);
        return;
      case "revive":
        this.#site.bus(incident.bus).units.dead.delete(incident.unit);
        return;
      case "broker-away":
        return this.#site.broker.goAway();
      case "broker-back":
        return this.#site.broker.comeBack();
      case "other-away":
        return this.#other(incident.url).goAway();
      case "other-back":
        return this.#other(incident.url).comeBack();
      case "other-session-lost":
        return this.#other(incident.url).dropSession();
      case "session-lost":
        return this.#site.broker.dropSession();
      case "subscriber-away":
      case "subscriber-back":
        this.#site.broker.hasSubscriber = incident.kind === "subscriber-back";
        return;
      case "install":
        return await this.#updates.install();
      case "guard":
        return await this.#updates.guard();
      case "disk-refuses":
        this.#updates.folder.takes = false;
        return this.#site.gateway.fillDisk(incident.fault);
      case "write-fails":
        return this.#site.gateway.failOneWrite();
      case "disk-free":
        this.#updates.folder.takes = true;
        return this.#site.gateway.freeDisk();
      case "tardy":
        this.#site.bus(incident.bus).units.tardy.set(incident.unit, incident.takesMs);
        return;
      case "prompt":
        this.#site.bus(incident.bus).units.tardy.delete(incident.unit);
        return;
      case "stick":
      case "loosen":
        this.#site.bus(incident.bus).units.device(incident.unit).isStuck =
          incident.kind === "stick";
        return;
      case "fall-back":
        this.#site.bus(incident.bus).units.device(incident.unit).fallBack();
        return;
      case "crash":
        return this.#site.gateway.crashAtNextCommit(incident.side);
      case "reconfigure":
        this.#config = changed(this.#config, incident.change);
        return await this.#restart();
      case "kill":
        return await this.#restart();
      case "visit":
        void this.#crew.visit(incident.calls);
        return;
      case "command":
        return this.#sender.play(incident.trick, incident.pick);
      case "clock-synced":
        return this.#clock.sync();
      case "clock-lost":
        return this.#clock.setState("unsynced");
      case "clock-set":
        return this.#clock.setBy(incident.byMs);
      case "reboot":
        return await this.#reboot(incident.keepsTime, incident.downMs);
    }
  }

  /** Power is cut; the machine is off for a while, and starts in 1970 or with the time at which it went off. */
  async #reboot(keepsTime: boolean, downMs: number): Promise<void> {
    const wall = keepsTime ? this.#clock.now() : (0 as WallMs);
    await this.#site.gateway.cutPower();
    await this.#clock.advance(downMs);
    this.#clock.reboot(wall);
    await this.#site.gateway.start(this.#config);
  }

  async #restart(): Promise<void> {
    await this.#site.gateway.kill();
    await this.#clock.advance(DOWN_MS);
    await this.#site.gateway.start(this.#config);
  }

  #judge(evidence: Evidence): SeedResult {
    const broken = [...SAFETY, ...MEASURING, ...INTERLOCKING, ...UPDATING, ...LIVENESS]
      .map(({ name, check }) => ({ name, why: check(evidence) }))
      .find(({ why }) => why !== null);
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
      reached: reachedBy(evidence, this.#climate.incidents),
      counts: {
        requests,
        deliveries: evidence.deliveries.length,
        own: [...evidence.others.values()].reduce((sum, { length }) => sum + length, 0),
        lives: this.#site.gateway.lives.length,
        incidents: this.#climate.incidents.length,
        dropped: this.#site.gateway.dropped.length,
        thinned: this.#site.gateway.thinned.length,
        refused: this.#site.gateway.refused.length,
        told: [...evidence.talks.values()].reduce((sum, { said }) => sum + said.length, 0),
        trips: evidence.storedEvents.filter(
          ({ event }) => event.kind === "interlock" && event.to === "tripping",
        ).length,
        ...raisedBy(evidence),
        commands: evidence.commands.sent.length,
        obeyed: evidence.storedEvents.filter(
          ({ event }) => event.kind === "command" && event.to === "done",
        ).length,
        calls: evidence.crew.length,
        answered: evidence.crew.filter(({ result }) => result !== undefined).length,
      },
    };
  }
}
