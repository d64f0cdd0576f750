import type { CommandOutcome, CommandResult, CommandUnderWay } from "../core/command.ts";
import type { ErrorCode } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import type { ClockState, WallMs } from "../core/time.ts";
import { PROTOCOL, type Refusal } from "./envelope.ts";

/** What carrying out an order came to. */
export type Done = {
  readonly outcome: CommandOutcome;
  /** Why, where it is not `done`. */
  readonly code: ErrorCode | null;
  /** The same for people, in English. */
  readonly detail?: string;
  /** What there is to tell: readings, or what became of a write. */
  readonly result?: unknown;
  /** Where a command has two results: that it was accepted, and what it came to. */
  readonly stage?: "accepted" | "outcome";
};

type Signed = { readonly gateway: string; readonly at: WallMs; readonly clock: ClockState };

/** The longest that a result may be, in characters: beyond it what it tells is left out. */
const RESULT_MAX = 64 * 1024;

/** The result of a command that was taken, as it is stored and sent. */
export function resultOf(
  { id, key, counter, order, via }: CommandUnderWay,
  { outcome, code, detail, result, stage }: Done,
  { gateway, at, clock }: Signed,
): CommandResult {
  const which = { id, key, counter, order, ...(stage !== undefined && { stage }) };
  const head = { v: PROTOCOL, gateway, ...which, at, clock, outcome };
  const why = { ...(code !== null && { code }), ...(detail !== undefined && { detail }) };
  const whole = toJson({ ...head, ...why, ...(result !== undefined && { result }) });
  const payload = whole.length <= RESULT_MAX ? whole : toJson({ ...head, ...why, cut: true });
  return { id, outcome, code, via, payload };
}

/**
 * The answer to what was not taken, so that nothing of it is remembered: by `digest`, the first 16
 * hexadecimal digits of the SHA-256 of what came, whoever sent it knows that it is meant.
 */
export function answerTo(
  digest: string,
  { code, detail }: Refusal,
  { gateway, at, clock }: Signed,
): string {
  return toJson({ v: PROTOCOL, gateway, digest, at, clock, outcome: "refused", code, detail });
}
