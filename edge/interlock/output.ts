import { GatewayError } from "../core/errors.ts";
import type { InterlockRule } from "../core/interlock.ts";
import type { Reason, Value } from "../core/reading.ts";
import { after, type Clock, type UptimeMs } from "../core/time.ts";
import type { Outcome } from "./state.ts";

/**
 * What came of telling an output once: it took it, it was not told or refused, or nobody can say
 * whether it was done.
 */
export type Told =
  | { readonly kind: "done" }
  | { readonly kind: "not-done" | "unknown"; readonly reason: Reason };

/** What an output was found to be. */
export type Found =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "none"; readonly reason: Reason };

/** A point that an interlock writes, and the way to it, whatever kind of bus it is on. */
export type Output = {
  /** Whether what is read of it between two commands can be compared with what it was told. */
  readonly isComparable: boolean;
  /**
   * Whether nobody but this gateway drives it: it falls by itself where what drives it begins anew,
   * and nothing else waits while it is told.
   */
  readonly isOwn: boolean;
  /** What it reads as once it is `value`. Throws where it cannot hold that. */
  readAs(value: boolean | number): Value;
  /** Whether its word for having taken `value` may be no more than what its line gives back. */
  isRepeat(value: boolean | number): boolean;
  /**
   * Tells it once, before all else, not from `until` on nor once `isOff` says so. The request is
   * with its bus when this returns its promise. Rejects with `bus.busy`.
   */
  write(value: boolean | number, until: UptimeMs, isOff: () => boolean): Promise<Told>;
  /** Reads it, likewise. */
  read(until: UptimeMs, isOff: () => boolean): Promise<Found>;
};

/** What an output is told once. */
export type OutputOrder = {
  readonly value: boolean | number;
  /** Whether it is read first, and told only where it is not so already. */
  readonly isCheck: boolean;
  readonly rule: Pick<InterlockRule, "verify" | "retries" | "retryEveryMs" | "expiryMs">;
  /** Whether something else was ordered meanwhile: then nothing more is sent. */
  readonly isOff: () => boolean;
};

/** What came of an order: how often the output was told, and how long the last try kept its bus. */
export type Ended = {
  readonly outcome: Outcome;
  readonly attempts: number;
  readonly tookMs: number;
};

type Failed = Extract<Outcome, { readonly kind: "failed" }>;

/** These say that the device will never do it (Modbus Application Protocol V1.1b3, 7). */
const NEVER: ReadonlySet<Reason> = new Set(["exception:1", "exception:2", "exception:3"] as const);

/**
 * Has `output` be what is ordered: writes, reads back, and tries again, until the order expires.
 * Nothing is begun after that. The first request is with its bus when this returns its promise.
 */
export async function carryOut(output: Output, order: OutputOrder, clock: Clock): Promise<Ended> {
  const { rule, isCheck, isOff } = order;
  const until = after(clock.uptime(), rule.expiryMs);
  const attempt = attemptOf(output, order, until);
  let outcome: Outcome = { kind: "failed", reason: "expired", readBack: null };
  let attempts = 0;
  let tookMs = 0;
  if (isCheck && rule.verify) {
    const found = await readBack(output, until, isOff);
    if (found.kind === "value" && found.value === attempt.value) {
      const outcome = { kind: "obeyed", readBack: found.value, isRepeat: false } as const;
      return { outcome, attempts, tookMs };
    }
  }
  for (let tries = 0; tries <= rule.retries; tries++) {
    const leftMs = until - clock.uptime();
    if (tries > 0 && leftMs > 0) await clock.sleep(Math.min(rule.retryEveryMs, leftMs));
    const from = clock.uptime();
    if (isOff() || from >= until) break;
    attempts++;
    outcome = await attempt.once();
    tookMs = output.isOwn ? 0 : clock.uptime() - from;
    if (outcome.kind === "obeyed" || isHopeless(outcome)) break;
  }
  return { outcome, attempts, tookMs };
}

function isHopeless({ reason }: Failed): boolean {
  return NEVER.has(reason as Reason);
}

function attemptOf(output: Output, { value, rule, isOff }: OutputOrder, until: UptimeMs) {
  const wanted = output.readAs(value);
  const isRepeat = output.isRepeat(value);
  const once = async (): Promise<Outcome> => {
    const told = await unlessBusy(output.write(value, until, isOff));
    if (told === "busy") return { kind: "failed", reason: "timeout", readBack: null };
    const refusal = told.kind === "done" ? null : told.reason;
    if (!rule.verify && refusal === null) return { kind: "obeyed", readBack: null, isRepeat };
    // One of which nobody knows whether it was done is looked at.
    if (refusal !== null && (told.kind === "not-done" || !rule.verify)) {
      return { kind: "failed", reason: refusal, readBack: null };
    }
    const found = await readBack(output, until, isOff);
    if (found.kind === "none") {
      return { kind: "failed", reason: refusal ?? found.reason, readBack: null };
    }
    const isSo = found.value === wanted;
    return isSo
      ? { kind: "obeyed", readBack: found.value, isRepeat: false }
      : { kind: "failed", reason: refusal ?? "differs", readBack: found.value };
  };
  return { value: wanted, once };
}

/** Reads `output` before all else. */
export async function readBack(
  output: Output,
  until: UptimeMs,
  isOff: () => boolean,
): Promise<Found> {
  const found = await unlessBusy(output.read(until, isOff));
  return found === "busy" ? { kind: "none", reason: "timeout" } : found;
}

async function unlessBusy<Outcome>(outcome: Promise<Outcome>): Promise<Outcome | "busy"> {
  try {
    return await outcome;
  } catch (error) {
    if (error instanceof GatewayError && error.code === "bus.busy") return "busy";
    throw error;
  }
}
