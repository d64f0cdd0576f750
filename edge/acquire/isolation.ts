import type { DeviceConfig } from "../../config/gateway-config.ts";
import type { ReadRequest } from "../../drivers/driver.ts";
import type { Reason } from "../core/reading.ts";
import { after, type UptimeMs } from "../core/time.ts";
import { DeadBudget } from "./dead-budget.ts";
import type { ReadBus } from "./open-session.ts";
import { ProbeTurns } from "./probe-turns.ts";
import { type RequestTurn, Unanswered } from "./unanswered.ts";
import { type Failure, type HealthTurn, UnitHealth } from "./unit-health.ts";

/** How a bus treats what does not answer. */
export type IsolationSettings = {
  /** The longest pause before each unit is probed again, in milliseconds. */
  readonly probeEveryMs: ReadonlyMap<number, number>;
  /** The share of the line's time that suspect units together may take, above 0 and at most 1. */
  readonly deadBudget: number;
  /** An answer that is no good counts as none where it took so long, in milliseconds. */
  readonly timeoutMs: number;
};

/** How `bus` and each of `devices` on it want what does not answer to be treated. */
export function isolationOf(
  { name, timeoutMs, deadBudget }: ReadBus,
  devices: readonly DeviceConfig[],
): IsolationSettings {
  const own = devices.filter(({ bus }) => bus === name);
  const probeEveryMs = new Map(own.map(({ unit, probeEveryMs }) => [unit, probeEveryMs]));
  return { timeoutMs, deadBudget, probeEveryMs };
}

/** Where not all units are suspect yet, it takes so many failures in a row to suspect the line. */
const LINE_SUSPECT_AFTER = 8;

/** A probe waits for a gap at least so long once the budget allows it, in milliseconds. */
const GAP_WAIT_MS = 2000;

/** One unit that is read. */
type Unit = {
  readonly health: UnitHealth;
  readonly unanswered: Unanswered;
  readonly requests: Set<ReadRequest>;
  /** Whether an alarm watches a point of it. */
  isWatched: boolean;
};

/** What may be probed, be it for itself or for its unit, and when it may. */
type Suspect = {
  readonly request: ReadRequest;
  readonly health: UnitHealth;
  readonly isWatched: boolean;
  readonly readyAt: UptimeMs;
};

/** When a unit may be asked for reasons of its own, such as a late answer. */
export type NotBefore = (unit: number) => UptimeMs;

/** What an answer turned. */
type Turns = { readonly unit: HealthTurn; readonly requests: readonly RequestTurn[] };

/**
 * Keeps what is broken from slowing down what is not, on three levels. A device that does not answer
 * is probed within a budget, best where nothing else is due; so is a request that is never answered
 * by a device which answers others. Where every device is suspect, the port is at fault: then there
 * is nobody to protect and the budget does not count, and with the first answer all the others are
 * tried again. One answer that is lost makes nobody suspect.
 */
export class Isolation {
  readonly #units = new Map<number, Unit>();
  readonly #isWatched: (request: ReadRequest) => boolean;
  readonly #turns: ProbeTurns;
  #failuresInARow = 0;

  /**
   * `requests` are what is read at due times, their units all in the settings; `isWatched` says
   * whether an alarm watches a point of one.
   */
  constructor(
    requests: readonly ReadRequest[],
    isWatched: (request: ReadRequest) => boolean,
    { probeEveryMs, deadBudget }: IsolationSettings,
    now: UptimeMs,
  ) {
    this.#isWatched = isWatched;
    for (const request of requests) {
      const everyMs = probeEveryMs.get(request.unit) ?? 0;
      const unit = this.#units.get(request.unit) ?? newUnit(everyMs, deadBudget, now);
      unit.requests.add(request);
      unit.isWatched ||= isWatched(request);
      this.#units.set(request.unit, unit);
    }
    const longestMs = Math.max(0, ...probeEveryMs.values());
    const budget = new DeadBudget(deadBudget, deadBudget * longestMs, now);
    this.#turns = new ProbeTurns(budget, requests.some(isWatched));
  }

  /** `instead` take the place of `old`, all of one unit. */
  replace(old: readonly ReadRequest[], instead: readonly ReadRequest[]): void {
    for (const request of old) {
      const { requests, unanswered } = this.#of(request.unit);
      requests.delete(request);
      unanswered.forget(request);
    }
    for (const request of instead) this.#of(request.unit).requests.add(request);
  }

  /** Whether `unit` is read and does not answer. */
  isSilent(unit: number): boolean {
    return this.#units.get(unit)?.health.isSuspect ?? false;
  }

  /** Whether `request` is not asked at its due times: it is not answered, be it all of its unit. */
  isSuspect(request: ReadRequest): boolean {
    const { health, unanswered } = this.#of(request.unit);
    return health.isSuspect || unanswered.isSuspect(request);
  }

