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
import { type Finding, type Judge, UNKNOWN } from "./finding.ts";
import { rateJudge } from "./rate.ts";
import type { Surroundings } from "./surroundings.ts";

type Of<Limit extends AlarmCondition["limit"]> = Extract<AlarmRule, { limit: Limit }>;

/** The judge of the condition of `rule`; `start` is when it begins. */
export function judgeOf(rule: AlarmRule, around: Surroundings, start: UptimeMs): Judge {
  switch (rule.limit) {
    case "high":
    case "low":
    case "equal":
      return limitJudge(rule);
    case "deviation":
      return deviationJudge(rule, around);
    case "rate":
      return rateJudge(rule);
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

function limitJudge(rule: AlarmRule & Criterion): Judge {
  return {
    judge: ({ value, quality }) => {
      return { verdict: verdictOf(rule, rule.deadband, isBad(quality) ? null : value), value };
    },
    again: null,
  };
}

/** Judged with every value of the point, beside the newest one of what it is measured against. */
function deviationJudge(
  { point, from, setpoint, deadband }: Of<"deviation">,
  around: Surroundings,
): Judge {
  return {
    judge: (reading) => {
      const value = isBad(reading.quality) ? null : asNumber(reading.value);
      const base = typeof from === "number" ? from : asNumber(around.valueOf(from, reading.uptime));
      if (reading.point !== point || value === null || base === null) return UNKNOWN;
      const away = withoutDust(value - base, Math.max(Math.abs(value), Math.abs(base)));
      const criterion = { limit: "high", setpoint } as const;
      return { verdict: verdictOf(criterion, deadband, Math.abs(away)), value: away };
    },
    again: null,
  };
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
  };
}

/** A bad reading is no value: silence goes on through it. */
function silenceJudge({ silentMs }: Of<"silent">, start: UptimeMs): Judge {
  let heardAt = start;
  const again = (uptime: UptimeMs): Finding => {
    return { verdict: uptime - heardAt >= silentMs ? "tripped" : "back", value: null };
  };
  return {
    judge: ({ uptime, quality }) => {
      if (!isBad(quality)) heardAt = uptime;
      return again(uptime);
    },
    again,
  };
}

function expressionJudge(rule: Of<"expression">, around: Surroundings): Judge {
  const again = (uptime: UptimeMs): Finding => {
    const truth = around.truthOf(rule, uptime);
    if (truth === null) return UNKNOWN;
    return { verdict: truth ? "tripped" : "back", value: null };
  };
  return { judge: ({ uptime }) => again(uptime), again };
}

/** Each point trips and comes back by itself; nothing is known before each was heard of. */
function voteJudge(rule: Of<"vote">, around: Surroundings): Judge {
  const { of, each, deadband, setpoint, unknown } = rule;
  const tripped = new Set<string>();
  const again = (uptime: UptimeMs): Finding => {
    const votes = of.map((point) => {
      const verdict = verdictOf(each, deadband, around.valueOf(point, uptime));
      if (verdict === "unknown") return null;
      if (verdict === "tripped") tripped.add(point);
      if (verdict === "back") tripped.delete(point);
      return tripped.has(point);
    });
    const { verdict, count } = votedBy(votes, setpoint, unknown);
    const isSure = of.every((point) => around.hasHeard(point));
    const isEnough = votes.filter((vote) => vote === true).length >= setpoint;
    return isSure || isEnough ? { verdict, value: count } : UNKNOWN;
  };
  return { judge: ({ uptime }) => again(uptime), again };
}
