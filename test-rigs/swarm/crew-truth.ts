import type { QueryOutcome } from "../../drivers/query.ts";
import type { FieldReading, Told } from "../../edge/control/field-desk.ts";
import type { PduAnswer } from "../../edge/control/pdu-order.ts";
import type { AnswerTruth } from "../sim/bus-truth.ts";
import { type Got, inOrder } from "../sim/received.ts";
import type { CallTruth } from "./crew.ts";
import { keptUntil } from "./due-times.ts";
import type { Evidence } from "./invariants.ts";
import { writtenTo } from "./written.ts";

/** Every reading that was told to a crew. */
export function crewReadings({ crew }: Evidence): readonly Got[] {
  return crew.flatMap(({ call, result }) => {
    return call.method === "read" ? ((result ?? []) as readonly FieldReading[]) : [];
  });
}

/** Looks for an answer to a query or a request by hand that no device gave. */
export function findFalseAnswer({ crew, truths }: Evidence): string | null {
  for (const asked of crew) {
    const { call, result, from, to } = asked;
    if (to === null || result === undefined) continue;
    if (call.method !== "probe" && call.method !== "exchange") continue;
    const { bus, unit } = call.params;
    const given = (truths.find((each) => each.bus === bus)?.answers ?? []).filter(
      ({ request, isIntact, deliveredAt }) =>
        request.unit === unit && isIntact && deliveredAt !== null && within(request.at, from, to),
    );
    if (!given.some((answer) => isTold(asked, answer)) && saysAnswer(result)) {
      return `unit ${unit} of ${bus} is said to have answered ${JSON.stringify(result)} at ${to}`;
    }
  }
  return null;
}

function saysAnswer(result: unknown): boolean {
  return (result as QueryOutcome | PduAnswer).kind === "answer";
}

/** Whether `result` is what `answer` says. */
function isTold({ call, result }: CallTruth, { pdu }: AnswerTruth): boolean {
  if (call.method === "exchange") {
    const told = (result as Partial<Extract<PduAnswer, { kind: "answer" }>>).pdu ?? "";
    return told.replaceAll(" ", "").toLowerCase() === Buffer.from(pdu).toString("hex");
  }
  const { answer } = result as Partial<Extract<QueryOutcome, { kind: "answer" }>>;
  if (answer?.kind !== "registers") return true;
  const data = Buffer.from(pdu.subarray(2));
  const isWhole = data.length >= 2 * answer.registers.length;
  return isWhole && answer.registers.every((register, i) => data.readUInt16BE(2 * i) === register);
}

/**
 * Looks for a write that was not what was told of it: done twice, done though it was said not to
 * be, confirmed though no device did it, done unasked, or not told to the centre.
 */
export function findWrongWrite(evidence: Evidence): string | null {
  const writes = evidence.crew.filter(({ call }) => call.method === "write");
  for (const { bus, requests, answers } of evidence.truths) {
    const byHand = requests.filter((request) => !isOfInterlock(evidence, request));
    for (const request of byHand.filter(({ pdu }) => pdu[0] === WRITE_COIL)) {
      const own = writes.filter((write) => isSentBy(evidence, write, request));
      if (own.length !== 1) {
        return `request ${request.index} on ${bus} writes for ${own.length} orders`;
      }
    }
    for (const write of writes) {
      const sent = requests.filter((request) => isSentBy(evidence, write, request));
      if (sent.length > 1) return `an order of ${write.from} was sent ${sent.length} times`;
      const [request] = sent;
      const outcome = (write.result as Told | undefined)?.outcome;
      const isDone = answers.some((each) => each.request === request && each.exception === null);
      if (request !== undefined && outcome === "done" && !isDone) {
        return `request ${request.index} on ${bus} is said to be done, and is not`;
      }
      if (outcome === "not-done" && isDone) {
        return `request ${request?.index} on ${bus} is said not to be done, and is`;
      }
    }
  }
  return findConfirmedUnsent(evidence, writes) ?? findUntold(evidence, writes);
}

/** Write single coil (Modbus Application Protocol V1.1b3, 6.5). */
const WRITE_COIL = 5;

/** Whether `request` is to the output of an interlock: it needs nobody's order. */
function isOfInterlock({ lives }: Evidence, request: AnswerTruth["request"]): boolean {
  return lives.some(({ config }) =>
    config.interlocks.some(({ write }) => writtenTo(config, write, request) !== null),
  );
}

function isSentBy(
  { config, lives, end }: Evidence,
  { call, life, from, to }: CallTruth,
  request: AnswerTruth["request"],
): boolean {
  if (call.method !== "write" || request.life !== life) return false;
  const isSo = writtenTo(config, call.params.point, request) === (call.params.value === "true");
  return isSo && within(request.at, from, to ?? lives[life - 1]?.to ?? end);
}

function findConfirmedUnsent(evidence: Evidence, writes: readonly CallTruth[]): string | null {
  const unsent = writes.find((write) => {
    if ((write.result as Told | undefined)?.outcome !== "done") return false;
    return !evidence.truths.some(({ requests }) =>
      requests.some((request) => isSentBy(evidence, write, request)),
    );
  });
  return unsent === undefined
    ? null
    : `an order of ${unsent.from} is said to be done, and was not sent`;
}

/** What was tried is told to the centre, unless the process was killed at once, or room was short. */
function findUntold(evidence: Evidence, writes: readonly CallTruth[]): string | null {
  if (evidence.dropped.some(({ stream }) => stream === "events")) return null;
  const told = inOrder(evidence.deliveries, "events").map(({ message }) => message);
  const untold = writes.find(({ call, life, to, result }) => {
    const truth = evidence.lives[life - 1];
    if (call.method !== "write" || to === null || result === undefined || truth === undefined) {
      return false;
    }
    const { at, outcome } = result as Told;
    const { point } = call.params;
    if (to > keptUntil(evidence, truth)) return false;
    return !told.some(
      (each) =>
        each.kind === "write" && each.at === at && each.point === point && each.outcome === outcome,
    );
  });
  return untold === undefined ? null : `the write of ${untold.from} was never told`;
}

/** Sent and heard in the same moment may differ by a rounding. */
function within(at: number, from: number, to: number): boolean {
  return at >= from - 0.001 && at <= to + 0.001;
}
