import type { AlarmRule } from "../../edge/core/alarm.ts";
import type { AlarmMessage, Got } from "../sim/received.ts";
import { isOnAfter } from "./alarm-replay.ts";
import { EXPRESSIONS, NEAR, OVER, type Trit } from "./condition-alarms.ts";
import { uptimeOf } from "./due-times.ts";

/** What a condition is at a moment. */
export type Sight = "tripped" | "between" | "back" | "unknown";

/** Times are told in whole milliseconds. */
export const ROUNDING_MS = 2;
/** From the start of a process to that of its alarms. */
const START_MS = 500;
/** A reading tells something of now for three periods of its point. */
const STALE_PERIODS = 3;
/** Whole milliseconds make so much of a difference to a slope. */
const SLOPE_DOUBT = 0.02;

/** What is known of a life, to judge by. */
export type Known = {
  readonly from: number;
  readonly readingsOf: (point: string) => readonly Got[];
  readonly eventsOf: (alarm: string) => readonly AlarmMessage[];
  readonly everyMs: (point: string) => number;
};

/** What a condition may be at `uptime`, and when it may become another. */
export type Course = {
  readonly at: (uptime: number) => ReadonlySet<Sight>;
  readonly moments: readonly number[];
};

/** The course of the condition of `rule` in one life; null for a kind that is replayed elsewhere. */
export function courseOf(rule: AlarmRule, known: Known): Course | null {
  const seen = seenOf(rule.point, known);
  const staleMs = STALE_PERIODS * known.everyMs(rule.point);
  switch (rule.limit) {
    case "equal":
      return lasting(
        seen.map(({ uptime, value }): Judged => {
          if (value === null) return { uptime, may: ["unknown"] };
          return { uptime, may: [Number(value) === Number(rule.setpoint) ? "tripped" : "back"] };
        }),
        staleMs,
      );
    case "rate":
      return lasting(slopesOf(rule, seen), staleMs);
    case "bad":
      return lasting(
        seen.map(({ uptime, value }) => ({ uptime, may: [value === null ? "tripped" : "back"] })),
        Infinity,
      );
    case "silent":
      return silence(rule.silentMs, known.from, seen);
    case "expression":
      return expression(rule, known);
    default:
      return null;
  }
}

/** A reading: `value` is null where it is bad. */
type Seen = { readonly uptime: number; readonly value: Got["value"] };

/** What a reading makes of a condition. */
type Judged = { readonly uptime: number; readonly may: readonly Sight[] };

function seenOf(point: string, { readingsOf }: Known): readonly Seen[] {
  return readingsOf(point)
    .map(({ at, value, quality }) => ({
      uptime: uptimeOf(at),
      value: quality.startsWith("bad") ? null : value,
    }))
    .toSorted((a, b) => a.uptime - b.uptime);
}

/** Those that may be the newest of `all` at `at`; undefined stands for none. */
function newest<Each extends { readonly uptime: number }>(
  all: readonly Each[],
  at: number,
): readonly (Each | undefined)[] {
  const last = all.findLastIndex(({ uptime }) => uptime <= at + ROUNDING_MS);
  const first = all.findLastIndex(({ uptime }) => uptime < at - ROUNDING_MS);
  return [all[first], ...all.slice(first + 1, last + 1)];
}

/** Each reading makes it what it is, until it is stale. */
function lasting(all: readonly Judged[], staleMs: number): Course {
  return {
    at: (uptime) => {
      const may = newest(all, uptime).flatMap((each): readonly Sight[] => {
        if (each === undefined) return ["unknown"];
        const ageMs = uptime - each.uptime - staleMs;
        if (ageMs > ROUNDING_MS) return ["unknown"];
        return ageMs < -ROUNDING_MS ? each.may : [...each.may, "unknown"];
      });
      return new Set(may);
    },
    moments: all.flatMap(({ uptime }) => [uptime, uptime + staleMs]),
  };
}

/** The slope over the window of each reading, worked out by itself. */
function slopesOf(
  { setpoint, perMs, overMs, deadband }: Extract<AlarmRule, { limit: "rate" }>,
  seen: readonly Seen[],
): readonly Judged[] {
  const sign = Math.sign(setpoint);
  return seen.map(({ uptime, value }, i): Judged => {
    if (typeof value !== "number") return { uptime, may: ["unknown"] };
    const may = [overMs - ROUNDING_MS, overMs + ROUNDING_MS].flatMap((reachMs) => {
      const own = seen.slice(0, i + 1).filter((each) => uptime - each.uptime <= reachMs);
      return sightOf(own, { wanted: sign * setpoint, deadband, spanMs: overMs / 2 }, sign * perMs);
    });
    return { uptime, may };
  });
}

