import type { DeviceConfig } from "../../config/gateway-config.ts";
import type { ReadRequest } from "../../drivers/driver.ts";
import type { Reason } from "../core/reading.ts";
import { after, type UptimeMs } from "../core/time.ts";
import { DeadBudget } from "./dead-budget.ts";
import type { ReadBus } from "./open-session.ts";
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

/** A unit that is suspect, and its health. */
type Suspect = { readonly unit: number; readonly health: UnitHealth };

/** When a unit may be asked for reasons of its own, such as a late answer. */
export type NotBefore = (unit: number) => UptimeMs;

/**
 * Keeps what is broken from slowing down what is not, on two levels. A device that does not answer
 * is probed within a budget, best where nothing else is due. Where every device is suspect, the
 * port is at fault: then there is nobody to protect and the budget does not count, and with the
 * first answer all the others are tried again. One answer that is lost makes nobody suspect.
 *
 * A suspect device with points that alarms watch is probed before the others, who leave half of
 * what is saved of the budget to it. So that none starves, after each such probe it is the turn of
 * one of the others.
 */
export class Isolation {
  readonly #units = new Map<number, UnitHealth>();
  /** Units with points that alarms watch. */
  readonly #watched: ReadonlySet<number>;
  /** Whether the last probe in vain was of such a unit. */
  #wasWatched = false;
  readonly #budget: DeadBudget;
  #failuresInARow = 0;

  /**
   * `requests` are what is read at due times, their units all in the settings; `isWatched` says
   * whether an alarm watches a point of one.
   */
  constructor(
    requests: readonly ReadRequest[],
    isWatched: (request: ReadRequest) => boolean,
    settings: IsolationSettings,
    now: UptimeMs,
  ) {
    const { probeEveryMs, deadBudget } = settings;
    for (const { unit } of requests) {
      this.#units.set(unit, new UnitHealth(probeEveryMs.get(unit) ?? 0));
    }
    this.#watched = new Set(requests.filter(isWatched).map(({ unit }) => unit));
    const longestMs = Math.max(0, ...probeEveryMs.values());
    this.#budget = new DeadBudget(deadBudget, deadBudget * longestMs, now);
  }

  isSuspect(unit: number): boolean {
    return this.#of(unit).isSuspect;
  }

  /** Whether the last request to `unit` failed. */
  isFailing(unit: number): boolean {
    return this.#of(unit).isFailing;
  }

  /** How the last failure of `unit` ended. */
  reasonOf(unit: number): Reason {
    return this.#of(unit).reason;
  }

  /**
   * Whether the line itself may be what is silent, as a connection is that the peer has forgotten:
   * nothing answers, also asked once more since it was opened.
   */
  get isLineSuspect(): boolean {
    const isEveryoneFailing = [...this.#units.values()].every(({ isFailing }) => isFailing);
    if (!isEveryoneFailing || this.#failuresInARow <= this.#units.size) return false;
    return this.#failuresInARow >= LINE_SUSPECT_AFTER || this.#isNobodyWell;
  }

  /** `unit` answered, be it with an exception. */
  answered(unit: number, now: UptimeMs): HealthTurn {
    if (this.#isNobodyWell) this.#tryAll(now);
    this.#failuresInARow = 0;
    return this.#of(unit).answered();
  }

  /** A request to `unit` took its time and brought nothing. */
  failed(unit: number, failure: Failure): HealthTurn {
    const health = this.#of(unit);
    if (health.isSuspect) this.#wasWatched = this.#watched.has(unit);
    if (health.isSuspect && !this.#isNobodyWell) this.#budget.spend(failure.costMs, failure.at);
    this.#failuresInARow++;
    return health.failed(failure);
  }

  /** Somebody on the line answered, if only for a unit that does not: the line itself is well. */
  lineAnswered(): void {
    this.#failuresInARow = 0;
  }

  /** The line was opened anew: the units may be probed at once. */
  lineReopened(now: UptimeMs): void {
    this.#failuresInARow = 0;
    this.#tryAll(now);
  }

  /**
   * The suspect unit to be probed now, where nothing else is due for `gapMs` milliseconds: of those
   * whose probe fits into the gap, or that waited too long, one whose turn it is and that has waited
   * the longest.
   */
  probe(now: UptimeMs, gapMs: number, notBefore: NotBefore): number | null {
    let found: Suspect | null = null;
    for (const [unit, health] of this.#units) {
      if (!health.isSuspect) continue;
      const readyAt = this.#readyAt(unit, health, notBefore);
      const mayGo = gapMs >= health.costMs ? readyAt <= now : latestOf(health, readyAt) <= now;
      if (!mayGo) continue;
      if (found === null || this.#goesBefore({ unit, health }, found)) found = { unit, health };
    }
    return found?.unit ?? null;
  }

  #goesBefore(one: Suspect, other: Suspect): boolean {
    const isTurn = this.#isTurnOf(one.unit);
    if (isTurn !== this.#isTurnOf(other.unit)) return isTurn;
    return one.health.probeAt < other.health.probeAt;
  }

  /** Whether it is the turn of units like `unit`: of watched ones but after a probe of such a one. */
  #isTurnOf(unit: number): boolean {
    return this.#watched.has(unit) !== this.#wasWatched;
  }

  /** When to look for a probe again after `now`; null where no unit is suspect. */
  nextProbeAt(now: UptimeMs, notBefore: NotBefore): UptimeMs | null {
    let next: UptimeMs | null = null;
    for (const [unit, health] of this.#units) {
      if (!health.isSuspect) continue;
      const readyAt = this.#readyAt(unit, health, notBefore);
      const at = readyAt > now ? readyAt : latestOf(health, readyAt);
      if (next === null || at < next) next = at;
    }
    return next;
  }

  #readyAt(unit: number, health: UnitHealth, notBefore: NotBefore): UptimeMs {
    const budgetAt = this.#isNobodyWell ? 0 : this.#freeAt(unit);
    return Math.max(health.probeAt, notBefore(unit), budgetAt) as UptimeMs;
  }

  #freeAt(unit: number): UptimeMs {
    const leavesSome = this.#watched.size > 0 && !this.#watched.has(unit) && !this.#wasWatched;
    return leavesSome ? this.#budget.amplyFreeAt : this.#budget.freeAt;
  }

  get #isNobodyWell(): boolean {
    return [...this.#units.values()].every(({ isSuspect }) => isSuspect);
  }

  #tryAll(now: UptimeMs): void {
    for (const health of this.#units.values()) health.maybeWell(now);
  }

  #of(unit: number): UnitHealth {
    return this.#units.get(unit) as UnitHealth;
  }
}

/** When a probe that is ready since `readyAt` goes although others must wait. */
function latestOf({ probeAtLatest }: UnitHealth, readyAt: UptimeMs): UptimeMs {
  return Math.max(probeAtLatest, after(readyAt, GAP_WAIT_MS)) as UptimeMs;
}
