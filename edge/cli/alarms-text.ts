import type { Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** What the help says of `alarms`. */
export const ALARMS_HELP = {
  alarms: {
    en: "List the alarms, what needs somebody first. ack, reset, shelve, unshelve, out-of-service and in-service act on one; history and stats look into what is stored, also without a running gateway. An alarm that is out of service trips no interlock, and one that it alone has tripped lets go.",
    "zh-CN":
      "列出报警，需要处理的在前。ack（确认）、reset（复位）、shelve（搁置）、unshelve（取消搁置）、out-of-service（停用）、in-service（恢复使用）作用于一个报警；history（历史）和 stats（统计）查看已存储的内容，网关无需运行。停用的报警不触发联锁；仅由它触发的联锁将解除。",
  },
  alarmsUsage: {
    en: "alarms takes nothing; ack, reset, unshelve, shelve, out-of-service or in-service with an ALARM; history, with an ALARM or without; stats; or audit",
    "zh-CN":
      "alarms 不带参数；或为 ack、reset、unshelve、shelve、out-of-service、in-service 加报警名；或为 history（可加报警名）；或为 stats；或为 audit",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Every sentence about acting on alarms and about their history; `{name}` is a parameter. */
export const ALARMS_TEXT = {
  forOption: { en: "shelve for so long, such as 2h", "zh-CN": "搁置时长，例如 2h" },
  onceOption: {
    en: "shelve until the condition goes away, at most as long as is allowed",
    "zh-CN": "搁置到条件消失为止，最长不超过允许时长",
  },
  reasonOption: {
    en: "why; needed to shelve, and to take out of service and put back",
    "zh-CN": "原因；搁置、停用和恢复使用时必填",
  },
  fromOption: {
    en: "from this time on, such as -24h or 2026-11-27T08:00",
    "zh-CN": "起始时间，例如 -24h 或 2026-11-27T08:00",
  },
  toOption: { en: "up to this time", "zh-CN": "截止时间" },
  elsewhere: { en: "means nothing here: {options}", "zh-CN": "此处不起作用：{options}" },
  needsReason: {
    en: "say why: --reason TEXT (at most 200 characters)",
    "zh-CN": "请说明原因：--reason 文本（最多 200 个字符）",
  },
  needsTime: {
    en: "say for how long: --for TIME such as 2h, or --once",
    "zh-CN": "请指明时长：--for 时长（例如 2h），或 --once",
  },
  badTime: { en: "{text} is no length of time such as 2h", "zh-CN": "{text} 不是时长（例如 2h）" },
  acknowledgeDone: { en: "{alarm} is acknowledged", "zh-CN": "{alarm} 已确认" },
  resetDone: { en: "{alarm} is reset", "zh-CN": "{alarm} 已复位" },
  shelveDone: {
    en: "{alarm} is shelved: it calls nobody, its condition is judged and recorded on",
    "zh-CN": "{alarm} 已搁置：不再提醒，其条件仍继续判断并记录",
  },
  unshelveDone: { en: "{alarm} is no longer shelved", "zh-CN": "{alarm} 已取消搁置" },
  removeDone: {
    en: "{alarm} is OUT OF SERVICE until somebody puts it back",
    "zh-CN": "{alarm} 已停用，直到有人恢复使用",
  },
  removeReleases: {
    en: "it trips no interlock meanwhile, and one that it alone has tripped lets go of its output, or waits to be released by hand where no release is configured: {interlocks}",
    "zh-CN":
      "停用期间它不触发联锁；仅由它触发的联锁将释放其输出，未配置 release 的则等待人工释放：{interlocks}",
  },
  returnDone: { en: "{alarm} is in service again", "zh-CN": "{alarm} 已恢复使用" },
  acknowledgeNoEffect: {
    en: "{alarm} waits for no acknowledgement; see: lifeline alarms",
    "zh-CN": "{alarm} 没有待确认的报警；请查看：lifeline alarms",
  },
  resetNoEffect: {
    en: "{alarm} is not to be reset: only a latched alarm is, once it is acknowledged (lifeline alarms ack {alarm}) and its condition has gone",
    "zh-CN":
      "{alarm} 当前不能复位：只有条件已消失、已确认（lifeline alarms ack {alarm}）的锁存报警才能复位",
  },
  shelveNoEffect: { en: "{alarm} cannot be shelved now", "zh-CN": "{alarm} 当前不能搁置" },
  unshelveNoEffect: { en: "{alarm} is not shelved", "zh-CN": "{alarm} 未被搁置" },
  removeNoEffect: { en: "{alarm} is out of service already", "zh-CN": "{alarm} 已处于停用状态" },
  returnNoEffect: { en: "{alarm} is in service", "zh-CN": "{alarm} 正在使用中" },
  refusedLatched: {
    en: "{alarm} is latched: acknowledge and reset it first; a latch must not be silenced",
    "zh-CN": "{alarm} 已锁存：请先确认并复位；锁存的报警不得静默",
  },
  refusedOut: {
    en: "{alarm} is out of service, and silent already",
    "zh-CN": "{alarm} 已停用，本已静默",
  },
  refusedLong: {
    en: "{alarm} may not be shelved for so long (shelveMax in the configuration)",
    "zh-CN": "{alarm} 不允许搁置这么久（见配置中的 shelveMax）",
  },
  refusedNever: {
    en: "{alarm} may not be shelved at all (shelveMax: 0ms in the configuration)",
    "zh-CN": "{alarm} 不允许搁置（配置中 shelveMax: 0ms）",
  },
  gatewayStops: {
    en: "the gateway is stopping; try again when it runs",
    "zh-CN": "网关正在停止；请在其运行后重试",
  },
  unknownOutcome: {
    en: "{alarm}: the gateway answers {outcome}, not that it is done; see: lifeline alarms",
    "zh-CN": "{alarm}：网关答复 {outcome}，并未确认完成；请查看：lifeline alarms",
  },
  unknownAlarm: {
    en: "there is no alarm {alarm}; see: lifeline alarms",
    "zh-CN": "没有报警 {alarm}；请查看：lifeline alarms",
  },
  didYouMean: { en: ". Did you mean '{near}'?", "zh-CN": "。是否指“{near}”？" },
  nothingOf: {
    en: "nothing is stored of an alarm {alarm}",
    "zh-CN": "没有存储报警 {alarm} 的任何内容",
  },
  doneNotStored: {
    en: "{alarm}: done, but the disk has not taken it; it is lost if the gateway ends now",
    "zh-CN": "{alarm}：已执行，但磁盘尚未写入；若网关此时停止，该操作将丢失",
  },
  normal: { en: "normal", "zh-CN": "正常" },
  activeUnacked: { en: "ACTIVE, unacked", "zh-CN": "报警，未确认" },
  activeAcked: { en: "ACTIVE, acked", "zh-CN": "报警，已确认" },
  returnedUnacked: { en: "gone, unacked", "zh-CN": "已恢复，未确认" },
  latchedUnacked: { en: "latched, unacked", "zh-CN": "锁存，未确认" },
  latchedAcked: { en: "latched, reset", "zh-CN": "锁存，待复位" },
  isShelved: { en: "shelved", "zh-CN": "搁置" },
  isSuppressed: { en: "suppressed", "zh-CN": "设计抑制" },
  isOut: { en: "OUT OF SERVICE", "zh-CN": "停用" },
  until: { en: "until {time}", "zh-CN": "至 {time}" },
  present: { en: "condition present", "zh-CN": "条件存在" },
  first: { en: "first", "zh-CN": "首发" },
  time: { en: "TIME", "zh-CN": "时间" },
  noHistory: { en: "no alarm has moved in this time", "zh-CN": "此期间没有报警变化" },
  noDatabase: {
    en: "nothing was stored yet: there is no {file}",
    "zh-CN": "尚未存储任何内容：没有 {file}",
  },
  noTime: { en: "{option} {text} is no time", "zh-CN": "{option} {text} 不是时间" },
} as const satisfies Readonly<Record<string, Text>>;

export type AlarmsTextKey = keyof typeof ALARMS_TEXT;

/** Says a sentence about acting on alarms, or about their history. */
export const sayAlarms: Say<AlarmsTextKey> = speaker(ALARMS_TEXT);

/** Why an alarm moved, for a person. */
export const CAUSE_TEXT = {
  high: { en: "at or above the limit", "zh-CN": "达到或高于上限" },
  low: { en: "at or below the limit", "zh-CN": "达到或低于下限" },
  equal: { en: "at that value", "zh-CN": "等于设定值" },
  deviation: { en: "deviates", "zh-CN": "偏差过大" },
  rate: { en: "changes too fast", "zh-CN": "变化过快" },
  bad: { en: "bad quality", "zh-CN": "质量坏" },
  silent: { en: "no data", "zh-CN": "无数据" },
  expression: { en: "the rule is true", "zh-CN": "规则成立" },
  vote: { en: "enough votes", "zh-CN": "表决通过" },
  returned: { en: "condition gone", "zh-CN": "条件消失" },
  acknowledged: { en: "acknowledged", "zh-CN": "确认" },
  reset: { en: "reset", "zh-CN": "复位" },
  shelved: { en: "shelved", "zh-CN": "搁置" },
  unshelved: { en: "shelf taken away", "zh-CN": "取消搁置" },
  "shelf-over": { en: "shelf is over", "zh-CN": "搁置到期" },
  suppressed: { en: "suppressed by design", "zh-CN": "设计抑制" },
  unsuppressed: { en: "no longer suppressed", "zh-CN": "抑制解除" },
  "out-of-service": { en: "taken out of service", "zh-CN": "停用" },
  "in-service": { en: "put back into service", "zh-CN": "恢复使用" },
  realarm: { en: "calls again: it still stands", "zh-CN": "再次提醒：条件仍存在" },
  configuration: { en: "the configuration changed", "zh-CN": "配置已更改" },
} as const satisfies Readonly<Record<string, Text>>;

/** Says why an alarm moved. */
export const sayCause: Say<keyof typeof CAUSE_TEXT> = speaker(CAUSE_TEXT);
