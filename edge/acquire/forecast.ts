import type { ReadRequest } from "../../drivers/driver.ts";
import { COPY_QUIET_MS } from "../../drivers/modbus/copies.ts";
import {
  lineTimeOf,
  type TimedBus,
  transactionMs,
  unansweredMs,
} from "../../drivers/modbus/line-time.ts";
import type { Framing } from "../../drivers/modbus/modbus.ts";

/** What must be known of a bus to foresee how its poll plan will run. */
export type ForecastBus = TimedBus & {
  readonly name: string;
  /** From the end of a request to the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** So long a late answer is waited for where answers do not say what they answer, in ms. */
  readonly graceMs: number;
  /** How frames are put on a connection; left out on a serial line. */
  readonly framing?: Framing;
};

/** What becomes of one request. */
export type RequestForecast = {
  readonly request: ReadRequest;
  /** How long the line belongs to it, in milliseconds. */
  readonly lineMs: number;
  /** The oldest that a value of it gets before the next one is there, in milliseconds. */
  readonly ageMs: number;
  /** The same while any one other device does not answer; null where there is no other. */
  readonly ageOneDeadMs: number | null;
};

/** How the poll plan of one bus will run. */
export type BusForecast = {
  readonly bus: string;
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

/** A device that does not answer is tried this often in the long run, in milliseconds. */
const PROBE_EVERY_MS = 30_000;
/** So long at most requests that alarms watch go before others that are due. */
const PATIENCE_MS = 10_000;
/** Waiting times are found by repeating; they settle at once unless the line is nearly full. */
const ROUNDS_MAX = 1000;

/** One request as the line sees it. */
type Task = {
  readonly device: string;
  readonly everyMs: number;
  readonly lineMs: number;
  /** Whether it may go before others that have been due for longer. */
  readonly isWatched: boolean;
};

/**
 * How `requests`, the whole plan of `bus`, will run. Alarms watch the points of `watched`.
 *
 * The age of a value is its period, plus the wait of the next request until the line is free for
 * it, plus that request itself: a task that is due waits for every other one at most once (see
 * `Timetable`), but for those that alarms watch each time they are due.
 */
export function forecastBus(
  bus: ForecastBus,
  requests: readonly ReadRequest[],
  watched: ReadonlySet<string>,
): BusForecast {
  const line = lineTimeOf(bus);
  const tasks = requests.map((request) => ({
    device: request.device,
    everyMs: request.everyMs,
    lineMs: transactionMs(line, request) + copyQuietMs(bus, request, requests),
    isWatched: request.points.some(({ point }) => watched.has(point.id)),
  }));
  const devices = Map.groupBy(requests, ({ device }) => device);
  const dead = [...devices].map(([device, own]) => {
    const ownMs = own.map(({ pace }) => unansweredMs(line, bus.timeoutMs, pace));
    return { device, timeoutMs: Math.max(...ownMs), requests: own.length };
  });
  const roundMs = sum(tasks.map(({ lineMs }) => lineMs));
  const load = loadOf(tasks);
  const heldMs = heldAfterTimeoutMs(bus);
  const watchedWaits = waitsOf(tasks, true, dead, heldMs);
  const otherWaits = waitsOf(tasks, false, dead, heldMs);
  return {
    bus: bus.name,
    load,
    loadOneDead: dead.length < 2 ? null : Math.max(...loadsWithout(tasks, load, dead)),
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

/** A device that does not answer. */
type DeadDevice = {
  readonly device: string;
  /** How long the line waits for it, in milliseconds. */
  readonly timeoutMs: number;
  readonly requests: number;
};

/** The share of the line's time that `tasks` take. */
function loadOf(tasks: readonly Task[]): number {
  return sum(tasks.map(({ lineMs, everyMs }) => lineMs / everyMs));
}

/** The loads once each of `dead` is known not to answer: it is tried now and then instead. */
function loadsWithout(
  tasks: readonly Task[],
  load: number,
  dead: readonly DeadDevice[],
): readonly number[] {
  const byDevice = Map.groupBy(tasks, ({ device }) => device);
  return dead.map(({ device, timeoutMs }) => {
    const own = byDevice.get(device) ?? [];
    const perMs = sum(own.map(({ everyMs }) => 1 / everyMs));
    return load - loadOf(own) + timeoutMs * Math.min(perMs, 1 / PROBE_EVERY_MS);
  });
}

/** How long it takes at most from when a task is due until its answer is there. */
type Waits = {
  readonly usualMs: number;
  /** The same while `device` does not answer, the longest first. */
  readonly oneDead: readonly { readonly device: string; readonly ms: number }[];
};

/** How long tasks wait that alarms watch, or those that they do not. */
function waitsOf(
  tasks: readonly Task[],
  isWatched: boolean,
  dead: readonly DeadDevice[],
  graceMs: number,
): Waits {
  const urgent = isWatched ? [] : tasks.filter((task) => task.isWatched);
  const [all, allUrgent] = [roundsOf(tasks), roundsOf(urgent)];
  const byDevice = Map.groupBy(tasks, ({ device }) => device);
  const urgentByDevice = Map.groupBy(urgent, ({ device }) => device);
  const oneDead = dead.map((one) => {
    const rest = without(all, byDevice.get(one.device) ?? []);
    const restUrgent = without(allUrgent, urgentByDevice.get(one.device) ?? []);
    return { device: one.device, ms: responseMs(rest, restUrgent, one, graceMs) };
  });
  return {
    usualMs: responseMs(all, allUrgent, null, graceMs),
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

function without(rounds: Rounds, tasks: readonly Task[]): Rounds {
  const rest = new Map(rounds);
  for (const [everyMs, lineMs] of roundsOf(tasks)) {
    rest.set(everyMs, (rest.get(everyMs) ?? 0) - lineMs);
  }
  return rest;
}

/** How long a task waits for a round of `all`, and meanwhile for `urgent` ones again and again. */
function responseMs(all: Rounds, urgent: Rounds, dead: DeadDevice | null, graceMs: number): number {
  const onceMs = sum([...all.values()]);
  let ms = onceMs;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const within = Math.min(ms, PATIENCE_MS);
    const againMs = sum(
      [...urgent].map(([everyMs, lineMs]) => lineMs * Math.floor(within / everyMs)),
    );
    const next = onceMs + againMs + timeoutsMs(dead, ms, graceMs);
    if (next <= ms) break;
    ms = next;
  }
  return ms;
}

/** What `dead` takes of the line within `ms`: after a time-out it is left alone for a while. */
function timeoutsMs(dead: DeadDevice | null, ms: number, graceMs: number): number {
  if (dead === null) return 0;
  const tries = 1 + Math.floor(ms / (dead.timeoutMs + graceMs));
  return dead.timeoutMs * Math.min(tries, dead.requests);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
