import type {
  PduOutcome,
  PduRequest,
  ReadOutcome,
  ReadRequest,
  Session,
  WriteOutcome,
  WriteRequest,
} from "../../drivers/driver.ts";
import type { QueryOutcome, QueryRequest } from "../../drivers/query.ts";
import type { Reason } from "../core/reading.ts";
import { type Clock, stampOf, type UptimeMs } from "../core/time.ts";

/**
 * What is done; an act is what an interlock does, and a query asks a unit of which nothing is known,
 * and may well be in vain.
 */
export type OperationKind = "act" | "read" | "write" | "query";

/** Something to be done on a bus once, because somebody asked for it. */
export type Operation<Outcome> = {
  readonly kind: OperationKind;
  readonly unit: number;
  /** What it reads, where it is a read that `Session.clearAt` may hold back. */
  readonly request?: ReadRequest;
  /** It is not begun any more from then on; where it is left out, when patience is over. */
  readonly until?: UptimeMs;
  readonly run: (session: Session) => Promise<Outcome>;
  /** What came of it where it was never begun, and why. */
  readonly unbegun: (why: "link-closed" | "timeout") => Outcome;
  /** What came of it where it was cut short. */
  readonly broken: () => Outcome;
};

/** One read. Cut short it failed as on a closed line. */
export function readOnce(
  request: ReadRequest,
  signal: AbortSignal,
  clock: Clock,
): Operation<ReadOutcome> {
  const failed = (reason: Reason) => ({ kind: "failure", reason, ...stampOf(clock) }) as const;
  return {
    kind: "read",
    unit: request.unit,
    request,
    run: (session) => session.read(request, signal),
    unbegun: failed,
    broken: () => failed("link-closed"),
  };
}

/** One write, not sent once `isOff`. Not begun it is not done; cut short nobody knows. */
export function writeOnce(
  request: WriteRequest,
  signal: AbortSignal,
  clock: Clock,
  isOff = () => false,
): Operation<WriteOutcome> {
  const unbegun = (reason: Reason) => ({ kind: "not-done", reason, ...stampOf(clock) }) as const;
  return {
    kind: "write",
    unit: request.unit,
    run: async (session) =>
      (await session.write?.(request, signal, isOff)) ?? unbegun("link-closed"),
    unbegun,
    broken: () => ({ kind: "unknown", reason: "link-closed", ...stampOf(clock) }),
  };
}

/** `operation` as an act, which goes before all others until `until`, unless `isOff` says no. */
export function urgently<Outcome>(
  operation: Operation<Outcome>,
  until: UptimeMs,
  isOff: () => boolean,
): Operation<Outcome> {
  const { unit, run, unbegun, broken } = operation;
  return {
    kind: "act",
    unit,
    until,
    run: async (session) => (isOff() ? unbegun("timeout") : await run(session)),
    unbegun,
    broken,
  };
}

/** Any request, once. Not begun it was not sent; cut short it may have been. */
export function exchangeOnce(
  request: PduRequest,
  signal: AbortSignal,
  clock: Clock,
): Operation<PduOutcome> {
  const failed = (reason: Reason, wasSent: boolean) =>
    ({ kind: "failure", reason, wasSent, ...stampOf(clock) }) as const;
  return {
    kind: "read",
    unit: request.unit,
    run: async (session) =>
      (await session.exchange?.(request, signal)) ?? failed("link-closed", false),
    unbegun: (reason) => failed(reason, false),
    broken: () => failed("link-closed", true),
  };
}

/** One query. Cut short it failed as on a closed line. */
export function queryOnce(
  request: QueryRequest,
  signal: AbortSignal,
  clock: Clock,
): Operation<QueryOutcome> {
  const failed = (reason: Reason) => {
    const heard = { tookMs: 0, isEchoed: false, bytes: 0, others: [] };
    return { kind: "failure", reason, heard, ...stampOf(clock) } as const;
  };
  return {
    kind: "query",
    unit: request.unit,
    run: async (session) => (await session.query?.(request, signal)) ?? failed("link-closed"),
    unbegun: failed,
    broken: () => failed("link-closed"),
  };
}