  /** The requests that are not answered by units that answer others. */
  get unanswered(): readonly ReadRequest[] {
    return [...this.#units.values()]
      .filter(({ health }) => !health.isSuspect)
      .flatMap(({ unanswered }) => unanswered.suspects.map(([request]) => request));
  }

  /** Whether the last request to `unit` failed. */
  isFailing(unit: number): boolean {
    return this.#of(unit).health.isFailing;
  }

  /** How the last failure of a suspect `request` ended, or that of its silent unit. */
  reasonOf(request: ReadRequest): Reason {
    const { health, unanswered } = this.#of(request.unit);
    return (health.isSuspect ? null : unanswered.reasonOf(request)) ?? health.reason;
  }

  /**
   * Whether the line itself may be what is silent, as a connection is that the peer has forgotten:
   * nothing answers, also asked once more since it was opened.
   */
  get isLineSuspect(): boolean {
    const isEveryoneFailing = [...this.#units.values()].every(({ health }) => health.isFailing);
    if (!isEveryoneFailing || this.#failuresInARow <= this.#units.size) return false;
    return this.#failuresInARow >= LINE_SUSPECT_AFTER || this.#isNobodyWell;
  }

  /** `request` was answered, be it with an exception. */
  answered(request: ReadRequest, now: UptimeMs): Turns {
    if (this.#isNobodyWell) this.#tryAll(now);
    this.#failuresInARow = 0;
    const { health, unanswered } = this.#of(request.unit);
    const unit = health.answered();
    const requests = unanswered.answered(request);
    if (unit !== null) unanswered.maybeWell(now);
    return { unit, requests };
  }

  /** `request` took its time and brought nothing. */
  failed(request: ReadRequest, failure: Failure): HealthTurn {
    const { health } = this.#of(request.unit);
    const isAlone = this.#isAlone(request);
    this.heardInVain(request, failure);
    if (isAlone) return null;
    this.#failuresInARow++;
    return health.failed(failure);
  }

  /** `request` brought nothing that can be believed, although its unit was heard. */
  heardInVain(request: ReadRequest, failure: Failure): void {
    const { health, unanswered, isWatched } = this.#of(request.unit);
    if (this.isSuspect(request)) {
      const isWatchedProbe = health.isSuspect ? isWatched : this.#isWatched(request);
      const costMs = this.#isNobodyWell ? 0 : failure.costMs;
      this.#turns.inVain(isWatchedProbe, costMs, failure.at);
    }
    unanswered.failed(request, failure);
  }

  /** Whether a failure of `request` says nothing of its unit: others of it are answered. */
  #isAlone(request: ReadRequest): boolean {
    const { health, unanswered, requests } = this.#of(request.unit);
    if (health.isSuspect || !unanswered.isSuspect(request)) return false;
    return unanswered.suspects.length < requests.size;
  }

  /** Somebody on the line answered, if only for a unit that does not: the line itself is well. */
  lineAnswered(): void {
    this.#failuresInARow = 0;
  }

  /** The line was opened anew: what is suspect may be probed at once. */
  lineReopened(now: UptimeMs): void {
    this.#failuresInARow = 0;
    this.#tryAll(now);
  }

  /**
   * What to probe now, where nothing else is due for `gapMs` milliseconds: of all that fits into the
   * gap, or that waited too long, what has its turn and has waited the longest.
   */
  probe(now: UptimeMs, gapMs: number, notBefore: NotBefore): ReadRequest | null {
    const ready = this.#suspects(notBefore).filter(({ health, readyAt }) => {
      return (gapMs >= health.costMs ? readyAt : latestOf(health, readyAt)) <= now;
    });
    const inTurn = ready.filter(({ isWatched }) => this.#turns.isOf(isWatched));
    const [first] = (inTurn.length > 0 ? inTurn : ready).sort(
      (one, other) => one.health.probeAt - other.health.probeAt,
    );
    return first?.request ?? null;
  }

  /** When to look for a probe again after `now`; null where nothing is suspect. */
  nextProbeAt(now: UptimeMs, notBefore: NotBefore): UptimeMs | null {
    const moments = this.#suspects(notBefore).map(({ health, readyAt }) => {
      return readyAt > now ? readyAt : latestOf(health, readyAt);
    });
    return moments.length === 0 ? null : (Math.min(...moments) as UptimeMs);
  }

  #suspects(notBefore: NotBefore): Suspect[] {
    const isBudgeted = !this.#isNobodyWell;
    const suspects: Suspect[] = [];
    for (const [unit, { health, unanswered, requests, isWatched }] of this.#units) {
      const add = (request: ReadRequest, health: UnitHealth, isWatched: boolean, from: number) => {
        const budgetAt = isBudgeted ? this.#turns.freeAt(isWatched) : 0;
        const readyAt = Math.max(health.probeAt, notBefore(unit), budgetAt, from) as UptimeMs;
        suspects.push({ request, health, isWatched, readyAt });
      };
      if (health.isSuspect) {
        add(unanswered.likeliest(requests), health, isWatched, 0);
        continue;
      }
      for (const [request, own] of unanswered.suspects) {
        add(request, own, this.#isWatched(request), unanswered.freeAt);
      }
    }
    return suspects;
  }

  get #isNobodyWell(): boolean {
    return [...this.#units.values()].every(({ health }) => health.isSuspect);
  }

  #tryAll(now: UptimeMs): void {
    for (const { health, unanswered } of this.#units.values()) {
      health.maybeWell(now);
      unanswered.maybeWell(now);
    }
  }

  #of(unit: number): Unit {
    return this.#units.get(unit) as Unit;
  }
}

function newUnit(probeEveryMs: number, share: number, now: UptimeMs): Unit {
  return {
    health: new UnitHealth(probeEveryMs),
    unanswered: new Unanswered(probeEveryMs, share, now),
    requests: new Set(),
    isWatched: false,
  };
}

/** When a probe that is ready since `readyAt` goes although others must wait. */
function latestOf({ probeAtLatest }: UnitHealth, readyAt: UptimeMs): UptimeMs {
  return Math.max(probeAtLatest, after(readyAt, GAP_WAIT_MS)) as UptimeMs;
}
