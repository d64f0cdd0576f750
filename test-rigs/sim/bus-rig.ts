import type {
  AddressRange,
  ReadOutcome,
  ReadRequest,
  Session,
  SessionCounters,
  WriteOutcome,
  WriteRequest,
} from "../../drivers/driver.ts";
import { splitRefused } from "../../drivers/modbus/split.ts";
import type { QueryOutcome, QueryRequest } from "../../drivers/query.ts";
import { BusLoop, type BusParts } from "../../edge/acquire/bus-loop.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Reading, Reason } from "../../edge/core/reading.ts";
import { after, stampOf, type UptimeMs } from "../../edge/core/time.ts";
import type { World } from "../../edge/world.ts";
import { SimClock } from "./clock.ts";

/** How long a unit takes for its answer, in milliseconds. */
export const ANSWER_MS = 20;
/** How long an answer is waited for, in milliseconds. */
export const TIMEOUT_MS = 300;

/** A request for one point, `DEVICE.x`. */
export function requestOf(device: string, unit: number, everyMs = 1000): ReadRequest {
  const point = {
    id: `${device}.x`,
    area: "holding",
    address: 0,
    type: "uint16",
    order: "ABCD",
    length: 0,
    scale: 1,
    offset: 0,
    everyMs,
  } as const;
  const points = [{ point, offset: 0 }];
  return { device, unit, area: "holding", address: 0, count: 1, everyMs, points };
}

/** An order to write one register of `unit`. */
export function orderTo(unit: number): WriteRequest {
  return { device: `d${unit}`, unit, write: { kind: "register", address: 0, register: 1 } };
}

/** A query to `unit`, which is asked for a register. */
export function queryTo(unit: number, timeoutMs = TIMEOUT_MS): QueryRequest {
  const pace = { timeoutMs, silenceMs: null, turnaroundMs: null };
  const query = { kind: "place", area: "holding", address: 0, count: 1 } as const;
  return { device: "line-a", unit, pace, query };
}

/** A line whose units all answer, but for those in `dead`; it can be cut, and refuse to open. */
class FakeLine {
  readonly clock = new SimClock();
  readonly dead = new Set<number>();
  /** Units at which the driver itself hangs: a read of them never ends. */
  readonly hanging = new Set<number>();
  /** Units that answer every read at once with what ends it so. */
  readonly failing = new Map<number, Reason>();
  /** Addresses that no unit has. */
  readonly missing = new Set<number>();
  /** Units that are held back, and until when. */
  readonly held = new Map<number, number>();
  /** The unit of every read, in order. */
  readonly asked: number[] = [];
  /** Everything sent: `r1` for a read of unit 1, `w1` for a write. */
  readonly sent: string[] = [];
  readonly settleMs: number;
  readonly inFlight: number;
  opened = 0;
  refuses = false;
  /** How long somebody else is heard on it before a write can be sent, in milliseconds. */
  busyMs = 0;
  cut: (why: string) => void = () => {};

  constructor(settleMs: number, inFlight: number) {
    this.settleMs = settleMs;
    this.inFlight = inFlight;
  }

  async open(): Promise<Session> {
    await this.clock.sleep(1);
    if (this.refuses) throw new GatewayError("link.refused", "no such port");
    this.opened++;
    const { promise: closed, resolve } = Promise.withResolvers<string>();
    this.cut = resolve;
    return {
      readyAt: after(this.clock.uptime(), this.settleMs),
      inFlight: this.inFlight,
      closed,
      close: () => resolve("closed"),
      notBefore: (unit) => (this.held.get(unit) ?? 0) as UptimeMs,
      counters: () => ({ ...NO_COUNTS, requests: this.asked.length }),
      read: (request) => this.#read(request),
      write: (request, signal, isOff) => this.#write(request, signal, isOff),
      query: (request) => this.#query(request),
    };
  }

