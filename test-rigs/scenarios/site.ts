import { rmSync } from "node:fs";
import type { ExecutionContext } from "ava";
import type { GatewayConfig, PointConfig } from "../../config/gateway-config.ts";
import { limitsOf } from "../../config/limits.ts";
import type { AlarmOrder } from "../../edge/alarm/alarm-order.ts";
import type { PointStatus } from "../../edge/control/status.ts";
import type { AlarmRule } from "../../edge/core/alarm.ts";
import type { AlarmEvent } from "../../edge/core/event.ts";
import type { LedgerState } from "../../edge/core/ledger.ts";
import type { ClockState, WallMs } from "../../edge/core/time.ts";
import type { AlarmActionOutcome } from "../../edge/gateway.ts";
import { Audit, type GatewayReport } from "../receiver/audit.ts";
import type { SimBroker } from "../sim/broker.ts";
import { SimClock, type SimClockSettings } from "../sim/clock.ts";
import type { SimGateway } from "../sim/gateway.ts";
import { Random } from "../sim/random.ts";
import { alarmsOf, type Got, inOrder, readingsOf } from "../sim/received.ts";
import { scratchDirectory } from "../sim/scratch.ts";
import { SimSite } from "../sim/site.ts";
import { Trace } from "../sim/trace.ts";
import { asStored } from "../swarm/as-stored.ts";
import type { CallTruth } from "../swarm/crew.ts";
import { SAFETY } from "../swarm/invariants.ts";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How long the story's gateway waits for an answer, and then leaves the unit alone. */
export const TIMEOUT_MS = 300;
export const GRACE_MS = 1000;

/** What a story sets; all of it has a default. */
export type Setting = {
  /** The devices on the one line, by name, with their points; their units are 1, 2, … */
  readonly devices?: Readonly<Record<string, Partial<PointConfig>>>;
  readonly line?: "serial" | "tcp";
  /** Points that are worked out from those of the devices. */
  readonly derived?: GatewayConfig["derived"];
  /** By name; each is on the first device unless it says another `point`. */
  readonly alarms?: Readonly<Record<string, Partial<AlarmRule>>>;
  readonly buffer?: Partial<GatewayConfig["buffer"]>;
  /** The most messages published and not acknowledged. */
  readonly window?: number;
  /** How far the clock is believed at the start. */
  readonly clock?: ClockState;
  /** Whatever else the clock begins with. */
  readonly time?: SimClockSettings;
  /** Devices measure the true time: its seconds within the last thousand. */
  readonly tellsTime?: boolean;
  /** The directory of the buffer of another site, which is no more: the machine starts anew. */
  readonly dir?: string;
};

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
    this.#site = new SimSite({
      config: this.#config,
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

  /** What a centre that keeps contract v1 makes of all that came. */
  audit(): GatewayReport {
    const audit = new Audit();
    for (const { topic, payload } of this.broker.deliveries)
      audit.take(topic, Buffer.from(payload));
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

/** A buffer on a disk without end. */
const ROOM = { maxAgeMs: null, aroundMs: 10 * MINUTE, reserveBytes: 0 } as const;

function pointOf(device: string): string {
  return `${device}.level`;
}

function configOf(setting: Setting, dir: string): GatewayConfig {
  const { devices = { gas: {} }, line = "serial", alarms = {}, buffer, window = 16 } = setting;
  const names = Object.keys(devices);
  const timing = {
    name: "line",
    timeoutMs: TIMEOUT_MS,
    graceMs: GRACE_MS,
    turnaroundMs: 0,
    deadBudget: 0.1,
  };
  const serial = { path: "/dev/line", baud: 9600, format: "8N1" } as const;
  const tcp = { host: "line", port: 502, connectTimeoutMs: 3000 };
  return {
    gateway: { id: "gw-story", site: null },
    buses: [
      line === "serial"
        ? { kind: "modbus-rtu", ...timing, serial, silenceMs: null, echo: null }
        : { kind: "modbus-tcp", ...timing, tcp, framing: "tcp", inFlight: 1 },
    ],
    devices: names.map((name, index) => ({
      name,
      bus: "line",
      unit: index + 1,
      profile: null,
      ...limitsOf({}, {}),
      probeEveryMs: 30 * SECOND,
    })),
    points: names.map((name) => ({ ...levelOf(name), ...devices[name] })),
    alarms: Object.entries(alarms).map(([name, rule]) => alarmOf(names[0] as string, name, rule)),
    destinations: [
      {
        kind: "mqtt",
        name: "centre",
        url: "mqtt://sim",
        username: null,
        password: null,
        ca: null,
        keepAliveS: 60,
        window,
        needsSubscriber: true,
        backlogPerS: null,
      },
    ],
    buffer: {
      dir,
      maxBytes: 1e9,
      commitMs: SECOND,
      commitMsOf: new Map(),
      keepMs: 1e9,
      holdUnsyncedMs: 15 * MINUTE,
      card: { enduranceBytes: 30e12, minLifeMs: 1 },
      ...ROOM,
      ...buffer,
    },
    talkers: [],
    boards: [],
    derived: setting.derived ?? [],
    control: { socket: `${dir}/control.sock` },
    fingerprint: "sha256:0",
  };
}

function levelOf(device: string): PointConfig {
  return {
    id: pointOf(device),
    device,
    area: "holding",
    address: 0,
    type: "int32",
    order: "ABCD",
    length: 0,
    scale: 0.000001,
    offset: 0,
    sentinels: [],
    measurement: null,
    unit: "%[LEL]",
    everyMs: SECOND,
    readAlone: false,
    readClears: false,
    write: false,
  };
}

function alarmOf(device: string, name: string, rule: Partial<AlarmRule>): AlarmRule {
  return {
    name,
    point: pointOf(device),
    limit: "high",
    setpoint: 50,
    deadband: 2,
    onDelayMs: 0,
    severity: "red",
    latch: false,
    ...rule,
    // What makes it another condition comes whole from the story.
  } as AlarmRule;
}
