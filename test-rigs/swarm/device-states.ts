import type { PointConfig } from "../../config/gateway-config.ts";
import type { AnswerTruth } from "../sim/bus-truth.ts";
import type { Got } from "../sim/received.ts";
import { keptUntil, lifeAt, uptimeOf } from "./due-times.ts";
import type { Evidence } from "./invariants.ts";

/** Times are told in whole milliseconds: what hangs on them may be off by so many. */
export const ROUNDING_MS = 2;

/** Of what was told on `bus` behind `from` and up to `to`, in the life number `life`, nothing is left. */
type Gap = {
  readonly bus: string;
  readonly life: number;
  readonly from: number;
  readonly to: number;
};

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
  at({ raws, request }: AnswerTruth, uptime: number, life: number): readonly (string | null)[] {
    const status = this.#point.measurement?.checks.status ?? null;
    if (status === null) return [null];
    const own = this.#status
      .map((reading) => ({ ...reading, uptime: uptimeOf(reading.at) }))
      .filter((reading) => lifeAt(this.#evidence, reading.uptime) === life);
    const code = raws.get(status.point);
    // What was told in the same answer counts, if it was asked for there and not merely read over.
    const isSame = own.some((each) => each.uptime === uptime && each.value === code);
    const gone = { bus: request.bus, life, from: own.at(-1)?.uptime ?? -Infinity, to: uptime };
    const gap = this.#mayBeGone(status.point, gone) ? gone : null;
    if (isSame || (gap !== null && code !== undefined)) return [stateOf(Number(code))];
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
    return gap === null ? states : [...states, ...this.#statesIn(status.point, gap)];
  }

  /**
   * Whether the gateway may have had readings of the status `id` in `gap`: a kill takes what the
   * next commit of their interval would have stored, and leaves what another interval's has.
   */
  #mayBeGone(id: string, { life, from, to }: Gap): boolean {
    const truth = this.#evidence.lives[life];
    if (truth === undefined || !truth.isKilled) return false;
    const { commitMs, commitMsOf } = truth.config.buffer;
    const [own, other] = [this.#point.id, id].map((each) => commitMsOf.get(each) ?? commitMs);
    return own !== other && to > from && to > keptUntil(this.#evidence, truth);
  }

  /** All that the device said of itself in `gap` by its point `id`, and whether it was not heard. */
  #statesIn(id: string, gap: Gap): readonly (string | null)[] {
    const truth = this.#evidence.truths.find(({ bus }) => bus === gap.bus);
    const isIn = (each: { readonly life: number; readonly at: number }) =>
      each.life === gap.life + 1 && each.at > gap.from && each.at <= gap.to;
    const asked = truth?.requests.filter((each) => isIn(each) && each.points.includes(id)) ?? [];
    const told = truth?.answers.filter((each) => asked.includes(each.request)) ?? [];
    const states = told.flatMap((each) => {
      const code = isHeard(each, gap) ? each.raws.get(id) : undefined;
      return code === undefined ? [] : [stateOf(Number(code))];
    });
    const isMissed = states.length < asked.length || truth?.openings.some(isIn);
    return isMissed ? [...states, "status-unknown"] : states;
  }

  #everyMs(life: number): number {
    const { config } = this.#evidence.lives[life] ?? this.#evidence;
    return config.points.find(({ id }) => id === this.#point.id)?.everyMs ?? 0;
  }
}

/** Whether `answer` came before the end of `gap`, to what the gateway then waited for. */
function isHeard(
  { request, isIntact, deliveredAt, latestRequest }: AnswerTruth,
  { to }: Gap,
): boolean {
  return isIntact && latestRequest === request.index && deliveredAt !== null && deliveredAt <= to;
}

/** By the bits that `drawMeasured` gives a meaning; maintenance speaks against no value. */
function stateOf(code: number): string | null {
  if (code & 16) return "function-check";
  return code & 8 ? "out-of-specification" : null;
}
