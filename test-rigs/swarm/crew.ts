import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { AlarmOrder } from "../../edge/alarm/alarm-order.ts";
import { controlOf } from "../../edge/control/control.ts";
import { Feed } from "../../edge/control/feed.ts";
import { LogRing } from "../../edge/control/log-ring.ts";
import type { PduOrder } from "../../edge/control/pdu-order.ts";
import type { ProbeOrder } from "../../edge/control/probe-order.ts";
import type { SimClock } from "../sim/clock.ts";
import type { SimGateway } from "../sim/gateway.ts";
import type { Random } from "../sim/random.ts";
import type { InterlockCall } from "./interlocks.ts";

/** A call about one alarm. */
export type AlarmCall = {
  readonly method: AlarmOrder["kind"];
  readonly params: {
    readonly alarm: string;
    readonly who: string;
    readonly reason: string;
    readonly forMs: number | null;
  };
};

/** A call of the local control socket. */
export type Call =
  | AlarmCall
  | InterlockCall
  | { readonly method: "read"; readonly params: { readonly points: readonly string[] } }
  | {
      readonly method: "write";
      readonly params: { readonly point: string; readonly value: string; readonly who: string };
    }
  | { readonly method: "probe"; readonly params: ProbeOrder }
  | { readonly method: "exchange"; readonly params: PduOrder };

/** A call that was made, and what came of it. */
export type CallTruth = {
  readonly call: Call;
  /** Which life of the gateway was asked, from 1. */
  readonly life: number;
  /** When it was made, and when it was answered; null while it is not. */
  readonly from: number;
  to: number | null;
  /** What it was answered; undefined where it was refused. */
  result: unknown;
};

const WHO = "crew";
/** As long as any bus allows: a probe may not be shorter than what the bus is known to wait. */
const PROBE_MS = 1000;
/** Units that a scan asks. */
const SCANNED = 4;

/** Requests by hand that are not reads: data come back, who it is, its outputs. */
const BY_HAND = ["08 00 00 a5 37", "11", "07", "2b 0e 01 00"];

/** Draws what a crew does in one visit: one call, or the calls of a scan. */
export function drawCalls(
  random: Random,
  { points, devices, interlocks }: GatewayConfig,
  strangers: ReadonlyMap<string, number>,
): readonly Call[] {
  const isOutput = (id: string) => interlocks.some(({ write }) => write === id);
  const coils = points.filter(({ id, type, write }) => write && type === "bool" && !isOutput(id));
  const [bus, stranger] = random.pick([...strangers]);
  const { unit } = random.pick(devices.filter((device) => device.bus === bus));
  const probe = (asked: number): Call => ({
    method: "probe",
    params: { bus, unit: asked, timeoutMs: PROBE_MS, query: drawQuery(random) },
  });
  switch (random.pick(["read", "read", "write", "write", "query", "scan", "by-hand"] as const)) {
    case "read": {
      const wanted = Array.from({ length: random.integer(1, 4) }, () => random.pick(points).id);
      return [{ method: "read", params: { points: wanted } }];
    }
    case "write": {
      const isOn = random.pick(["true", "false"]) === "true";
      const point = coils.length === 0 ? null : random.pick(coils).id;
      return point === null ? [] : [writeTo(point, isOn)];
    }
    case "query":
      return [probe(stranger)];
    case "scan":
      return Array.from({ length: SCANNED }, (_, index) => probe(stranger + index));
    case "by-hand": {
      const pdu = random.pick(BY_HAND);
      return [{ method: "exchange", params: { bus, unit, pdu, unsafe: true, who: WHO } }];
    }
  }
}

/** Writes to the coil of `point`. */
export function writeTo(point: string, isOn: boolean): Call {
  return { method: "write", params: { point, value: String(isOn), who: WHO } };
}

/** What a crew does with an alarm; some alarms are not there any more. */
export function drawAlarmCalls(
  random: Random,
  { alarms }: Pick<GatewayConfig, "alarms">,
): readonly Call[] {
  const { name: alarm } = random.pick(alarms);
  const forMs = random.pick([null, 5_000, 20_000, 60_000, 9 * 3_600_000]);
  const method = random.pick([
    ...(["acknowledge", "acknowledge", "acknowledge", "reset", "shelve", "shelve"] as const),
    ...(["unshelve", "remove", "return", "return"] as const),
  ]);
  return [{ method, params: { alarm, who: WHO, reason: "swarm", forMs } }];
}

function drawQuery(random: Random): ProbeOrder["query"] {
  return random.pick([
    { kind: "place", area: "holding", address: 10, count: 2 },
    { kind: "exception-status" },
    { kind: "server-id" },
    { kind: "return-data", data: random.integer(0, 65_535) },
    { kind: "identification", from: 0 },
  ] as const);
}

/** Who comes to the box with a laptop: what they ask goes the way of the local control socket. */
export class Crew {
  /** All that was asked for, in order. */
  readonly asked: CallTruth[] = [];
  readonly #clock: SimClock;
  readonly #gateway: SimGateway;

  constructor(clock: SimClock, gateway: SimGateway) {
    this.#clock = clock;
    this.#gateway = gateway;
  }

  /** Makes the calls one after the other, until the gateway that was asked is no more. */
  async visit(calls: readonly Call[]): Promise<void> {
    const { running, lives } = this.#gateway;
    if (running === null) return;
    const control = controlOf(running, {
      log: new LogRing(this.#clock.now()),
      feed: new Feed(this.#clock, () => null),
    });
    for (const call of calls) {
      // Two orders to one coil at a time would leave open which of them was carried out.
      if (call.method === "write" && this.#isWriting(lives.length)) continue;
      const made: CallTruth = {
        ...{ call, life: lives.length, from: this.#clock.uptime() },
        ...{ to: null, result: undefined },
      };
      this.asked.push(made);
      const shiftMs = this.#shiftMs;
      const answered = Promise.resolve(
        control(call.method, call.params, () => Promise.resolve(WHO)),
      );
      // A refusal says that nothing was done, for one of many reasons.
      const result = await answered.catch(() => undefined);
      if (this.#gateway.running !== running) return;
      made.to = this.#clock.uptime();
      // The times of an answer during which the clock was set cannot be placed.
      if (this.#shiftMs === shiftMs) made.result = onRuler(result, shiftMs);
    }
  }

  /** By how much the clock that nobody sets is ahead. */
  get #shiftMs(): number {
    return this.#clock.ruler() - this.#clock.now();
  }

  #isWriting(life: number): boolean {
    return this.asked.some(
      (each) => each.life === life && each.to === null && each.call.method === "write",
    );
  }
}

/** `result` with its times `shiftMs` later. */
function onRuler(result: unknown, shiftMs: number): unknown {
  if (Array.isArray(result)) return result.map((each) => onRuler(each, shiftMs));
  if (typeof result !== "object" || result === null || !("at" in result)) return result;
  return { ...result, at: Number(result.at) + shiftMs };
}
