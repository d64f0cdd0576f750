import type { GatewayConfig, PointConfig } from "../../config/gateway-config.ts";
import type { AlarmStateName } from "../../edge/core/alarm.ts";
import type { LedgerState, StreamKind } from "../../edge/core/ledger.ts";
import type { Value } from "../../edge/core/reading.ts";
import type { Recorded } from "../../edge/recorder.ts";
import type { Delivery } from "../sim/broker.ts";
import type { AnswerTruth, BusTruth } from "../sim/bus-truth.ts";
import type { DiskFull, LifeTruth } from "../sim/gateway.ts";
import { isValueOf } from "../sim/signal.ts";
import { findLostDue } from "./due-times.ts";

/** All that is known of a run when it is over. */
export type Evidence = {
  readonly config: GatewayConfig;
  readonly truths: readonly BusTruth[];
  readonly deliveries: readonly Delivery[];
  /** Every batch of a commit that returned. */
  readonly stored: Recorded["batches"];
  readonly lives: readonly LifeTruth[];
  readonly diskFull: readonly DiskFull[];
  /** When wall time was set forward, and by how much, or null. */
  readonly wallStep: { readonly uptime: number; readonly ms: number } | null;
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

type Message = {
  readonly stream: string;
  readonly seq: number;
  readonly at: number;
  readonly series?: readonly {
    readonly point: string;
    readonly t: readonly number[];
    readonly v: readonly (Value | null)[];
    readonly q?: readonly string[];
  }[];
  readonly kind?: string;
  readonly alarm?: string;
  readonly from?: AlarmStateName;
  readonly to?: AlarmStateName;
};

/** One reading as the centre got it. */
export type Got = {
  readonly point: string;
  readonly at: number;
  readonly value: Value | null;
  readonly quality: string;
};

/** How long a silent unit may go unasked (UnitHealth), and a line closed (BusLoop). */
const RECOVERY_MS = 50_000;
/** An event is committed at once and sent before all else. */
const EVENT_MS = 1_000;
/** No gateway of this size needs more timers than this at one moment. */
const MAX_TIMERS = 500;

export const INVARIANTS: readonly Invariant[] = [
  { name: "the gateway goes on", check: goesOn },
  { name: "one request at a time, 3.5 characters of silence", check: keepsBusManners },
  { name: "the same key is always the same bytes", check: keepsBytes },
  { name: "one stream over crashes, every seq delivered, no gap", check: deliversAll },
  { name: "nothing acquired is lost", check: losesNothing },
  { name: "no value is good unless the device sent it then", check: tellsTheTruth },
  { name: "a value that is not known is null and has a reason", check: givesReasons },
  { name: "events of one alarm chain, also over crashes", check: chainsAlarms },
  { name: "a condition that holds is raised", check: raisesAlarms },
  { name: "events are prompt when all is calm", check: hurriesEvents },
  { name: "every point is read on its grid again when all is calm", check: readsOnGrid },
  { name: "memory stays bounded", check: staysBounded },
];

function goesOn({ died, ledger }: Evidence): string | null {
  if (died !== null) return `a loop died: ${died instanceof Error ? died.stack : String(died)}`;
  return ledger === null ? "it did not stop within ten seconds" : null;
}

function keepsBusManners({ truths }: Evidence): string | null {
  const first = truths.flatMap(({ violations }) => violations)[0];
  return first === undefined ? null : `at ${first.at} ms, ${first.rule}: ${first.text}`;
}

function messagesOf(deliveries: readonly Delivery[], kind: StreamKind) {
  const topics = kind === "events" ? ["events"] : ["readings", "backlog"];
  return deliveries
    .filter(({ topic }) => topics.includes(topic.split("/").at(-1) ?? ""))
    .map((delivery) => ({ delivery, message: JSON.parse(delivery.payload) as Message }));
}

function keepsBytes({ deliveries }: Evidence): string | null {
  const seen = new Map<string, string>();
  for (const kind of ["readings", "events"] as const) {
    for (const { delivery, message } of messagesOf(deliveries, kind)) {
      const key = `${message.stream}/${message.seq}`;
      const before = seen.get(key);
      if (before !== undefined && before !== delivery.payload) {
        return `${kind} ${key} came as\n${before}\nand as\n${delivery.payload}`;
      }
      seen.set(key, delivery.payload);
    }
  }
  return null;
}

function deliversAll({ deliveries, ledger }: Evidence): string | null {
  for (const kind of ["readings", "events"] as const) {
    const messages = messagesOf(deliveries, kind).map(({ message }) => message);
    const streams = new Set(messages.map(({ stream }) => stream));
    if (streams.size !== 1) return `${kind} came in the streams ${[...streams].join(", ")}`;
    const seqs = new Set(messages.map(({ seq }) => seq));
    const head = ledger?.heads[kind] ?? 0;
    for (let seq = 1; seq <= head; seq++) {
      if (!seqs.has(seq)) return `${kind} ${seq} of ${head} was stored and never delivered`;
    }
    const beyond = [...seqs].find((seq) => seq > head);
    if (beyond !== undefined) return `${kind} ${beyond} was delivered and is not in the ledger`;
  }
  return null;
}

/** Every reading delivered, repeated messages left out, in the order of the seqs. */
function readingsOf(deliveries: readonly Delivery[]): readonly Got[] {
  const bySeq = new Map<number, Message>();
  for (const { message } of messagesOf(deliveries, "readings")) bySeq.set(message.seq, message);
  return [...bySeq.keys()]
    .toSorted((a, b) => a - b)
    .flatMap((seq) => {
      const { at, series = [] } = bySeq.get(seq) as Message;
      return series.flatMap(({ point, t, v, q }) =>
        t.map((offset, i) => ({
          point,
          at: at + offset,
          value: v[i] ?? null,
          quality: q?.[i] ?? "good",
        })),
      );
    });
}

/** What was committed is what came; every due time gave a reading that came. */
function losesNothing(evidence: Evidence): string | null {
  const readings = readingsOf(evidence.deliveries);
  const came = new Set(readings.map(textOf));
  for (const { seq, batch } of evidence.stored) {
    for (const { point, t, v, q } of batch.series) {
      for (const [i, offset] of t.entries()) {
        const [value, quality] = [v[i] ?? null, q?.[i] ?? "good"];
        const text = textOf({ point, at: batch.at + offset, value, quality });
        if (!came.has(text)) return `${text} was committed with seq ${seq} and never came`;
      }
    }
  }
  return findLostDue(evidence, readings);
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

function tellsTheTruth({ deliveries, truths, config }: Evidence): string | null {
  const answers = answersByPoint(truths);
  const points = new Map(config.points.map((point) => [point.id, point]));
  for (const { point, at, value, quality } of readingsOf(deliveries)) {
    if (quality !== "good") continue;
    const then = answers.get(point)?.get(at) ?? [];
    const spec = points.get(point) as PointConfig;
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
  return null;
}

function givesReasons({ deliveries }: Evidence): string | null {
  const reason = /^bad:(timeout|crc|exception:\d+|malformed|link-closed|not-a-number|invalid-bcd)$/;
  for (const { point, at, value, quality } of readingsOf(deliveries)) {
    const isRight = quality === "good" ? value !== null : value === null && reason.test(quality);
    if (!isRight) return `${point} at ${at} is ${value} with quality ${quality}`;
  }
  return null;
}

function eventsInOrder(deliveries: readonly Delivery[]) {
  const bySeq = new Map<number, { delivery: Delivery; message: Message }>();
  for (const each of messagesOf(deliveries, "events")) {
    if (!bySeq.has(each.message.seq)) bySeq.set(each.message.seq, each);
  }
  return [...bySeq.values()].toSorted((a, b) => a.message.seq - b.message.seq);
}

function chainsAlarms({ deliveries }: Evidence): string | null {
  const states = new Map<string, AlarmStateName>();
  for (const { message } of eventsInOrder(deliveries)) {
    const { kind, alarm, from, to, seq } = message;
    if (kind !== "alarm" || alarm === undefined || to === undefined) continue;
    const before = states.get(alarm) ?? "normal";
    if (from !== before) return `event ${seq}: ${alarm} leaves ${from} but was ${before}`;
    if (from === to) return `event ${seq}: ${alarm} goes from ${from} to itself`;
    states.set(alarm, to);
  }
  return null;
}

/** Every signal swings over its setpoint within 30 to 60 s, so every alarm moves when it is calm. */
function raisesAlarms({ deliveries, config, calmFrom }: Evidence): string | null {
  const moved = new Set(
    eventsInOrder(deliveries)
      .filter(({ message }) => message.kind === "alarm" && message.at >= calmFrom.wall)
      .map(({ message }) => message.alarm),
  );
  const still = config.alarms.find(({ name }) => !moved.has(name));
  return still === undefined ? null : `${still.name} was never raised or cleared when all was calm`;
}

function hurriesEvents({ deliveries, calmFrom }: Evidence): string | null {
  for (const { delivery, message } of eventsInOrder(deliveries)) {
    if (message.at < calmFrom.wall + RECOVERY_MS) continue;
    const tookMs = delivery.at - message.at;
    if (tookMs > EVENT_MS) return `event ${message.seq} took ${tookMs} ms to the centre`;
  }
  return null;
}

function readsOnGrid({ deliveries, config, calmFrom, end }: Evidence): string | null {
  const from = calmFrom.wall + RECOVERY_MS;
  const to = calmFrom.wall + (end - calmFrom.uptime);
  const good = Map.groupBy(
    readingsOf(deliveries).filter(({ at, quality }) => at >= from && quality === "good"),
    ({ point }) => point,
  );
  for (const { id, everyMs } of config.points) {
    const times = [from, ...(good.get(id) ?? []).map(({ at }) => at), to];
    const most = 2 * everyMs + 1000;
    const hole = times.findIndex((at, i) => at - (times[i - 1] ?? at) > most);
    if (hole > 0) {
      return `${id}, read every ${everyMs} ms, has no good reading from ${times[hole - 1]} to ${times[hole]}`;
    }
  }
  return null;
}

function staysBounded({ config, mostInFlight, mostTimers }: Evidence): string | null {
  const window = config.destinations[0]?.window ?? 0;
  if (mostInFlight > window) return `${mostInFlight} messages in flight with a window of ${window}`;
  return mostTimers > MAX_TIMERS ? `${mostTimers} timers at one moment` : null;
}
