import type { AlarmRule } from "../core/alarm.ts";
import {
  type AlarmCondition,
  asNumber,
  type Criterion,
  verdictOf,
  votedBy,
} from "../core/alarm-condition.ts";
import { withoutDust } from "../core/dust.ts";
import { isBad } from "../core/reading.ts";
import type { UptimeMs } from "../core/time.ts";
import { type Finding, type Judge, movedByReadings, UNKNOWN } from "./finding.ts";
import { rateJudge } from "./rate.ts";
import type { Surroundings } from "./surroundings.ts";

type Of<Limit extends AlarmCondition["limit"]> = Extract<AlarmRule, { limit: Limit }>;

/** The judge of the condition of `rule`; `start` is when it begins. */
export function judgeOf(rule: AlarmRule, around: Surroundings, start: UptimeMs): Judge {
  switch (rule.limit) {
    case "high":
    case "low":
    case "equal":
      return limitJudge(rule, around);
    case "deviation":
      return deviationJudge(rule, around);
    case "rate":
      return rateJudge(rule, around);
    case "bad":
      return badJudge();
    case "silent":
      return silenceJudge(rule, start);
    case "expression":
      return expressionJudge(rule, around);
    case "vote":
      return voteJudge(rule, around);
  }
}

function limitJudge(rule: AlarmRule & Criterion, around: Surroundings): Judge {
  return movedByReadings(
    ({ value: told, quality }) => {
      const value = isBad(quality) ? null : told;
      return { verdict: verdictOf(rule, rule.deadband, value), value };
    },
    (uptime, last) => around.isFresh(rule.point, last, uptime),
  );
}

/** Judged with every value of the point, beside the newest one of what it is measured against. */
function deviationJudge(
  { point, from, setpoint, deadband }: Of<"deviation">,
  around: Surroundings,
): Judge {
  const baseAt = (uptime: UptimeMs) =>
    typeof from === "number" ? from : asNumber(around.valueOf(from, uptime));
  return movedByReadings(
    (reading) => {
      const value = isBad(reading.quality) ? null : asNumber(reading.value);
      const base = baseAt(reading.uptime);
      if (reading.point !== point || value === null || base === null) return UNKNOWN;
      const away = withoutDust(value - base, Math.max(Math.abs(value), Math.abs(base)));
      const criterion = { limit: "high", setpoint } as const;
      return { verdict: verdictOf(criterion, deadband, Math.abs(away)), value: away };
    },
    // One of two that are read apart must not be held against an older other one.
    (uptime, last) => around.isFresh(point, last, uptime) && baseAt(uptime) !== null,
  );
}

/** Tripped for as long as the newest reading is bad, also while no other comes. */
function badJudge(): Judge {
  let finding = UNKNOWN;
  return {
    judge: ({ quality }) => {
      finding = { verdict: isBad(quality) ? "tripped" : "back", value: null };
      return finding;
    },
    again: () => finding,
    isTimed: true,
  };
}

/**
 * A bad reading is no value: silence goes on through it. Before a first value since `start` nobody
 * knows whether a silence of before it is over.
 */
function silenceJudge({ silentMs }: Of<"silent">, start: UptimeMs): Judge {
  let heardAt: UptimeMs | null = null;
  const again = (uptime: UptimeMs): Finding => {
    const isSilent = uptime - (heardAt ?? start) >= silentMs;
    if (!isSilent && heardAt === null) return UNKNOWN;
    return { verdict: isSilent ? "tripped" : "back", value: null };
  };
  return {
    judge: ({ uptime, quality }) => {
      if (!isBad(quality)) heardAt = uptime;
      return again(uptime);
    },
    again,
    isTimed: true,
  };
}

function expressionJudge(rule: Of<"expression">, around: Surroundings): Judge {
  const again = (uptime: UptimeMs): Finding => {
    const truth = around.truthOf(rule, uptime);
    if (truth === null) return UNKNOWN;
    return { verdict: truth ? "tripped" : "back", value: null };
  };
  return { judge: ({ uptime }) => again(uptime), again, isTimed: true };
}

/**
 * Each point trips and comes back by itself. Nothing is known before each was heard of or should
 * have been: a start is no fault of a detector, but one that then says nothing is as bad as any
 * other. One that goes bad while it is tripped, or that was never beyond its deadband, does not end
 * the alarm.
 */
function voteJudge(rule: Of<"vote">, around: Surroundings): Judge {
  const { of, each, deadband, setpoint, unknown } = rule;
  /** Of each point whether it was tripped when that was last known. */
  const known = new Map<string, boolean>();
  const voteOf = (point: string, uptime: UptimeMs) => {
    const verdict = verdictOf(each, deadband, around.valueOf(point, uptime));
    if (verdict === "tripped" || verdict === "back") known.set(point, verdict === "tripped");
    const last = known.get(point) ?? null;
    if (verdict !== "unknown") return { vote: last ?? false, isDoubtful: last === null };
    const isDoubtful = last ?? unknown === "as-not";
    return { vote: null, isDoubtful: isDoubtful && unknown !== "as-tripped" };
  };
  const again = (uptime: UptimeMs): Finding => {
    const cast = of.map((point) => voteOf(point, uptime));
    const votes = cast.map(({ vote }) => vote);
    const doubtful = cast.filter(({ isDoubtful }) => isDoubtful).length;
    const { verdict, count } = votedBy(votes, setpoint, unknown, doubtful);
    const isSure = of.every((point) => around.isDue(point, uptime));
    const isEnough = votes.filter((vote) => vote === true).length >= setpoint;
    return isSure || isEnough ? { verdict, value: count } : UNKNOWN;
  };
  return { judge: ({ uptime }) => again(uptime), again, isTimed: true };
}
