import type { Session } from "../../drivers/driver.ts";
import type { Query, QueryOutcome } from "../../drivers/query.ts";
import { GatewayError } from "../core/errors.ts";
import type { SerialFormat } from "../core/link.ts";
import { after, type Clock } from "../core/time.ts";

/** Speed and format of a serial line. */
export type LineSetting = { readonly baud: number; readonly format: SerialFormat };

/** What is asked at each of some settings of a line on which nothing answers. */
export type AttuneOrder = {
  readonly bus: string;
  /** In the order in which they are tried; a few dozen at most. */
  readonly settings: readonly LineSetting[];
  /** Asked one after the other at each setting; a few at most. */
  readonly asked: readonly { readonly unit: number; readonly query: Query }[];
  /** How long to wait for each answer, in milliseconds; at most as long as the bus allows. */
  readonly timeoutMs: number;
  /** Whether it is done too where an interlock writes to the bus. */
  readonly isForced: boolean;
};

/** What was heard at one setting. */
export type AttunedAt = LineSetting & {
  /** Whether anybody answered, be it with an exception. */
  readonly isAnswered: boolean;
  /** Whether what was sent came back. */
  readonly isEchoed: boolean;
  /** Bytes that were no answer, the echo left out. */
  readonly noise: number;
};

/** What came of it, setting by setting, up to the first at which somebody answered. */
export type Attuned = { readonly tried: readonly AttunedAt[] };

/** Opens the line at other settings. Rejects with `GatewayError` `link.refused`. */
export type OpenAt = (setting: LineSetting, signal: AbortSignal) => Promise<Session>;

/** The most time that a line is lent for it, but for the question that is asked last. */
const ATTUNE_MS = 45_000;

/**
 * Asks at one setting after the other until somebody answers, the time is over, or `signal` aborts.
 * Nobody else may use the line meanwhile.
 */
export async function attuned(
  { bus, settings, asked, timeoutMs }: Omit<AttuneOrder, "isForced">,
  openAt: OpenAt,
  clock: Clock,
  signal: AbortSignal,
): Promise<Attuned> {
  const until = after(clock.uptime(), ATTUNE_MS);
  const tried: AttunedAt[] = [];
  const pace = { timeoutMs, silenceMs: null, turnaroundMs: null };
  for (const setting of settings) {
    if (clock.uptime() >= until) break;
    const session = await openAt(setting, signal);
    try {
      // What was asked before may be answered yet, but not at other settings.
      const outcomes: QueryOutcome[] = [];
      for (const { unit, query } of asked) {
        const outcome = await session.query?.({ device: bus, unit, pace, query }, signal);
        signal.throwIfAborted();
        if (outcome !== undefined) outcomes.push(outcome);
        if (outcome !== undefined && isAnswer(outcome)) break;
      }
      const heard = heardIn(setting, outcomes);
      tried.push(heard);
      if (heard.isAnswered) break;
    } finally {
      session.close();
    }
  }
  return { tried };
}

function heardIn(setting: LineSetting, outcomes: readonly QueryOutcome[]): AttunedAt {
  const noises = outcomes.filter((outcome) => !isAnswer(outcome));
  return {
    ...setting,
    isAnswered: outcomes.some(isAnswer),
    isEchoed: outcomes.some(({ heard }) => heard.isEchoed),
    noise: noises.reduce((sum, { heard }) => sum + heard.bytes, 0),
  };
}

function isAnswer(outcome: QueryOutcome): boolean {
  return outcome.kind === "answer" || outcome.reason.startsWith("exception:");
}

/** That a bus cannot be lent, and why. */
export function notLent(why: string): GatewayError {
  return new GatewayError("field.refused", why);
}
