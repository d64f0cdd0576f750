import type { Framing } from "../plant/frame.ts";
import {
  drawLineFault,
  type FaultLimits,
  type LineFault,
  type LineFaultKind,
  type LineTiming,
  type Reply,
  replyOf,
} from "../plant/line-fault.ts";
import type { AnswerTruth, RequestTruth } from "./bus-truth.ts";
import type { SimClock } from "./clock.ts";
import type { Random } from "./random.ts";
import type { SimUnits } from "./units.ts";

/** What decides what the units of a simulated line say, and when. */
export type LineParts = FaultLimits & {
  readonly units: SimUnits<LineFaultKind>;
  readonly clock: SimClock;
  readonly random: Random;
  readonly framing: Framing;
  readonly timing: LineTiming;
};

/** What is put on the line, and the record of it. */
export type LineAnswer = Pick<Reply, "sent" | "own"> & { readonly truth: AnswerTruth };

/**
 * What the unit does about `request`, which stood on the line as `frame`: with `fixed` wrong with
 * it, or what is drawn. Null where nothing comes.
 */
export function lineAnswer(
  parts: LineParts,
  request: RequestTruth,
  frame: Uint8Array,
  fixed: LineFault | null = null,
): LineAnswer | null {
  const { units, clock, random, framing, timing } = parts;
  const met = units.meet(request);
  if (met === null) return null;
  const fault = fixed ?? faultOf(parts, request.unit, met.fault);
  request.fault = fault?.kind ?? "none";
  const asked = { ...request, frame, rest: new Uint8Array(0) };
  const { device } = met;
  const reply = replyOf(device, fault, framing, asked, timing, clock.uptime(), random);
  if (reply.pdu === null) return null;
  const truth = units.told(request, device, reply.pdu);
  truth.isIntact = reply.own !== null;
  return { sent: reply.sent, own: reply.own, truth };
}

function faultOf(parts: LineParts, unit: number, kind: LineFaultKind | null): LineFault | null {
  const { units, longestMs, random } = parts;
  const tardyMs = units.tardy.get(unit);
  if (kind === "late" && tardyMs !== undefined)
    return { kind, untilMs: Math.min(tardyMs, longestMs) };
  return kind === null ? null : drawLineFault(kind, parts, random);
}
