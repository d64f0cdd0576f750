import type { ReadRequest } from "../../drivers/driver.ts";
import type { Reason } from "../core/reading.ts";
import type { UptimeMs } from "../core/time.ts";
import { DeadBudget } from "./dead-budget.ts";
import { type Failure, UnitHealth } from "./unit-health.ts";

/** A request that is answered no more, or again, while its unit answers others. */
export type RequestTurn = { readonly request: ReadRequest; readonly to: "answering" | "silent" };

/** A request that has failed since it was answered the last time. */
type Doubt = {
  readonly health: UnitHealth;
  /** Its last failure where the unit has answered nothing since, so that it may be the unit's. */
  open: Failure | null;
  failedAt: UptimeMs;
};

/**
 * Requests of one unit that get no answer while the unit answers others: many a cheap sensor keeps
 * silent where it should refuse. A failure is the request's own once the unit has answered another
 * after it. Who has failed so in number and in time is suspect and probed, as a unit is. What the
 * probes take of the unit's time is no more than a share of it: each may hold the others back for
 * longer than it takes of the line's time.
 */
export class Unanswered {
  readonly #doubts = new Map<ReadRequest, Doubt>();
  readonly #probeEveryMs: number;
  readonly #budget: DeadBudget;

  /** `share` of the unit's time, above 0 and at most 1, is what the probes may take. */
  constructor(probeEveryMs: number, share: number, now: UptimeMs) {
    this.#probeEveryMs = probeEveryMs;
    this.#budget = new DeadBudget(share, 0, now);
  }

  /** The suspect requests, and how each stands. */
  get suspects(): readonly (readonly [ReadRequest, UnitHealth])[] {
    const suspects: (readonly [ReadRequest, UnitHealth])[] = [];
    for (const [request, { health }] of this.#doubts) {
      if (health.isSuspect) suspects.push([request, health]);
    }
    return suspects;
  }

  /** From when on the unit has time for a probe. */
  get freeAt(): UptimeMs {
    return this.#budget.freeAt;
  }

  isSuspect(request: ReadRequest): boolean {
    return this.#doubts.get(request)?.health.isSuspect ?? false;
  }

  /** How the last failure of `request` ended; null where it has not failed. */
  reasonOf(request: ReadRequest): Reason | null {
    return this.#doubts.get(request)?.health.reason ?? null;
  }

  /** Of `requests`, at least one, the one that may be answered the most likely. */
  likeliest(requests: Iterable<ReadRequest>): ReadRequest {
    const failedAt = (request: ReadRequest) => this.#doubts.get(request)?.failedAt ?? -1;
    return [...requests].reduce((best, each) => (failedAt(each) < failedAt(best) ? each : best));
  }

  /** `request` brought nothing. */
  failed(request: ReadRequest, failure: Failure): void {
    const doubt = this.#doubts.get(request) ?? this.#doubtOf(request);
    doubt.failedAt = failure.at;
    this.#doubts.set(request, doubt);
    if (!doubt.health.isSuspect) {
      doubt.open = failure;
      return;
    }
    doubt.health.failed(failure);
    this.#budget.spend(failure.heldMs ?? 0, failure.at);
  }

  /** `request` was answered, be it with an exception: what failed before it has failed alone. */
  answered(request: ReadRequest): readonly RequestTurn[] {
    const isBack = this.isSuspect(request);
    this.#doubts.delete(request);
    const turns: RequestTurn[] = isBack ? [{ request, to: "answering" }] : [];
    for (const [each, doubt] of this.#doubts) {
      if (doubt.open === null) continue;
      const turn = doubt.health.failed(doubt.open);
      doubt.open = null;
      if (turn !== null) turns.push({ request: each, to: turn });
    }
    return turns;
  }

  /** What kept them from being answered may be over: they are probed as soon as may be. */
  maybeWell(now: UptimeMs): void {
    for (const { health } of this.#doubts.values()) health.maybeWell(now);
  }

  /** `request` is asked no more. */
  forget(request: ReadRequest): void {
    this.#doubts.delete(request);
  }

  /** What is rarely asked is not probed more often than it is asked. */
  #doubtOf({ everyMs }: ReadRequest): Doubt {
    const health = new UnitHealth(Math.max(this.#probeEveryMs, everyMs));
    return { health, open: null, failedAt: 0 as UptimeMs };
  }
}
