import type { GatewayConfig } from "../../config/gateway-config.ts";
import { nextDue } from "../../edge/core/schedule.ts";
import type { UptimeMs } from "../../edge/core/time.ts";
import type { BusTruth, OpeningTruth, RequestTruth } from "../sim/bus-truth.ts";
import { SIM_EPOCH } from "../sim/clock.ts";
import type { LifeTruth } from "../sim/gateway.ts";
import { readOf } from "../sim/pdu-form.ts";
import type { Got } from "../sim/received.ts";
import type { Evidence } from "./invariants.ts";

/** From the end of `commitMs` to a commit that has returned, when the disk works. */
const COMMIT_MS = 500;
/** How long the recorder may wait before it tries a disk again that refused. */
export const DISK_RETRY_MS = 16_000;
/** Silence behind an answer, and what a line needs from one request to the next. */
const TURN_MS = 10;
/** A due time that could have been served for longer than this was not skipped for want of time. */
const FREE_MS = 25;
/**
 * Behind a serial server a request waits for a copy of the answer before it that would fit it too:
 * for so long, or for a time-out within a minute of a disturbance.
 */
const COPY_MS = 60;
const WARY_MS = 60_000;
/** For so long after a peer dialled in it may yet turn out to be another one. */
const REGISTERED_MS = 500;
/** For so long after a disturbed answer units may be held back, and bytes be on their way. */
const DISTURBED_MS = 5_000;

type Span = { readonly from: number; readonly to: number };

/**
 * Looks for a due time that gave no reading though the process was up and kept what it had. A due
 * time may be skipped only where the bus had no time for it: that is worked out here from what was
 * said on the bus, not from what the gateway tells of itself.
 */
export function findLostDue(evidence: Evidence, readings: readonly Got[]): string | null {
  const uptimes = new Map<string, number[]>();
  for (const [point, own] of Map.groupBy(readings, ({ point }) => point)) {
    uptimes.set(
      point,
      own.map(({ at }) => uptimeOf(at)).sort((a, b) => a - b),
    );
  }
  const overs = new Map<BusTruth, Overs>();
  for (const [index, life] of evidence.lives.entries()) {
    const { from, to, config } = life;
    const kept = { from, to: keptUntil(evidence, life) };
    for (const asked of askedOf(config, evidence.truths)) {
      const { point, everyMs } = asked;
      const times = uptimes.get(point) ?? [];
      const own = times.filter((at) => at >= from - 1 && at < (to ?? Infinity));
      const known = overs.get(asked.truth) ?? oversOf(asked.truth, asked.timeoutMs);
      overs.set(asked.truth, known);
      const lost = findSkipped(own, kept, everyMs, freeTimes(asked, index + 1, known));
      if (lost !== null) return `${point}, read every ${everyMs} ms, ${lost}`;
    }
  }
  return null;
}

/** A point and the bus on which it is asked for. */
type Asked = {
  readonly point: string;
  readonly everyMs: number;
  readonly unit: number;
  readonly timeoutMs: number;
  readonly graceMs: number;
  /** How long after its first opening the bus is left alone. */
  readonly settleMs: number;
  readonly isDialledIn: boolean;
  readonly truth: BusTruth;
};

function askedOf(config: GatewayConfig, truths: readonly BusTruth[]): readonly Asked[] {
  return config.buses.flatMap((bus) => {
    const truth = truths.find((each) => each.bus === bus.name);
    if (truth === undefined || !("timeoutMs" in bus)) return [];
    const { timeoutMs, graceMs } = bus;
    const isDialledIn = bus.kind === "modbus-dial-in";
    const registeredMs = isDialledIn ? REGISTERED_MS : 0;
    const settleMs = registeredMs + (bus.kind === "modbus-tcp" ? 0 : graceMs);
    const devices = config.devices.filter((device) => device.bus === bus.name);
    return devices.flatMap(({ name, unit }) =>
      config.points
        // What is reported by exception says nothing of its due times.
        .filter(({ device, measurement }) => device === name && !measurement?.report)
        .map(({ id, everyMs }) => ({
          point: id,
          everyMs,
          unit,
          timeoutMs,
          graceMs,
          settleMs,
          isDialledIn,
          truth,
        })),
    );
  });
}

/** Uptime that belongs to time `at` of a clock that nobody ever set, at most a millisecond too early. */
export function uptimeOf(at: number): number {
  return at - SIM_EPOCH;
}

/** Index of the life in which `uptime` lies. */
export function lifeAt({ lives }: Evidence, uptime: number): number {
  return lives.findLastIndex(({ from }) => from <= uptime + 1);
}

/** Readings up to here were in a commit before the life ended. */
export function keptUntil(
  { diskFull, end }: Evidence,
  { to, isKilled, config }: LifeTruth,
): number {
  if (to === null || !isKilled) return Math.min(to ?? end, end);
  const behindMs = config.buffer.commitMs + COMMIT_MS;
  // A disk may refuse once more just when it is tried again, and take nothing in between.
  const refusedFrom = diskFull.reduceRight(
    (until, each) =>
      each.from < until && (each.to ?? to) > until - DISK_RETRY_MS ? each.from : until,
    to,
  );
  return refusedFrom - behindMs;
}

