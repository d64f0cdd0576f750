import type { PointConfig } from "../../config/gateway-config.ts";
import type { Filter } from "../../edge/core/measurement.ts";
import type { AnswerTruth } from "../sim/bus-truth.ts";
import type { Got } from "../sim/received.ts";
import { DeviceStates, ROUNDING_MS } from "./device-states.ts";
import { lifeAt, uptimeOf } from "./due-times.ts";
import type { Evidence } from "./invariants.ts";

/**
 * Works every measured reading out once more, from what its device really sent then and from the
 * readings of its life before it, and looks for one that is anything else: a filter that still
 * holds what came before a hole, a state of the device that was not heeded, a value for which
 * nothing was sent.
 */
export function findWrongMeasurement(evidence: Evidence, readings: readonly Got[]): string | null {
  const byPoint = Map.groupBy(readings, ({ point }) => point);
  for (const point of evidence.config.points) {
    if (point.measurement === null) continue;
    const status = byPoint.get(point.measurement.checks.status?.point ?? "") ?? [];
    const replay = new Replay(evidence, point, status);
    for (const reading of byPoint.get(point.id) ?? []) {
      const wrong = replay.take(reading);
      if (wrong !== null) return `${point.id} at ${reading.at}: ${wrong}`;
    }
  }
  return null;
}

/** A quality, and the value that goes with it: null exactly where it is bad. */
type Expected = { readonly value: number | null; readonly quality: string };

type Known = { readonly value: number; readonly quality: string; readonly uptime: number };

/** What a point may still know in one life of the gateway. */
type Memory = {
  /** Readings missed since the last value; null before the first. */
  missed: number | null;
  /** When the first of these was. */
  missedSince: number | null;
  hasFailed: boolean;
  /** What the filter holds, the oldest first. */
  held: Known[];
  /** What came out of it last. */
  output: number | null;
  /** The newest value that did not jump, and the one that did. */
  last: Known | null;
  jump: Known | null;
};

class Replay {
  readonly #evidence: Evidence;
  readonly #point: PointConfig;
  readonly #states: DeviceStates;
  readonly #sent = new Map<number, readonly AnswerTruth[]>();
  #life = -1;
  #memory: Memory = nothing();

  constructor(evidence: Evidence, point: PointConfig, status: readonly Got[]) {
    this.#evidence = evidence;
    this.#point = point;
    this.#states = new DeviceStates(evidence, point, status);
    const answers = evidence.truths.flatMap(({ answers }) => answers);
    const own = answers.filter(({ raws, isIntact }) => isIntact && raws.has(point.id));
    for (const answer of own) {
      if (answer.deliveredWall === null || answer.latestRequest !== answer.request.index) continue;
      const { deliveredWall: at } = answer;
      this.#sent.set(at, [...(this.#sent.get(at) ?? []), answer]);
    }
  }

  take({ at, value, quality }: Got): string | null {
    const uptime = uptimeOf(at);
    const life = lifeAt(this.#evidence, uptime);
    if (life !== this.#life) this.#memory = nothing();
    this.#life = life;
    if (OF_THE_WIRE.test(quality)) return this.#miss(quality, uptime);
    const sent = this.#sent.get(at) ?? [];
    const [answer] = sent;
    if (answer === undefined) return `is ${value} ${quality}, and nothing was sent then`;
    const expected = this.#expected(answer, uptime, life, quality);
    const isRight = expected.quality === quality && this.#isNear(expected.value, value);
    if (isRight || sent.length > 1) return null;
    return `is ${value} ${quality}; of ${this.#told(answer)} must come ${expected.value} ${expected.quality}`;
  }

  #told({ raws }: AnswerTruth): number {
    const { scale, offset, id } = this.#point;
    return Number(raws.get(id)) * scale + offset;
  }

  #miss(quality: string, uptime: number): null {
    const memory = this.#memory;
    if (quality === "bad:timeout" || quality === "bad:link-closed") {
      if (memory.missed !== null) memory.missed++;
      memory.missedSince ??= uptime;
    }
    Object.assign(memory, { held: [], output: null });
    return null;
  }

