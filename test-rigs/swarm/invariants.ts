import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { LedgerState } from "../../edge/core/ledger.ts";
import type { Recorded } from "../../edge/recorded.ts";
import type { Delivery } from "../sim/broker.ts";
import type { AnswerTruth, BusTruth } from "../sim/bus-truth.ts";
import { SIM_EPOCH } from "../sim/clock.ts";
import type { DiskFull, DropTruth, LifeTruth, RefusedTruth, ThinTruth } from "../sim/gateway.ts";
import { type Got, inOrder, isThinned, readingsIn, readingsOf } from "../sim/received.ts";
import { isValueOf } from "../sim/signal.ts";
import type { TalkTruth } from "../sim/talker-line.ts";
import { findUnclosedAlarm, findWrongAlarm } from "./alarm-replay.ts";
import { findFalseTime } from "./as-stored.ts";
import { findWrongCommand } from "./command-truth.ts";
import type { CommandTruth } from "./commands.ts";
import { findWrongCondition } from "./condition-replay.ts";
import type { CallTruth } from "./crew.ts";
import { crewReadings, findFalseAnswer, findWrongWrite } from "./crew-truth.ts";
import { findLostDue } from "./due-times.ts";
import { findWrongMeasurement } from "./measured-replay.ts";
import { findWrongOwn } from "./own-truth.ts";
import { findBrokenChain, findWrongOrder, findWrongShelf } from "./shift-truth.ts";
import {
  alarmsTold,
  findChangedBytes,
  findUndelivered,
  findUndocumentedMessage,
  findUntoldDrop,
  goneReadings,
  isIn,
} from "./stream-truth.ts";
import { findFalseTalk, findSilentTalk, findUnheardTalk } from "./talk-truth.ts";
import { findEarlyRefusal, findFalseThinning, findThinnedSurroundings } from "./thinning-truth.ts";
import type { UpdateTruth } from "./updates.ts";
import { findWrongVote } from "./vote-truth.ts";

/** All that is known of a run when it is over. */
export type Evidence = {
  /** What the gateway was told last. */
  readonly config: GatewayConfig;
  readonly truths: readonly BusTruth[];
  /** What came. */
  readonly received: readonly Delivery[];
  /** The same, by a clock that nobody ever set, as all that follows. */
  readonly deliveries: readonly Delivery[];
  /** The commands that were sent, the point that they write, and the last that was sent in a calm. */
  readonly commands: {
    readonly point: string;
    readonly sent: readonly CommandTruth[];
    readonly lastGood: CommandTruth | null;
  };
  /** What came to each of the platforms beside the centre, by their names. */
  readonly others: ReadonlyMap<string, readonly Delivery[]>;
  /** Every event of a commit that is durable. */
  readonly storedEvents: Recorded["events"];
  /** True wall time at an uptime. */
  readonly truthAt: (uptime: number) => number;
  /** Every batch of a commit that is durable. */
  readonly stored: Recorded["batches"];
  /** What was given up because the buffer was full. */
  readonly dropped: readonly DropTruth[];
  /** What was thinned likewise. */
  readonly thinned: readonly ThinTruth[];
  /** Batches that were not stored because only what must stay was left, behind which message. */
  readonly refused: readonly RefusedTruth[];
  readonly lives: readonly LifeTruth[];
  readonly diskFull: readonly DiskFull[];
  /** By the device: what sensors said that talk by themselves, and how often they do. */
  readonly talks: ReadonlyMap<
    string,
    { readonly sayMs: number; readonly said: readonly TalkTruth[] }
  >;
  /** What others did about the releases. */
  readonly updates: UpdateTruth;
  /** What a crew asked for. */
  readonly crew: readonly CallTruth[];
  /** What the ledger held after the gateway was stopped; null when it did not stop. */
  readonly ledger: LedgerState | null;
  /** When the faults ended. */
  readonly calmFrom: { readonly uptime: number; readonly wall: number };
  /** Uptime at which the gateway was told to stop. */
  readonly end: number;
  /** Why the gateway ended by itself, or null. */
  readonly died: unknown;
  readonly mostInFlight: number;
  readonly mostTimers: number;
};

