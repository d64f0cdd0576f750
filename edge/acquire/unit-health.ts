import { after, type UptimeMs } from "../core/time.ts";

/** After this many time-outs in a row a unit counts as silent. */
const SILENT_AFTER = 3;
/** A silent unit is asked again after its period doubled with each try, at most after this. */
const PROBE_MAX_MS = 30_000;

/** What a turn in a unit's health is: null when nothing turned. */
export type HealthTurn = "answering" | "silent" | null;

/**
 * Whether one unit answers. A silent unit is probed more and more rarely, so that it costs the
 * others on its line little.
 */
export class UnitHealth {
  #timeouts = 0;
  #probeAt: UptimeMs | null = null;

  get isSilent(): boolean {
    return this.#timeouts >= SILENT_AFTER;
  }

  /** Before this it is not asked again; null when it may be asked. */
  get probeAt(): UptimeMs | null {
    return this.#probeAt;
  }

  /** It answered, be it with an exception. */
  answered(): HealthTurn {
    const turn = this.isSilent ? "answering" : null;
    this.#timeouts = 0;
    this.#probeAt = null;
    return turn;
  }

  /** It did not answer a request with period `everyMs`. */
  timedOut(everyMs: number, now: UptimeMs): HealthTurn {
    this.#timeouts++;
    if (!this.isSilent) return null;
    const waitMs = Math.min(PROBE_MAX_MS, everyMs * 2 ** (this.#timeouts - SILENT_AFTER + 1));
    this.#probeAt = after(now, waitMs);
    return this.#timeouts === SILENT_AFTER ? "silent" : null;
  }

  /** The line was opened anew: the unit may be asked at once. */
  lineReopened(): void {
    this.#probeAt = null;
  }
}
