import type { Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** Every sentence about the load of the alarms; `{name}` stands for a parameter. */
export const STATS_TEXT = {
  head: {
    en: "{count} times somebody was called, from {from} to {to}",
    "zh-CN": "从 {from} 到 {to} 共报警 {count} 次",
  },
  figure: { en: "FIGURE", "zh-CN": "指标" },
  value: { en: "VALUE", "zh-CN": "数值" },
  target: { en: "TARGET", "zh-CN": "目标" },
  verdict: { en: "", "zh-CN": "" },
  good: { en: "good", "zh-CN": "合格" },
  bad: { en: "TOO MANY", "zh-CN": "过多" },
  tooFew: { en: "too little to say", "zh-CN": "数据不足" },
  perDay: { en: "alarms a day", "zh-CN": "每天报警数" },
  perHour: { en: "alarms an hour", "zh-CN": "每小时报警数" },
  peak: { en: "most in ten minutes", "zh-CN": "十分钟内最多" },
  flood: { en: "time in floods", "zh-CN": "报警泛滥时间占比" },
  topTen: { en: "ten most frequent, of all", "zh-CN": "最频繁十个占比" },
  floods: {
    en: "Floods (10 or more in ten minutes): {count}",
    "zh-CN": "报警泛滥（十分钟内 10 次以上）：{count} 次",
  },
  chatteringCount: { en: "alarms that chatter", "zh-CN": "抖动报警个数" },
  fleetingCount: { en: "alarms that are fleeting", "zh-CN": "瞬时报警个数" },
  standingCount: { en: "standing for over a day", "zh-CN": "持续超过一天" },
  share: { en: "share of {severity}", "zh-CN": "{severity}占比" },
  frequent: { en: "Most frequent:", "zh-CN": "最频繁：" },
  chattering: {
    en: "Chattering (three times or more in a minute; the most):",
    "zh-CN": "抖动（一分钟内三次以上；最多次数）：",
  },
  fleeting: {
    en: "Fleeting (over within a minute, and nobody had answered):",
    "zh-CN": "瞬时（一分钟内消失且无人确认）：",
  },
  standing: { en: "Standing for more than a day:", "zh-CN": "持续超过一天：" },
  proposals: {
    en: "What would lessen it (nothing changes by itself; see that no alarm is lost):",
    "zh-CN": "可减少报警的建议（不会自动更改；请确认不会漏掉真实报警）：",
  },
  proposal: {
    en: "{alarm}: {kind}: {value} would have spared {saved} of {of}",
    "zh-CN": "{alarm}：设 {kind}: {value}，{of} 次中可减少 {saved} 次",
  },
} as const satisfies Readonly<Record<string, Text>>;

export type StatsTextKey = keyof typeof STATS_TEXT;

/** Says a sentence about the load of the alarms. */
export const sayStats: Say<StatsTextKey> = speaker(STATS_TEXT);
