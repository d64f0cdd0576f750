import type { ReadRequest } from "../../drivers/driver.ts";
import { COPY_QUIET_MS } from "../../drivers/modbus/copies.ts";
import { lineTimeOf, transactionMs } from "../../drivers/modbus/line-time.ts";
import { type DeadDevice, deadDevices, probeShare, timeoutsMs } from "./dead-device.ts";
import type { IsolationSettings } from "./isolation.ts";
import { type CarriedBus, timedLine, widthOf } from "./line-behind.ts";
import { UNWATCHED_PATIENCE_MS } from "./urgency.ts";

/** What must be known of a bus to foresee how its poll plan will run. */
export type ForecastBus = CarriedBus & {
  readonly name: string;
  /** From the end of a request to the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** So long a late answer is waited for where answers do not say what they answer, in ms. */
  readonly graceMs: number;
};

/** What becomes of one request. */
export type RequestForecast = {
  readonly request: ReadRequest;
  /** How long the line, or one of the requests under way together, belongs to it, in milliseconds. */
  readonly lineMs: number;
  /** The oldest that a value of it gets before the next one is there, in milliseconds. */
  readonly ageMs: number;
  /** The same while any one other device does not answer; null where there is no other. */
  readonly ageOneDeadMs: number | null;
};

/** How the poll plan of one bus will run. */
export type BusForecast = {
  readonly bus: string;
  /** How many requests are under way at the same time, at most. */
  readonly width: number;
  /** The share of the line's time that the plan takes; above 1 due times are skipped. */
  readonly load: number;
  /** The same, at most, while one device does not answer; null where there is only one. */
  readonly loadOneDead: number | null;
  /** How long it takes to serve every request once, in milliseconds. */
  readonly roundMs: number;
  /** Whether some request may be due again before all that were due with it are served. */
  readonly maySkip: boolean;
  readonly requests: readonly RequestForecast[];
};

/** Waiting times are found by repeating; they settle at once unless the line is nearly full. */
const ROUNDS_MAX = 1000;

/** What sums of times may be off. */
const ROUNDING = 1e-9;

/** One request as the line sees it. */
type Task = {
  readonly device: string;
  readonly everyMs: number;
  readonly lineMs: number;
  /** Whether it may go before others that have been due for longer. */
  readonly isWatched: boolean;
};

/**
 * How `requests`, the whole plan of `bus`, will run. Alarms watch the points of `watched`;
 * `isolation` is how what does not answer is treated.
 *
 * The age of a value is its period, plus the wait of the next request until the line is free for
 * it, plus that request itself: a task that is due waits for every other one at most once (see
 * `Timetable`), but for those that alarms watch each time they are due. Where several requests are
 * under way at a time, a task waits only while all of them are others.
 */
export function forecastBus(
  bus: ForecastBus,
  requests: readonly ReadRequest[],
  watched: ReadonlySet<string>,
  isolation: IsolationSettings,
): BusForecast {
  const line = lineTimeOf(timedLine(bus));
  const width = widthOf(bus);
  const tasks = requests.map((request) => ({
    device: request.device,
    everyMs: request.everyMs,
    lineMs: transactionMs(line, request) + copyQuietMs(bus, request, requests),
    isWatched: request.points.some(({ point }) => watched.has(point.id)),
  }));
  const graceMs = heldAfterTimeoutMs(bus);
  const dead = deadDevices({ ...bus, graceMs }, requests, isolation);
  const roundMs = laneOf(tasks, width)(sum(tasks.map(({ lineMs }) => lineMs)));
  const wait = { tasks, dead, graceMs, width };
  const watchedWaits = waitsOf(wait, true);
  const otherWaits = waitsOf(wait, false);
  return {
    bus: bus.name,
    width,
    load: loadOf(tasks, width),
    loadOneDead: dead.length < 2 ? null : Math.max(...loadsWithout(wait)),
    roundMs,
    maySkip: tasks.some(({ everyMs }) => everyMs < roundMs),
    requests: requests.map((request, index) => {
      const { device, everyMs, lineMs, isWatched } = tasks[index] as Task;
      const { usualMs, oneDead } = isWatched ? watchedWaits : otherWaits;
      const longest = oneDead.find((wait) => wait.device !== device);
      const ageOneDeadMs = longest === undefined ? null : everyMs + longest.ms;
      return { request, lineMs, ageMs: everyMs + usualMs, ageOneDeadMs };
    }),
  };
}

/** Where answers say what they answer, nobody waits for a late one. */
function heldAfterTimeoutMs({ kind, framing, graceMs }: ForecastBus): number {
  return framing === "tcp" || kind === "modbus-udp" ? 0 : graceMs;
}

