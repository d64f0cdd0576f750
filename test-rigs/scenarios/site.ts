import { rmSync } from "node:fs";
import type { ExecutionContext } from "ava";
import type { DeviceConfig, GatewayConfig } from "../../config/gateway-config.ts";
import type { AlarmOrder } from "../../edge/alarm/alarm-order.ts";
import type { PointStatus } from "../../edge/control/status.ts";
import type { AlarmEvent } from "../../edge/core/event.ts";
import type { LedgerState } from "../../edge/core/ledger.ts";
import type { WallMs } from "../../edge/core/time.ts";
import type { AlarmActionOutcome } from "../../edge/running-gateway.ts";
import { Audit, type GatewayReport } from "../receiver/audit.ts";
import { SimBroker } from "../sim/broker.ts";
import { SimCentreEndpoint } from "../sim/centre-endpoint.ts";
import { SimClock } from "../sim/clock.ts";
import type { SimDevice } from "../sim/device.ts";
import type { SimGateway } from "../sim/gateway.ts";
import { Random } from "../sim/random.ts";
import { alarmsOf, type Got, inOrder, readingsOf } from "../sim/received.ts";
import { scratchDirectory } from "../sim/scratch.ts";
import { SimSite } from "../sim/site.ts";
import { Trace } from "../sim/trace.ts";
import { asStored } from "../swarm/as-stored.ts";
import type { CallTruth } from "../swarm/crew.ts";
import { SAFETY } from "../swarm/invariants.ts";
import { configOf, pointOf, SECOND, type Setting } from "./site-config.ts";

/** The function code that writes one coil. */
const WRITE_COIL = 5;

/** How often the gateway's bounds are looked at, in milliseconds. */
const LOOK_MS = 10 * SECOND;
/** How long a stopping gateway is given. */
const STOP_MS = 10 * SECOND;

/**
 * A gateway with one line of devices and one centre, in virtual time, for one story. Every device
 * has one point, `<device>.level`, which holds what `setLevel` said last, 0 at first, and differs
 * from answer to answer by a few millionths.
 */
export class Site {
  readonly clock: SimClock;
  /** Where the buffer is. */
  readonly dir: string;
  readonly broker: SimBroker;
  readonly gateway: SimGateway;
  /** The centre that a standard is spoken with; null where there is none. */
  readonly centre: SimCentreEndpoint | null;
  /** The bus, named `line`. */
  readonly line: ReturnType<SimSite["bus"]>;
  /** The most that was seen in memory at one moment. */
  readonly most = { waiting: 0, inFlight: 0, timers: 0 };
  readonly #config: GatewayConfig;
  readonly #levels = new Map<string, number>();
  readonly #site: SimSite;
  readonly #orders: CallTruth[] = [];