/** A promise of the gateway: `check` says how it was broken, or null. */
export type Invariant = {
  readonly name: string;
  readonly check: (evidence: Evidence) => string | null;
};

/** How long a silent unit may go unasked (Isolation), and a line closed (Line). */
const RECOVERY_MS = 50_000;
/** An event is committed at once and sent before all else. */
const EVENT_MS = 1_000;
/** So long every signal is beyond its setpoint, and as long within it, in each of its swings. */
const SWING_MS = 5_000;
/** What a swing over a setpoint moves. */
const SWINGING: ReadonlySet<string> = new Set(["high", "low", "deviation"]);
/** No gateway of this size needs more timers than this at one moment. */
const MAX_TIMERS = 500;

/** What holds at any time, whatever befalls the gateway. */
export const SAFETY: readonly Invariant[] = [
  { name: "the gateway goes on", check: goesOn },
  { name: "one request at a time, 3.5 characters of silence", check: keepsBusManners },
  { name: "the same key is always the same bytes", check: findChangedBytes },
  { name: "a time that is called known is true within a second", check: knowsTheTime },
  { name: "one stream over crashes, every seq delivered, no gap", check: findUndelivered },
  { name: "a command acts at most once, and only if it is good", check: findWrongCommand },
  { name: "a platform gets what is its own, complete and in order", check: findWrongOwn },
  { name: "every message is as the contract documents it", check: findUndocumentedMessage },
  { name: "what there is no room for is told", check: findUntoldDrop },
  { name: "what is thinned is what was", check: findFalseThinning },
  { name: "what was read around an alarm stays whole", check: findThinnedSurroundings },
  { name: "nothing is refused while history could go", check: findEarlyRefusal },
  { name: "nothing acquired is lost", check: losesNothing },
  { name: "no value is good unless the device sent it then", check: tellsTheTruth },
  { name: "no device is said to have answered what it did not", check: findFalseAnswer },
  { name: "a write is done at most once, and as it is told", check: findWrongWrite },
  { name: "a value that is not known is null and has a reason", check: givesReasons },
  { name: "events of one alarm chain, also over crashes", check: chainsAlarms },
  { name: "alarms are what the readings make of their rules", check: judgesByTheRules },
  { name: "a vote is what its points make of it", check: votesByThePoints },
  { name: "rates, states, silence and expressions are what was read", check: judgesConditions },
  { name: "a shelf lasts as long as it was put up for", check: shelvesInTime },
  { name: "an order about an alarm is done once, and told", check: doesWhatTheCrewAsks },
  { name: "an alarm whose rule is changed or gone is closed", check: closesAlarms },
  { name: "memory stays bounded", check: staysBounded },
];

/** What always holds of the measured points that the swarm draws. */
export const MEASURING: readonly Invariant[] = [
  { name: "no stale value under a fresh time, ever", check: measuresTheTruth },
];

/** What holds again when the faults are over and every signal swings over its setpoint. */
export const LIVENESS: readonly Invariant[] = [
  { name: "a condition that holds is raised", check: raisesAlarms },
  { name: "events are prompt when all is calm", check: hurriesEvents },
  { name: "every point is read on its grid again when all is calm", check: readsOnGrid },
];

function goesOn({ died, ledger }: Evidence): string | null {
  if (died !== null) return `a loop died: ${died instanceof Error ? died.stack : String(died)}`;
  return ledger === null ? "it did not stop within ten seconds" : null;
}

function keepsBusManners({ truths }: Evidence): string | null {
  const first = truths.flatMap(({ violations }) => violations)[0];
  return first === undefined ? null : `at ${first.at} ms, ${first.rule}: ${first.text}`;
}

/** What was committed is what came; every due time gave a reading that came. */
function losesNothing(evidence: Evidence): string | null {
  const readings = keptReadings(evidence);
  const came = new Set(readings.map(textOf));
  for (const { seq, batch } of evidence.stored) {
    const lost = readingsIn(batch)
      .map(textOf)
      .find((text) => !came.has(text));
    if (lost !== undefined) return `${lost} was committed with seq ${seq} and never came`;
  }
  return findLostDue(evidence, readings) ?? findUnheardTalk(evidence, readings);
}

