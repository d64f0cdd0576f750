import type { InterlockRule } from "../../edge/core/interlock.ts";
import { readingsIn } from "../sim/received.ts";
import { lifeAt, uptimeOf } from "./due-times.ts";
import { type Moved, ROUNDING_MS } from "./interlock-truth.ts";
import type { Evidence } from "./invariants.ts";

/** Where an alarm stands from a moment on. */
type Stand = { readonly uptime: number; readonly asks: boolean };

/** A reading of one point. */
type Seen = { readonly uptime: number; readonly isBad: boolean };

/** In these the condition is present, whoever knows of it. */
const ACTIVE: ReadonlySet<string> = new Set(["unacknowledged", "acknowledged"]);

/** What asked for interlocks at any moment, by the events of alarms, the readings and the crew. */
export class CauseTruth {
  readonly #evidence: Evidence;
  readonly #stands: ReadonlyMap<string, readonly Stand[]>;
  readonly #seen: ReadonlyMap<string, readonly Seen[]>;

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    const stands = new Map<string, Stand[]>();
    for (const { event } of evidence.storedEvents) {
      if (event.kind !== "alarm") continue;
      const { alarm, to, active, at } = event;
      const asks = to !== "out-of-service" && (active ?? ACTIVE.has(to));
      const known = stands.get(alarm) ?? [];
      known.push({ uptime: uptimeOf(at), asks });
      stands.set(alarm, known);
    }
    this.#stands = stands;
    const seen = new Map<string, Seen[]>();
    for (const { point, at, quality } of evidence.stored.flatMap(({ batch }) =>
      readingsIn(batch),
    )) {
      const known = seen.get(point) ?? [];
      known.push({ uptime: uptimeOf(at), isBad: quality.startsWith("bad") });
      seen.set(point, known);
    }
    this.#seen = new Map(
      Array.from(seen, ([point, all]) => [point, all.toSorted((a, b) => a.uptime - b.uptime)]),
    );
  }

  /** When an alarm of `rule` came, and until when it stood. */
  spansOf({ alarms }: InterlockRule): readonly { readonly from: number; readonly to: number }[] {
    return alarms.flatMap(({ alarm }) => {
      const stands = this.#stands.get(alarm) ?? [];
      return stands.flatMap(({ uptime: from, asks }, index) => {
        if (!asks || stands[index - 1]?.asks === true) return [];
        const end = stands.slice(index).find((each) => !each.asks);
        return { from, to: end?.uptime ?? Infinity };
      });
    });
  }

  /** Whether an alarm of `interlock`, or a fault, asked for it at `at`, by its rule of then. */
  asksAt(interlock: string, at: number): boolean {
    const life = this.#evidence.lives[lifeAt(this.#evidence, at)];
    const rule = life?.config.interlocks.find(({ name }) => name === interlock);
    if (rule === undefined) return false;
    const byAlarm = rule.alarms.some(({ alarm }) => this.#isOn(alarm, at));
    if (byAlarm || !rule.onFault) return byAlarm;
    return rule.alarms.some(({ points }) => points.some((each) => this.#isBad(each, rule, at)));
  }

  /** Whether what `move` tells as its cause was so. */
  justifies(rule: InterlockRule, { to, cause, by, who, uptime }: Moved): boolean {
    switch (cause) {
      case "alarm":
        return to !== "tripping" || (by !== null && this.#isOn(by, uptime));
      case "fault":
        return to !== "tripping" || (by !== null && rule.onFault && this.#isBad(by, rule, uptime));
      case "test":
      case "override":
        return who !== undefined && this.#isOrdered(rule.name, cause, uptime);
      case "reset":
        return who !== undefined && this.#isOrdered(rule.name, "release", uptime);
      default:
        return true;
    }
  }

  /** The first reading of `point` from `from` on; Infinity where there is none. */
  firstSeen(point: string, from: number): number {
    return this.#seen.get(point)?.find(({ uptime }) => uptime >= from)?.uptime ?? Infinity;
  }

  #isOn(alarm: string, at: number): boolean {
    const stands = this.#stands.get(alarm) ?? [];
    const last = stands.findLastIndex(({ uptime }) => uptime <= at + ROUNDING_MS);
    const first = stands.findLastIndex(({ uptime }) => uptime < at - ROUNDING_MS);
    return stands.slice(Math.max(0, first), last + 1).some(({ asks }) => asks);
  }

  /** No good reading for as long as counts: what is lost of the readings proves nothing. */
  #isBad(point: string, { faultAfterMs }: InterlockRule, at: number): boolean {
    const from = at - faultAfterMs + ROUNDING_MS;
    const isWithin = ({ uptime }: Seen) => uptime > from && uptime < at - ROUNDING_MS;
    const isOfLife = lifeAt(this.#evidence, at) === lifeAt(this.#evidence, from);
    const all = this.#seen.get(point) ?? [];
    return isOfLife && !all.some((seen) => isWithin(seen) && !seen.isBad);
  }

  #isOrdered(interlock: string, action: string, at: number): boolean {
    const life = lifeAt(this.#evidence, at) + 1;
    return this.#evidence.crew.some(
      ({ call, from, to, ...made }) =>
        call.method === "interlock" &&
        call.params.interlock === interlock &&
        call.params.action === action &&
        made.life === life &&
        from <= at + ROUNDING_MS &&
        (to ?? Infinity) >= at - ROUNDING_MS,
    );
  }
}