  private constructor(setting: Setting, dir: string) {
    this.clock = new SimClock({ state: setting.clock ?? "synced", ...setting.time });
    this.dir = dir;
    this.#config = configOf(setting, dir);
    const { centre } = setting;
    this.centre =
      centre === undefined
        ? null
        : new SimCentreEndpoint(this.clock, new Random(2), centre.answering);
    const { host, port } = centre?.destination.tcp ?? { host: "", port: 0 };
    this.#site = new SimSite({
      config: this.#config,
      centres: new Map(this.centre === null ? [] : [[`${host}:${port}`, this.centre]]),
      clock: this.clock,
      random: new Random(1),
      trace: new Trace(this.clock, 1000),
      courseOf:
        ({ name }) =>
        (ms) =>
          setting.tellsTime
            ? (this.clock.truthAt(ms) / SECOND) % 1000
            : (this.#levels.get(name) ?? 0),
    });
    this.broker = this.#site.broker;
    this.gateway = this.#site.gateway;
    this.gateway.updates = setting.updates ?? null;
    for (const name of Object.keys(setting.others ?? {})) {
      const broker = new SimBroker(this.clock, new Random(2), new Trace(this.clock, 1000));
      this.broker.elsewhere.set(`mqtt://${name}`, broker);
    }
    this.line = this.#site.bus("line");
  }

  /** A site whose gateway has just been started; it is gone when the test is over. */
  static async open(t: ExecutionContext, setting: Setting = {}): Promise<Site> {
    const dir = setting.dir ?? scratchDirectory();
    const site = new Site(setting, dir);
    t.teardown(async () => {
      await site.gateway.kill();
      rmSync(dir, { recursive: true, force: true });
    });
    await site.gateway.start();
    return site;
  }

  /** Lets `ms` pass. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.uptime() + ms;
    while (this.clock.uptime() < end) {
      await this.clock.advance(Math.min(LOOK_MS, end - this.clock.uptime()));
      this.#look();
    }
  }

  /** What the status says now of the point of `device`. */
  shown(device: string): PointStatus | undefined {
    const points = this.gateway.running?.status().points ?? [];
    return points.find(({ point }) => point === pointOf(device));
  }

  /** The quantity that `device` measures is `level` from now on; at most ±1000. */
  setLevel(device: string, level: number): void {
    this.#levels.set(device, level);
  }

  /** The crew acts on `alarm`; what it is answered. */
  async act(
    order: AlarmOrder["kind"] | Omit<Extract<AlarmOrder, { kind: "shelve" }>, "who">,
    alarm: string,
  ): Promise<AlarmActionOutcome | undefined> {
    const whole = typeof order === "string" ? { kind: order, reason: "story" } : order;
    const answer = this.gateway.running?.actOnAlarm(alarm, { ...whole, who: "crew" } as AlarmOrder);
    const params = { alarm, who: "crew", reason: "story", forMs: null };
    const call = { method: whole.kind, params };
    const from = this.clock.uptime();
    await this.pass(SECOND);
    const result = await answer;
    const life = this.gateway.lives.length;
    this.#orders.push({ call, life, from, to: this.clock.uptime(), result });
    return result;
  }

  /** The process is killed and comes back two seconds later. */
  async killAndRestart(): Promise<void> {
    await this.gateway.kill();
    await this.pass(2 * SECOND);
    await this.gateway.start();
  }

  /** Wall time becomes known and jumps by `ms`. */
  syncClock(ms: number): void {
    this.clock.setTruth((this.clock.now() + ms) as WallMs);
    this.clock.stepWall(ms);
    this.clock.setState("synced");
  }

  /** Every reading of `device` that the centre has, in the order of the seqs. */
  readings(device: string): readonly Got[] {
    return this.readingsAt(pointOf(device));
  }

  /** Likewise, of any point by its id. */
  readingsAt(id: string): readonly Got[] {
    return readingsOf(this.broker.deliveries).filter(({ point }) => point === id);
  }

  /** The longest time between two readings of `device` that the centre has. */
  longestGapMs(device: string): number {
    const times = this.readings(device).map(({ at }) => at);
    return times.reduce((most, at, i) => Math.max(most, at - (times[i - 1] ?? at)), 0);
  }

  /** How the state of `alarm` went, as the centre knows it. */
  course(alarm: string): readonly string[] {
    const own = alarmsOf(this.broker.deliveries).filter((event) => event.alarm === alarm);
    return own.length === 0 ? [] : [own[0]!.from, ...own.map(({ to }) => to)];
  }

  /** Every event of an alarm that the centre has. */
  alarmEvents(): readonly AlarmEvent[] {
    // A message is told whole; here less of it is known to the reader of messages.
    return alarmsOf(this.broker.deliveries) as readonly unknown[] as readonly AlarmEvent[];
  }

  /** The alarms of which an event has `flag`, in their order. */
  flagged(flag: "first" | "active"): readonly string[] {
    return this.alarmEvents()
      .filter((event) => event[flag] === true)
      .map(({ alarm }) => alarm);
  }

  /** The bus `name`. Throws where there is none. */
  bus(name: string): ReturnType<SimSite["bus"]> {
    return this.#site.bus(name);
  }

  /** The device called `device`. */
  device(device: string): SimDevice {
    const { unit, bus } = this.#placeOf(device);
    return this.bus(bus).units.device(unit);
  }

  /** Every value that the gateway wrote to the coil of `device`, heard or not, and when. */
  writes(device: string): readonly { readonly on: boolean; readonly at: number }[] {
    const { unit, bus } = this.#placeOf(device);
    return this.bus(bus)
      .units.truth.requests.filter(
        (request) => request.unit === unit && request.pdu[0] === WRITE_COIL,
      )
      .map(({ pdu, at }) => ({ on: pdu[3] === 0xff, at }));
  }

  /** What the centre knows of interlock `name`: each transition with its cause. */
  interlock(name: string): readonly string[] {
    return inOrder(this.broker.deliveries, "events")
      .map(({ message }) => message)
      .filter((message) => message.interlock === name)
      .map(({ from, to, cause }) => `${from} > ${to}: ${cause}`);
  }

  /** The turns of `subject`, a bus, a device, a destination or the buffer. */
  turns(subject: string): readonly string[] {
    return inOrder(this.broker.deliveries, "events")
      .filter(({ message }) => message.subject === subject)
      .map(({ message }) => message.to ?? "");
  }

  /** How much of each stream the centre has not acknowledged. */
  get owed() {
    return this.gateway.running?.status().destinations[0]?.owed;
  }

  /** The broker of the destination `name` beside the centre. Throws where there is none. */
  brokerOf(name: string): SimBroker {
    const broker = this.broker.elsewhere.get(`mqtt://${name}`);
    if (broker === undefined) throw new Error(`there is no destination ${name}`);
    return broker;
  }

  /** What a centre that keeps contract v1 makes of all that came, or whoever is at `broker`. */
  audit(broker = this.broker): GatewayReport {
    const audit = new Audit();
    for (const { topic, payload } of broker.deliveries) audit.take(topic, Buffer.from(payload));
    const report = audit.report(this.#config.gateway.id);
    if (report === null || audit.invalid > 0) throw new Error("the centre understood nothing");
    return report;
  }

  /** Stops the gateway and says which promise it broke from the start on, or null. */
  async brokenPromise(): Promise<string | null> {
    const end = this.clock.uptime();
    let ledger: LedgerState | null = null;
    const stopped = this.gateway.stop().then((state) => {
      ledger = state;
    });
    stopped.catch(() => {});
    await this.pass(STOP_MS);
    const { stored, storedEvents, dropped, thinned, refused, lives, diskFull, died } = this.gateway;
    const received = this.broker.deliveries;
    const evidence = {
      config: this.#config,
      truths: this.#site.truths,
      received,
      others: new Map(),
      commands: { point: "", sent: [], lastGood: null },
      deliveries: asStored(received, { readings: stored, events: storedEvents }),
      stored,
      storedEvents,
      truthAt: (uptime: number) => this.clock.truthAt(uptime),
      dropped,
      thinned,
      refused,
      lives,
      diskFull,
      died,
      ledger,
      end,
      crew: this.#orders,
      talks: new Map(),
      updates: { steps: [], permissions: [], trials: [] },
      calmFrom: { uptime: end, wall: this.clock.ruler() },
      mostInFlight: this.most.inFlight,
      mostTimers: this.most.timers,
    };
    for (const { name, check } of SAFETY) {
      const why = check(evidence);
      if (why !== null) return `${name}: ${why}`;
    }
    return null;
  }

  #placeOf(device: string): DeviceConfig {
    const place = this.#config.devices.find(({ name }) => name === device);
    if (place === undefined) throw new Error(`there is no device ${device}`);
    return place;
  }

  #look(): void {
    const status = this.gateway.running?.status();
    if (status === undefined) return;
    const { waiting } = status.buffer;
    const inFlight = status.destinations[0]?.inFlight ?? 0;
    this.most.waiting = Math.max(this.most.waiting, waiting);
    this.most.inFlight = Math.max(this.most.inFlight, inFlight);
    this.most.timers = Math.max(this.most.timers, this.clock.timers);
  }
}