/** The first due time on the grid of `life` without a reading though the bus had time for it. */
function findSkipped(
  times: readonly number[],
  life: Span,
  everyMs: number,
  isFree: (span: Span) => boolean,
): string | null {
  let due = life.from;
  for (const at of [...times, null]) {
    const isLast = at === null;
    const to = at ?? life.to;
    // Behind the last reading there is none that was merely late.
    if ((isLast ? due < to : to - due >= everyMs) && isFree({ from: due, to })) {
      return `has no reading for ${due.toFixed(1)}, ${isLast ? "nor any later" : `only at ${at}`}`;
    }
    due = nextDue(life.from as UptimeMs, everyMs, (to + 1) as UptimeMs);
  }
  return null;
}

/** Says of a span of time whether its bus had time to read the point. */
function freeTimes(asked: Asked, life: number, overs: Overs) {
  const { truth, unit, everyMs, graceMs, settleMs, isDialledIn } = asked;
  const requests = truth.requests.filter((request) => request.life === life);
  // A call that ends before its registration counts opens nothing: the first that was asked on did.
  const firstAsked = requests[0]?.at ?? Infinity;
  const openings = truth.openings.filter(
    (each) => each.life === life && each.at <= firstAsked && !(isDialledIn && isCutShort(each)),
  );
  const opening = (isDialledIn ? openings.at(-1) : openings[0])?.at ?? Infinity;
  const opened = opening + settleMs;
  return ({ from, to }: Span): boolean => {
    const before = requests.filter(({ at }) => at < to);
    let free = 0;
    let reached = Math.max(from, opened);
    for (const request of before) {
      const over = overs.get(request) as number;
      if (over <= from) continue;
      if (!mayWaitForCopy(asked, request)) free += Math.max(0, request.at - reached);
      reached = Math.max(reached, over);
    }
    free += Math.max(0, to - reached - copyWaitMs(asked, to));
    const own = before.findLast((request) => request.unit === unit && request.at < from);
    const isHeld =
      (own !== undefined && isDisturbed(own)) ||
      before.some((request) => request.end + DISTURBED_MS > from && mayHoldUp(request));
    // A unit that is held back is put off by less than a period, and then for its grace; again
    // where another of its requests was disturbed meanwhile.
    const again = before.filter(
      (request) => request.unit === unit && request.at >= from && mayHoldUp(request),
    );
    return free >= (isHeld ? everyMs + graceMs * (1 + again.length) : FREE_MS);
  };
}

/** Whether a call ended before its registration could count. */
function isCutShort({ at, closedAt }: OpeningTruth): boolean {
  return closedAt !== null && closedAt - at < REGISTERED_MS;
}

/** How long the gateway may wait at `at` for a copy of an answer, in milliseconds. */
function copyWaitMs({ truth, timeoutMs, isDialledIn }: Asked, at: number): number {
  if (!isDialledIn) return 0;
  const from = at - WARY_MS - DISTURBED_MS;
  const isWary = truth.requests.some((each) => isDisturbed(each) && each.at < at && each.at > from);
  return isWary ? timeoutMs + TURN_MS : COPY_MS;
}

/** Whether the gateway may have waited before `request` for a copy of an answer that would fit it. */
function mayWaitForCopy(asked: Asked, { unit, pdu, at }: RequestTruth): boolean {
  const waitMs = copyWaitMs(asked, at);
  if (waitMs === 0) return false;
  const from = at - waitMs;
  return asked.truth.answers.some(
    ({ deliveredAt, exception, request }) =>
      unit === request.unit &&
      pdu[0] === request.pdu[0] &&
      (readOf(pdu)?.count === readOf(request.pdu)?.count || exception !== null) &&
      deliveredAt !== null &&
      deliveredAt < at &&
      deliveredAt > from,
  );
}

/**
 * Whether `request` may have held up the line: also a write, whose answer is its own echo where it
 * is not known yet that the line has none, and which unlike a read leaves no reading behind.
 */
function mayHoldUp(request: RequestTruth): boolean {
  return isDisturbed(request) || readOf(request.pdu) === null;
}

function isDisturbed({ fault }: RequestTruth): boolean {
  return fault !== "none" && fault !== "exception" && fault !== "busy";
}

/** When the gateway was done with each request, at the latest. */
type Overs = ReadonlyMap<RequestTruth, number>;

/** The time-out of a bus is the same in every life. */
function oversOf({ requests, answers }: BusTruth, timeoutMs: number): Overs {
  const overs = new Map<RequestTruth, number>();
  for (const request of requests) overs.set(request, request.end + timeoutMs + TURN_MS);
  for (const { request, isIntact, deliveredAt, latestRequest } of answers) {
    if (!isIntact || deliveredAt === null || latestRequest !== request.index) continue;
    // Only the time-out may tell that the answer to a request by hand is whole.
    if (readOf(request.pdu) === null) continue;
    const over = Math.min(overs.get(request) ?? Infinity, deliveredAt + TURN_MS);
    overs.set(request, over);
  }
  return overs;
}