type Steepness = { readonly wanted: number; readonly deadband: number; readonly spanMs: number };

function sightOf(own: readonly Seen[], asked: Steepness, perMs: number): readonly Sight[] {
  const known = own.flatMap(({ uptime, value }) =>
    typeof value === "number" ? [[uptime, value] as const] : [],
  );
  const [first, last] = [known[0]?.[0] ?? 0, known.at(-1)?.[0] ?? 0];
  if (last - first < asked.spanMs - ROUNDING_MS) return ["unknown"];
  const unsure: readonly Sight[] = last - first < asked.spanMs + ROUNDING_MS ? ["unknown"] : [];
  const slope = steepest(known) * perMs;
  const doubt = SLOPE_DOUBT * Math.abs(slope) + 0.01;
  const ways = [slope - doubt, slope + doubt].map((each): Sight => {
    if (each >= asked.wanted) return "tripped";
    return each <= asked.wanted - asked.deadband ? "back" : "between";
  });
  // Where the doubt is wider than the deadband, all that lies between may be.
  return new Set(ways).size === 1 ? [...ways, ...unsure] : [...ways, "between", ...unsure];
}

/** The slope of the line of least squares, for each millisecond: by the sums of all pairs. */
function steepest(known: readonly (readonly [number, number])[]): number {
  let [across, square] = [0, 0];
  for (const [i, [x, y]] of known.entries()) {
    for (const [otherX, otherY] of known.slice(i + 1)) {
      across += (otherX - x) * (otherY - y);
      square += (otherX - x) ** 2;
    }
  }
  return across / square;
}

/** No good value for so long; before a first one since the start of the life nobody knows. */
function silence(silentMs: number, from: number, seen: readonly Seen[]): Course {
  const good = seen.filter(({ value }) => value !== null);
  return {
    at: (uptime) => {
      const may = newest(good, uptime).flatMap((each): readonly Sight[] => {
        const sinceMs = uptime - (each?.uptime ?? from) - silentMs;
        const doubtMs = each === undefined ? START_MS : ROUNDING_MS;
        const before: Sight = each === undefined ? "unknown" : "back";
        if (sinceMs > doubtMs) return ["tripped"];
        return sinceMs < -ROUNDING_MS ? [before] : [before, "tripped"];
      });
      return new Set(may);
    },
    moments: [
      ...[from + silentMs, from + silentMs + START_MS],
      ...good.flatMap(({ uptime }) => [uptime, uptime + silentMs]),
    ],
  };
}

function expression(rule: Extract<AlarmRule, { limit: "expression" }>, known: Known): Course {
  const which = Number(rule.name.split("-").at(-1));
  const other = rule.inputs.get("a");
  const alarm = other?.kind === "alarm" ? known.eventsOf(other.alarm) : [];
  const stands = alarm.map((event) => ({ uptime: uptimeOf(event.at), isOn: isOnAfter(event) }));
  const [over, near] = [compared(rule, "x", OVER, known), compared(rule, "y", NEAR, known)];
  return {
    at: (uptime) => {
      const others = newest(stands, uptime).map((each) => each?.isOn ?? false);
      const may = over
        .at(uptime)
        .flatMap((x) =>
          near.at(uptime).flatMap((y) => others.map((a) => EXPRESSIONS[which]?.truth(x, y, a))),
        );
      return new Set(may.map((truth): Sight => (truth === null ? "unknown" : sightBy(truth))));
    },
    moments: [...over.moments, ...near.moments, ...stands.map(({ uptime }) => uptime)],
  };
}

function sightBy(truth: boolean | undefined): Sight {
  return truth === true ? "tripped" : "back";
}

/** Whether the point that is called `name` is above `limit`: null where it is bad or stale. */
function compared(
  { inputs }: Extract<AlarmRule, { limit: "expression" }>,
  name: string,
  limit: number,
  known: Known,
) {
  const input = inputs.get(name);
  if (input?.kind !== "point") return { at: (): readonly Trit[] => [null], moments: [] };
  const course = lasting(
    seenOf(input.point, known).map(({ uptime, value }): Judged => {
      if (typeof value !== "number") return { uptime, may: ["unknown"] };
      return { uptime, may: [value > limit ? "tripped" : "back"] };
    }),
    STALE_PERIODS * known.everyMs(input.point),
  );
  return {
    at: (uptime: number): readonly Trit[] =>
      [...course.at(uptime)].map((sight) => (sight === "unknown" ? null : sight === "tripped")),
    moments: course.moments,
  };
}