/** How long `request` waits for a copy of another one's answer that would fit it, in milliseconds. */
function copyQuietMs(
  bus: ForecastBus,
  { unit, area, count }: ReadRequest,
  requests: readonly ReadRequest[],
): number {
  if (bus.framing === undefined || bus.framing === "tcp") return 0;
  const fitting = requests.filter(
    (each) => each.unit === unit && each.area === area && each.count === count,
  );
  return fitting.length > 1 ? COPY_QUIET_MS : 0;
}

/** The share of the line's time that `tasks` take; none of them is under way twice at a time. */
function loadOf(tasks: readonly Task[], width: number): number {
  const shares = tasks.map(({ lineMs, everyMs }) => lineMs / everyMs);
  return width === 1 ? sum(shares) : Math.max(0, sum(shares) / width, ...shares);
}

/** The loads once each device is known not to answer: it is tried now and then instead. */
function loadsWithout({ tasks, dead, width }: WaitParts): readonly number[] {
  return dead.map((one) => {
    const rest = tasks.filter(({ device }) => device !== one.device);
    return loadOf(rest, width) + probeShare(one) / width;
  });
}

/**
 * How long it takes at most until a task of `tasks` is served, its own time among the work, in
 * milliseconds: it begins at the latest when all the others' work, and what is lost to time-outs,
 * is shared out evenly. Where all take the same time they begin in volleys, and none between two.
 */
function laneOf(
  tasks: readonly Task[],
  width: number,
): (workMs: number, lostMs?: number) => number {
  if (width === 1 || tasks.length === 0) return (workMs, lostMs = 0) => workMs + lostMs;
  const ownMs = Math.max(...tasks.map(({ lineMs }) => lineMs));
  const isEven = tasks.every(({ lineMs }) => lineMs === ownMs);
  return (workMs, lostMs = 0) => {
    const volleys = (workMs - ownMs + lostMs) / ownMs / width;
    return ownMs + ownMs * (isEven && lostMs === 0 ? Math.floor(volleys + ROUNDING) : volleys);
  };
}

/** What decides how long tasks wait. */
type WaitParts = {
  readonly tasks: readonly Task[];
  readonly dead: readonly DeadDevice[];
  readonly graceMs: number;
  readonly width: number;
};

/** How long it takes at most from when a task is due until its answer is there. */
type Waits = {
  readonly usualMs: number;
  /** The same while `device` does not answer, the longest first. */
  readonly oneDead: readonly { readonly device: string; readonly ms: number }[];
};

/** How long tasks wait that alarms watch, or those that they do not. */
function waitsOf({ tasks, dead, graceMs, width }: WaitParts, isWatched: boolean): Waits {
  const urgent = isWatched ? [] : tasks.filter((task) => task.isWatched);
  const oneDead = dead.map((one) => {
    const rest = tasks.filter(({ device }) => device !== one.device);
    const restUrgent = urgent.filter(({ device }) => device !== one.device);
    const ms = responseMs(rest, restUrgent, width, (ms) => timeoutsMs(one, ms, graceMs, width));
    return { device: one.device, ms };
  });
  return {
    usualMs: responseMs(tasks, urgent, width, () => 0),
    oneDead: oneDead.toSorted((a, b) => b.ms - a.ms),
  };
}

/** What one round of all tasks of a period takes, in milliseconds, by period. */
type Rounds = ReadonlyMap<number, number>;

function roundsOf(tasks: readonly Task[]): Rounds {
  const rounds = new Map<number, number>();
  for (const { everyMs, lineMs } of tasks) {
    rounds.set(everyMs, (rounds.get(everyMs) ?? 0) + lineMs);
  }
  return rounds;
}

/**
 * How long a task waits for a round of `all`, meanwhile for `urgent` ones again and again, and for
 * what else takes the line, `lostMs` of a time.
 */
function responseMs(
  all: readonly Task[],
  urgent: readonly Task[],
  width: number,
  lostMs: (ms: number) => number,
): number {
  const onceMs = sum(all.map(({ lineMs }) => lineMs));
  const rounds = [...roundsOf(urgent)];
  const laneMs = laneOf(all, width);
  let ms = laneMs(onceMs);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const within = Math.min(ms, UNWATCHED_PATIENCE_MS);
    const againMs = sum(rounds.map(([everyMs, lineMs]) => lineMs * Math.floor(within / everyMs)));
    const next = laneMs(onceMs + againMs, lostMs(ms));
    if (next <= ms) break;
    ms = next;
  }
  return ms;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