  async #read({ unit, address, count, points }: ReadRequest): Promise<ReadOutcome> {
    this.asked.push(unit);
    this.sent.push(`r${unit}`);
    if (this.hanging.has(unit)) return await new Promise(() => {});
    const isDead = this.dead.has(unit);
    await this.clock.sleep(isDead ? TIMEOUT_MS : ANSWER_MS);
    const stamp = { at: this.clock.now(), uptime: this.clock.uptime() };
    if (isDead) return { kind: "failure", reason: "timeout", ...stamp };
    const reason = this.failing.get(unit);
    if (reason !== undefined) return { kind: "failure", reason, ...stamp };
    const isRefused = [...this.missing].some((each) => each >= address && each < address + count);
    if (isRefused) return { kind: "failure", reason: "exception:2", ...stamp };
    const readings = points.map(({ point }) => {
      return { point: point.id, value: 7, quality: "good" } as const;
    });
    return { kind: "values", readings, ...stamp };
  }

  async #query({ unit, pace }: QueryRequest): Promise<QueryOutcome> {
    this.sent.push(`q${unit}`);
    const isDead = this.dead.has(unit);
    const tookMs = isDead ? (pace?.timeoutMs ?? TIMEOUT_MS) : ANSWER_MS;
    await this.clock.sleep(tookMs);
    const heard = { tookMs, isEchoed: false, bytes: 0, others: [] };
    const stamp = { at: this.clock.now(), uptime: this.clock.uptime(), heard };
    if (isDead) return { kind: "failure", reason: "timeout", ...stamp };
    return { kind: "answer", answer: { kind: "registers", registers: [7] }, ...stamp };
  }

  async #write(
    { unit }: WriteRequest,
    signal: AbortSignal,
    isOff = () => false,
  ): Promise<WriteOutcome> {
    if (this.busyMs > 0) await this.clock.sleep(this.busyMs, signal);
    if (isOff()) return { kind: "not-done", reason: "timeout", ...stampOf(this.clock) };
    this.sent.push(`w${unit}`);
    const isDead = this.dead.has(unit);
    await this.clock.sleep(isDead ? TIMEOUT_MS : ANSWER_MS, signal);
    const stamp = { at: this.clock.now(), uptime: this.clock.uptime() };
    if (isDead) return { kind: "unknown", reason: "timeout", ...stamp };
    return { kind: "done", registers: [], ...stamp };
  }
}

const NO_COUNTS: SessionCounters = {
  requests: 0,
  timeouts: 0,
  crcErrors: 0,
  exceptions: 0,
  malformed: 0,
  discardedBytes: 0,
  lateAnswers: 0,
  unsolicited: 0,
};

type RigSettings = {
  readonly settleMs?: number;
  readonly inFlight?: number;
  readonly watched?: readonly string[];
  readonly rebind?: BusParts["rebind"];
};

/** A bus loop that reads `requests` on a fake line in virtual time, and what it tells. */
export function busRig(
  requests: readonly ReadRequest[],
  { settleMs = 0, inFlight = 1, watched = [], rebind = null }: RigSettings = {},
) {
  const line = new FakeLine(settleMs, inFlight);
  const { clock, dead, hanging, failing, held, missing, asked, sent } = line;
  const stop = new AbortController();
  const readings: Reading[] = [];
  /** How many readings were told together, each time. */
  const batches: number[] = [];
  const told: string[] = [];
  const cuts: AddressRange[] = [];
  const loop = new BusLoop(
    {
      world: { clock, random: () => 0.5, log: () => {} } as unknown as World,
      name: "line-a",
      requests,
      watched: new Set(watched),
      isolation: {
        timeoutMs: TIMEOUT_MS,
        deadBudget: 0.1,
        probeEveryMs: new Map(requests.map(({ unit }) => [unit, 30_000])),
      },
      open: () => line.open(),
      split: splitRefused,
      onCut: (_, cut) => cuts.push(cut),
      rebind,
      onHealing: (rung) => told.push(rung),
      onReadings: (some) => {
        readings.push(...some);
        batches.push(some.length);
      },
      onBusTurn: (to) => told.push(`bus ${to}`),
      onDeviceTurn: (device, to) => told.push(`${device} ${to}`),
      onImpaired: (device, { kind }, isOver) => {
        told.push(`${device} ${isOver ? "no more" : "now"} ${kind}`);
      },
    },
    stop.signal,
  );
  return {
    ...{
      clock,
      loop,
      dead,
      hanging,
      failing,
      held,
      missing,
      readings,
      batches,
      told,
      cuts,
      asked,
      sent,
      stop,
    },
    running: loop.run().catch(() => {}),
    cut: () => line.cut("unplugged"),
    refuse: (on: boolean) => {
      line.refuses = on;
    },
    /** From now on somebody else is heard for so long before a write can be sent. */
    disturb: (busyMs: number) => {
      line.busyMs = busyMs;
    },
    opened: () => line.opened,
    of: (device: string) => readings.filter(({ point }) => point === `${device}.x`),
  };
}