function knowsTheTime({ received, stored, storedEvents, truthAt }: Evidence): string | null {
  return findFalseTime(received, { readings: stored, events: storedEvents }, truthAt);
}

const kept = new WeakMap<Evidence, readonly Got[]>();

/** Every reading that came, and those that had to go, or were refused, for want of room. */
function keptReadings(evidence: Evidence): readonly Got[] {
  const known = kept.get(evidence) ?? keptIn(evidence);
  kept.set(evidence, known);
  return known;
}

function keptIn({ deliveries, stored, dropped, thinned, refused }: Evidence): readonly Got[] {
  const came = inOrder(deliveries, "readings")
    .map(({ message }) => message)
    .filter((message) => !isThinned(message));
  const seqs = new Set(came.map(({ seq }) => seq));
  const drops = goneReadings({ dropped, thinned });
  const gone = stored.filter(({ seq }) => !seqs.has(seq) && isIn(drops, seq));
  return [...came.map((message) => ({ ...message, batch: message })), ...gone, ...refused]
    .toSorted((a, b) => a.seq - b.seq)
    .flatMap(({ batch }) => readingsIn(batch));
}

/** A reading as one line; digits beyond 2^53 are rounded, as the reader of JSON here does. */
function textOf({ point, at, value, quality }: Got): string {
  return `${point} at ${at}: ${typeof value === "bigint" ? Number(value) : value} ${quality}`;
}

/** Answers by point and by the wall time at which their last byte came. */
function answersByPoint(truths: readonly BusTruth[]) {
  const found = new Map<string, Map<number, AnswerTruth[]>>();
  for (const answer of truths.flatMap(({ answers }) => answers)) {
    if (answer.deliveredWall === null || !answer.isIntact) continue;
    for (const point of answer.raws.keys()) {
      const times = found.get(point) ?? new Map<number, AnswerTruth[]>();
      found.set(point, times);
      times.set(answer.deliveredWall, [...(times.get(answer.deliveredWall) ?? []), answer]);
    }
  }
  return found;
}

function tellsTheTruth(evidence: Evidence): string | null {
  const { deliveries, truths, config } = evidence;
  const answers = answersByPoint(truths);
  const points = new Map(config.points.map((point) => [point.id, point]));
  for (const { point, at, value, quality } of [
    ...readingsOf(deliveries),
    ...crewReadings(evidence),
  ]) {
    const spec = points.get(point);
    if (quality !== "good" || spec === undefined) continue;
    const then = answers.get(point)?.get(at) ?? [];
    // What is measured or derived is no number that a device sent.
    if (spec.measurement !== null) continue;
    const isTrue = then.some(
      ({ raws, request, latestRequest }) =>
        latestRequest === request.index && isValueOf(spec, raws.get(point) ?? "", value),
    );
    if (!isTrue) {
      const sent = then.map(
        ({ raws, request, latestRequest }) =>
          `${raws.get(point)} to request ${request.index} while ${latestRequest} was asked`,
      );
      return `${point} at ${at} is ${value}, good; the device then sent ${sent.join(", ") || "nothing"}`;
    }
  }
  return findFalseTalk(evidence, readingsOf(deliveries));
}

function givesReasons({ deliveries, config }: Evidence): string | null {
  const plain = new Set(config.points.flatMap((p) => (p.measurement === null ? p.id : [])));
  for (const { point, at, value, quality } of readingsOf(deliveries)) {
    const isWell =
      quality === "good" ||
      OF_THE_WIRE.test(quality) ||
      (!plain.has(point) && OF_A_MEASUREMENT.test(quality));
    const isRight = isWell && (value === null) === quality.startsWith("bad:");
    if (!isRight) return `${point} at ${at} is ${value} with quality ${quality}`;
  }
  return null;
}

const OF_THE_WIRE =
  /^bad:(timeout|crc|exception:\d+|malformed|link-closed|not-a-number|invalid-bcd|no-value)$/;

/** Each reason with how grave it may be. */
const OF_A_MEASUREMENT =
  /^(bad:(warm-up|failure|function-check|stale)|uncertain:(rate|stuck|status-unknown|out-of-specification)|(bad|uncertain):(out-of-range|loop-fault|calibration|input))$/;

