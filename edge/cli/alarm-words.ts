import type { Text } from "../core/errors.ts";

/** The columns, severities and states of alarms, in every language. */
export const ALARM_WORDS = {
  alarm: { en: "ALARM", "zh-CN": "报警" },
  severity: { en: "SEVERITY", "zh-CN": "级别" },
  setpoint: { en: "SETPOINT", "zh-CN": "设定值" },
  blue: { en: "blue", "zh-CN": "蓝" },
  yellow: { en: "yellow", "zh-CN": "黄" },
  orange: { en: "orange", "zh-CN": "橙" },
  red: { en: "red", "zh-CN": "红" },
  normal: { en: "normal", "zh-CN": "正常" },
  unacknowledged: { en: "ACTIVE, not acknowledged", "zh-CN": "报警，未确认" },
  acknowledged: { en: "ACTIVE, acknowledged", "zh-CN": "报警，已确认" },
  "returned-unacknowledged": { en: "returned, not acknowledged", "zh-CN": "已恢复，未确认" },
  "latched-unacknowledged": { en: "latched, not acknowledged", "zh-CN": "锁存，未确认" },
  "latched-acknowledged": { en: "latched, to be reset", "zh-CN": "锁存，待复位" },
  votes: { en: "{need} votes", "zh-CN": "{need} 票" },
  limitBad: { en: "bad", "zh-CN": "坏值" },
  limitSilent: { en: "no data", "zh-CN": "无数据" },
  limitExpression: { en: "rule", "zh-CN": "规则" },
  shelved: { en: "shelved", "zh-CN": "搁置" },
  suppressed: { en: "suppressed by design", "zh-CN": "设计抑制" },
  "out-of-service": { en: "OUT OF SERVICE", "zh-CN": "停用" },
} as const satisfies Readonly<Record<string, Text>>;
