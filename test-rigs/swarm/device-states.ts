import type { PointConfig } from "../../config/gateway-config.ts";
import type { AnswerTruth } from "../sim/bus-truth.ts";
import type { Got } from "../sim/received.ts";
import { lifeAt, uptimeOf } from "./due-times.ts";
import type { Evidence } from "./invariants.ts";

/** Times are told in whole milliseconds: what hangs on them may be off by so many. */
export const ROUNDING_MS = 2;

/** Works out what a device said of itself, as far as the gateway could know it. */
export class DeviceStates {
  readonly #evidence: Evidence;
  readonly #point: PointConfig;
  readonly #status: readonly Got[];

  /** `status` are the readings of the status point of `point`. */
  constructor(evidence: Evidence, point: PointConfig, status: readonly Got[]) {
    this.#evidence = evidence;
    this.#point = point;
    this.#status = status;
  }

  /**
   * What the device may have said of itself when `answer` told the point at `uptime`: one answer, or
   * several, of which either is right; null is that all is well.
   */
  at({ raws }: AnswerTruth, uptime: number, life: number): readonly (string | null)[] {
    const status = this.#point.measurement?.checks.status ?? null;
    if (status === null) return [null];
    const own = this.#status
      .map((reading) => ({ ...reading, uptime: uptimeOf(reading.at) }))
      .filter((reading) => lifeAt(this.#evidence, reading.uptime) === life);
    const code = raws.get(status.point);
    // What was told in the same answer counts, if it was asked for there and not merely read over.
    const isSame = own.some((each) => each.uptime === uptime && each.value === code);
    if (isSame) return [stateOf(Number(code))];
    const before = own.findLast((reading) => reading.uptime < uptime - ROUNDING_MS);
    const near = own.filter((reading) => Math.abs(reading.uptime - uptime) <= ROUNDING_MS);
    const found = [...near.toReversed(), ...(before === undefined ? [] : [before])];
    const limitMs = 3 * this.#everyMs(life);
    const ageMs = (reading: { readonly uptime: number }) => uptime - reading.uptime;
    const known = (reading: (typeof own)[number]) =>
      own.findLast((each) => each.value !== null && each.uptime <= reading.uptime);
    const states = found.map((reading) => {
      const last = known(reading);
      const isOld = last === undefined || ageMs(last) > limitMs + ROUNDING_MS;
      const state = isOld ? "status-unknown" : stateOf(Number(last.value));
      // One that is lost lifts no bar, and says nothing else.
      return reading.value === null && state !== "function-check" ? "status-unknown" : state;
    });
    const isBorderline = found
      .flatMap((reading) => known(reading) ?? [])
      .some((each) => Math.abs(ageMs(each) - limitMs) <= ROUNDING_MS);
    if (before === undefined || isBorderline) states.push("status-unknown");
    return states;
  }

  #everyMs(life: number): number {
    const { config } = this.#evidence.lives[life] ?? this.#evidence;
    return config.points.find(({ id }) => id === this.#point.id)?.everyMs ?? 0;
  }
}

/** By the bits that `drawMeasured` gives a meaning; maintenance speaks against no value. */
function stateOf(code: number): string | null {
  if (code & 16) return "function-check";
  return code & 8 ? "out-of-specification" : null;
}