function measuresTheTruth(evidence: Evidence): string | null {
  return findWrongMeasurement(evidence, keptReadings(evidence));
}

function chainsAlarms(evidence: Evidence): string | null {
  return findBrokenChain(alarmsTold(evidence));
}

function shelvesInTime(evidence: Evidence): string | null {
  return findWrongShelf(evidence, alarmsTold(evidence));
}

function doesWhatTheCrewAsks(evidence: Evidence): string | null {
  return findWrongOrder(evidence, alarmsTold(evidence));
}

function judgesByTheRules(evidence: Evidence): string | null {
  return findWrongAlarm(evidence, keptReadings(evidence), alarmsTold(evidence));
}

function votesByThePoints(evidence: Evidence): string | null {
  return findWrongVote(evidence, keptReadings(evidence), alarmsTold(evidence));
}

function judgesConditions(evidence: Evidence): string | null {
  return findWrongCondition(evidence, keptReadings(evidence), alarmsTold(evidence));
}

function closesAlarms(evidence: Evidence): string | null {
  return findUnclosedAlarm(evidence, alarmsTold(evidence));
}

/**
 * Every signal swings over its setpoint within 20 to 30 s, so every alarm moves when it is calm,
 * but for those that need to see a signal beyond that for longer than it may be there.
 */
function raisesAlarms({ deliveries, config, calmFrom }: Evidence): string | null {
  const moved = new Set(
    inOrder(deliveries, "events")
      .filter(({ message }) => message.kind === "alarm" && message.at >= calmFrom.wall)
      .map(({ message }) => message.alarm),
  );
  const periods = new Map(config.points.map(({ id, everyMs }) => [id, everyMs]));
  const still = config.alarms.find(({ name, limit, point, onDelayMs, offDelayMs = 0 }) => {
    const neededMs = Math.max(onDelayMs, offDelayMs) + 2 * (periods.get(point) ?? 0);
    // Whether two of three meet is left to chance, and when all is calm nothing is silent.
    return SWINGING.has(limit) && neededMs < SWING_MS && !moved.has(name);
  });
  return still === undefined ? null : `${still.name} was never raised or cleared when all was calm`;
}

function hurriesEvents({ deliveries, calmFrom }: Evidence): string | null {
  for (const { delivery, message } of inOrder(deliveries, "events")) {
    if (message.at < calmFrom.wall + RECOVERY_MS) continue;
    const tookMs = delivery.uptime - (message.at - SIM_EPOCH);
    if (tookMs > EVENT_MS) return `event ${message.seq} took ${tookMs} ms to the centre`;
  }
  return null;
}

/** What was read while the buffer still held too much, as it may for want of the time, counts too. */
function readsOnGrid(evidence: Evidence): string | null {
  const { config, calmFrom, end } = evidence;
  const from = calmFrom.wall + RECOVERY_MS;
  const to = calmFrom.wall + (end - calmFrom.uptime);
  const readings = keptReadings(evidence);
  const good = Map.groupBy(
    readings.filter(({ at, quality }) => at >= from && quality === "good"),
    ({ point }) => point,
  );
  for (const { id, everyMs, measurement } of config.points) {
    // A measured value may have other reasons not to be good.
    if (measurement !== null) continue;
    const times = [from, ...(good.get(id) ?? []).map(({ at }) => at), to];
    const most = 2 * everyMs + 1000;
    const hole = times.findIndex((at, i) => at - (times[i - 1] ?? at) > most);
    if (hole > 0) {
      return `${id}, read every ${everyMs} ms, has no good reading from ${times[hole - 1]} to ${times[hole]}`;
    }
  }
  return findSilentTalk(evidence, readings, from);
}

function staysBounded({ config, mostInFlight, mostTimers }: Evidence): string | null {
  const [centre] = config.destinations;
  const window = centre?.kind === "mqtt" ? centre.window : 1;
  if (mostInFlight > window) return `${mostInFlight} messages in flight with a window of ${window}`;
  return mostTimers > MAX_TIMERS ? `${mostTimers} timers at one moment` : null;
}