  #expected(answer: AnswerTruth, uptime: number, life: number, observed: string): Expected {
    if (this.#wasAway(uptime, observed)) this.#memory = nothing();
    Object.assign(this.#memory, { missed: 0, missedSince: null });
    const states = this.#states.at(answer, uptime, life);
    // Where whole milliseconds cannot tell which state came first, either is right.
    const said = states.find((each) => observed.endsWith(`:${each}`));
    const other = states.includes(null) ? null : states.find((each) => each !== "function-check");
    const state = said ?? (other === undefined ? "function-check" : other);
    if (state === "function-check") {
      Object.assign(this.#memory, { held: [], output: null, hasFailed: false });
      return bad("function-check");
    }
    const converted = this.#converted(this.#told(answer));
    const calmed = this.#filtered(converted, uptime);
    if (calmed.value === null) return calmed;
    const own = this.#doubt({ ...calmed, value: calmed.value, uptime }, observed);
    const reason = state ?? (calmed.quality === "good" ? own : null);
    return reason === null ? calmed : { value: calmed.value, quality: `uncertain:${reason}` };
  }

  /** Two readings, and ten seconds: of these whole milliseconds may not tell. */
  #wasAway(uptime: number, observed: string): boolean {
    const { missed, missedSince } = this.#memory;
    if (missed === null) return true;
    if (missed < 2 || missedSince === null) return false;
    const beyondMs = uptime - missedSince - 10_000;
    return Math.abs(beyondMs) <= ROUNDING_MS ? observed !== "uncertain:rate" : beyondMs > 0;
  }

  #converted(told: number): Expected {
    const { loop = null, calibration = null, checks } = this.#point.measurement ?? {};
    if (loop !== null) {
      if (told >= 3.8 && told <= 20.5) this.#memory.hasFailed = false;
      else if (told <= 3.6 || told >= 21) this.#memory.hasFailed = true;
      if (this.#memory.hasFailed) return bad("loop-fault");
      const value = ((told - 4) / 16) * (loop.high - loop.low) + loop.low;
      const isMeasuring = told >= 3.8 && told <= 20.5;
      return { value, quality: isMeasuring ? "good" : "uncertain:loop-fault" };
    }
    const value = calibration === null ? told : told < 0 ? 50 + told / 20 : 50 + told * 0.15;
    const [low, high] = checks?.plausible ?? [-Infinity, Infinity];
    return value < low || value > high ? bad("out-of-range") : { value, quality: "good" };
  }

  #filtered({ value, quality }: Expected, uptime: number): Expected {
    const memory = this.#memory;
    if (value === null) {
      Object.assign(memory, { held: [], output: null });
      return { value, quality };
    }
    const filter = this.#point.measurement?.filter ?? null;
    if (filter === null) return { value, quality };
    const before = memory.held.at(-1);
    memory.held.push({ value, quality, uptime });
    const horizon = filter.kind === "lag" ? 5 * filter.timeMs : Infinity;
    const count = filter.kind === "lag" ? Infinity : filter.of;
    const heavy = memory.held.slice(-count).filter((each) => uptime - each.uptime < horizon);
    const doubt = heavy.findLast((each) => each.quality !== "good")?.quality ?? "good";
    memory.output = outputOf(filter, heavy, memory.output, uptime - (before?.uptime ?? uptime));
    return { value: memory.output, quality: doubt };
  }

  #doubt(sample: Known, observed: string): string | null {
    const { range = null, maxRate = null } = this.#point.measurement?.checks ?? {};
    if (maxRate !== null && this.#jumps(sample, maxRate, observed)) return "rate";
    if (range === null) return null;
    const beyond = Math.max(range[0] - sample.value, sample.value - range[1]);
    const isUnclear = Math.abs(beyond) < this.#slack();
    const isBeyond = isUnclear ? observed === "uncertain:out-of-range" : beyond > 0;
    return isBeyond ? "out-of-range" : null;
  }

  #jumps(sample: Known, rate: { change: number; inMs: number }, observed: string): boolean {
    const memory = this.#memory;
    const excess = (from: Known) => {
      const times = Math.max(1, (sample.uptime - from.uptime) / rate.inMs);
      return Math.abs(sample.value - from.value) / (rate.change * times) - 1;
    };
    const excesses = [memory.last, memory.jump].flatMap((from) =>
      from === null ? [] : excess(from),
    );
    const least = Math.min(...excesses);
    const isUnclear = Math.abs(least) < 0.01;
    const isJump = excesses.length > 0 && (isUnclear ? observed === "uncertain:rate" : least > 0);
    Object.assign(memory, isJump ? { jump: sample } : { last: sample, jump: null });
    return isJump;
  }

  #isNear(expected: number | null, value: Got["value"]): boolean {
    if (expected === null || typeof value !== "number") return expected === value;
    const isIt = Math.abs(expected - value) <= 1e-6 + this.#slack();
    // The error of one step is not carried into the next.
    const isLag = this.#point.measurement?.filter?.kind === "lag";
    if (isIt && isLag) this.#memory.output = value;
    return isIt;
  }

  /**
   * By how much what comes out may be off: a lag hangs on the time between two values, of which
   * whole milliseconds are known.
   */
  #slack(): number {
    const filter = this.#point.measurement?.filter ?? null;
    return filter?.kind === "lag" ? (ROUNDING_MS * 400) / filter.timeMs : 0;
  }
}

function nothing(): Memory {
  return {
    missed: null,
    missedSince: null,
    hasFailed: false,
    held: [],
    output: null,
    last: null,
    jump: null,
  };
}

function outputOf(
  filter: Filter,
  held: readonly Known[],
  output: number | null,
  elapsedMs: number,
): number {
  const values = held.map(({ value }) => value);
  const newest = values.at(-1) as number;
  switch (filter.kind) {
    case "mean":
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    case "median": {
      const sorted = values.toSorted((a, b) => a - b);
      const middle = (sorted.length - 1) / 2;
      return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
    }
    case "lag": {
      const weight = Math.exp(-elapsedMs / filter.timeMs);
      return output === null ? newest : output * weight + newest * (1 - weight);
    }
  }
}

function bad(reason: string): Expected {
  return { value: null, quality: `bad:${reason}` };
}

const OF_THE_WIRE = /^bad:(timeout|crc|exception:\d+|malformed|link-closed)$/;
