import type { AddressRange, ReadOutcome, ReadRequest } from "../../drivers/driver.ts";
import { after, type UptimeMs } from "../core/time.ts";

/**
 * What to ask instead of a request that the device refused to answer as a whole, or null where
 * nothing in it can be asked apart.
 */
export type SplitRefused = (
  request: ReadRequest,
  outcome: ReadOutcome,
) => { readonly cut: AddressRange; readonly parts: readonly ReadRequest[] } | null;

/** Requests that others take the place of, all of the same period. */
export type Exchange = {
  readonly old: readonly ReadRequest[];
  readonly instead: readonly ReadRequest[];
};

/** The first pause before what was planned is tried again, and the longest; each is twice the last. */
const PAUSE_MS = 10_000;
const PAUSE_MAX_MS = 24 * 3_600_000;

/** A cut is told when it was found so long after the first refusal, in milliseconds. */
const LASTING_MS = 60_000;

/** So long parts may keep from being put together that they are not due together. */
const EVEN_WAIT_MS = 60_000;

/** Whether requests are all due for the same time. */
type IsEven = (requests: readonly ReadRequest[]) => boolean;

/** A planned request that was refused, and how it goes on with it. */
type Plan = {
  readonly planned: ReadRequest;
  /** When it was refused first. */
  readonly since: UptimeMs;
  /** What is asked in its place, and how that ended the last time; empty while it is asked whole. */
  readonly parts: Map<ReadRequest, "untried" | "refused" | "answered">;
  /** Where it was cut this time, as far as that is not told. */
  cuts: readonly AddressRange[];
  /** When it was cut this time. */
  cutAt: UptimeMs;
  /** Whether a part has answered this time. */
  hasAnswered: boolean;
  pauseMs: number;
  /** In parts: when it is asked whole again. Whole: it is not divided before. */
  turnAt: UptimeMs;
};

/**
 * Which requests are asked in parts, because their device refused them whole. A refusal may pass,
 * as that of a device which starts: what was planned is tried again from time to time, at once
 * where each part was refused too, and when the device may be another one: after it was silent, or
 * the line was gone. A cut is told only where it lasts and a part has answered.
 */
export class Partition {
  readonly #split: SplitRefused;
  readonly #onCut: (device: string, cut: AddressRange) => void;
  /** The plan that each planned request, and each part of one, belongs to. */
  readonly #plans = new Map<ReadRequest, Plan>();

  /** `onCut` is told where a device refuses to be read across. */
  constructor(split: SplitRefused, onCut: (device: string, cut: AddressRange) => void) {
    this.#split = split;
    this.#onCut = onCut;
  }

  /** What takes the place of `request`, which ended so at `now`; null where it stays. */
  divide(request: ReadRequest, outcome: ReadOutcome, now: UptimeMs): Exchange | null {
    const known = this.#plans.get(request);
    const split = this.#split(request, outcome);
    if (split === null) {
      if (known !== undefined) this.#note(known, request, outcome);
      return null;
    }
    const plan = known ?? newPlan(request, now);
    if (plan.parts.size === 0) {
      if (now < plan.turnAt) return null;
      begin(plan, now);
    }
    plan.parts.delete(request);
    this.#plans.delete(request);
    for (const part of split.parts) {
      plan.parts.set(part, "untried");
      this.#plans.set(part, plan);
    }
    this.#plans.set(plan.planned, plan);
    plan.cuts = [...plan.cuts, split.cut];
    this.#tellCuts(plan);
    return { old: [request], instead: split.parts };
  }

  /**
   * What is to be asked whole again at `now`, for `whole`. It waits for a moment when the parts are
   * due together, as `isEven` says, so that none of them is read twice; not for long, since on an
   * overloaded line there may be no such moment.
   */
  over(now: UptimeMs, isEven: IsEven): readonly Plan[] {
    return this.#all().filter((plan) => {
      if (!isOver(plan, now)) return false;
      return now >= after(plan.turnAt, EVEN_WAIT_MS) || isEven([...plan.parts.keys()]);
    });
  }

  /** What was planned in place of the parts of `plans`. */
  whole(plans: readonly Plan[], now: UptimeMs): readonly Exchange[] {
    return plans.map((plan) => {
      if (isVain(plan)) plan.turnAt = after(now, plan.pauseMs);
      return this.#join(plan);
    });
  }

  /** What was planned for `unit`, or for all units, in place of the parts: nothing is known. */
  reunite(unit: number | null): readonly Exchange[] {
    const plans = this.#all().filter(({ planned }) => unit === null || planned.unit === unit);
    for (const { planned } of plans) this.#plans.delete(planned);
    return plans.filter(({ parts }) => parts.size > 0).map((plan) => this.#join(plan));
  }

  #join(plan: Plan): Exchange {
    const old = [...plan.parts.keys()];
    for (const part of old) this.#plans.delete(part);
    plan.parts.clear();
    return { old, instead: [plan.planned] };
  }

  #note(plan: Plan, request: ReadRequest, outcome: ReadOutcome): void {
    if (outcome.kind === "values" && request === plan.planned) {
      this.#plans.delete(request);
    } else if (outcome.kind === "values") {
      plan.parts.set(request, "answered");
      plan.hasAnswered = true;
      this.#tellCuts(plan);
    } else if (outcome.reason.startsWith("exception:") && plan.parts.has(request)) {
      plan.parts.set(request, "refused");
    }
  }

  #tellCuts(plan: Plan): void {
    if (!plan.hasAnswered || plan.cutAt < after(plan.since, LASTING_MS)) return;
    for (const cut of plan.cuts) this.#onCut(plan.planned.device, cut);
    plan.cuts = [];
  }

  #all(): readonly Plan[] {
    return [...new Set(this.#plans.values())];
  }
}

function newPlan(planned: ReadRequest, now: UptimeMs): Plan {
  const known = { cuts: [], cutAt: now, hasAnswered: false };
  return { planned, since: now, parts: new Map(), ...known, pauseMs: PAUSE_MS / 2, turnAt: now };
}

/** It is divided at `now`, be it again. */
function begin(plan: Plan, now: UptimeMs): void {
  plan.cuts = [];
  plan.cutAt = now;
  plan.hasAnswered = false;
  plan.pauseMs = Math.min(plan.pauseMs * 2, PAUSE_MAX_MS);
  plan.turnAt = after(now, plan.pauseMs);
}

/** Whether the parts are to be asked no more. */
function isOver(plan: Plan, now: UptimeMs): boolean {
  return plan.parts.size > 0 && (now >= plan.turnAt || isVain(plan));
}

/** Whether it was divided in vain: each part was refused, none has answered. */
function isVain({ parts, hasAnswered }: Plan): boolean {
  return !hasAnswered && [...parts.values()].every((state) => state === "refused");
}
