import { type Say, speaker } from "../../edge/cli/language.ts";
import { TEXT as COMMAND_LINE } from "../../edge/cli/text.ts";
import type { Text } from "../../edge/core/errors.ts";

/** What the demo says as the command line does. */
const { point, value, unit, quality, normal, connected, closed } = COMMAND_LINE;

/** Every sentence of the demo. `{name}` stands for a parameter. */
const TEXT = {
  point,
  value,
  unit,
  quality,
  normal,
  connected,
  closed,
  title: {
    en: "a simulated city block behind a real gateway",
    "zh-CN": "真实网关守护的模拟街区",
  },
  begins: {
    en: "The simulated block, the centre and the gateway are starting.",
    "zh-CN": "正在启动模拟街区、中心平台与网关。",
  },
  calm: {
    en: "All is calm. Every sensor is read once a second or faster.",
    "zh-CN": "一切平稳。每个传感器每秒至少读取一次。",
  },
  leak: {
    en: "Gas is leaking into the manhole: 25 % is yellow, 50 % is red.",
    "zh-CN": "燃气漏入井内：25% 黄色预警，50% 红色预警。",
  },
  outage: {
    en: "The line to the centre is cut. The gateway judges and stores alone.",
    "zh-CN": "与中心的线路已中断。网关独自判断、独自存储。",
  },
  return: {
    en: "The line is back. At its next try: alarms, then live readings, then backlog.",
    "zh-CN": "线路恢复。网关下次重试时：先送报警，再送实时读数，最后补送积压。",
  },
  repair: {
    en: "The crew opens the cover and closes the leak. The alarms return to normal.",
    "zh-CN": "抢修人员开盖堵漏，报警随之恢复正常。",
  },
  rest: { en: "Calm again. The gateway will be stopped.", "zh-CN": "恢复平静。即将停止网关。" },
  place: { en: "PLACE", "zh-CN": "位置" },
  edge: { en: "EDGE", "zh-CN": "边缘" },
  centre: { en: "CENTRE", "zh-CN": "中心" },
  trend: { en: "TREND", "zh-CN": "趋势" },
  gateway: { en: "GATEWAY", "zh-CN": "网关" },
  uplink: { en: "UPLINK", "zh-CN": "上行" },
  good: { en: "good", "zh-CN": "好" },
  uncertain: { en: "uncertain", "zh-CN": "存疑" },
  bad: { en: "bad", "zh-CN": "坏" },
  on: { en: "open", "zh-CN": "打开" },
  off: { en: "closed", "zh-CN": "关闭" },
  unacknowledged: { en: "ACTIVE", "zh-CN": "报警" },
  acknowledged: { en: "acknowledged", "zh-CN": "已确认" },
  "returned-unacknowledged": { en: "returned", "zh-CN": "已恢复" },
  "latched-unacknowledged": { en: "latched", "zh-CN": "锁存" },
  "latched-acknowledged": { en: "latched", "zh-CN": "锁存" },
  shelved: { en: "shelved", "zh-CN": "搁置" },
  suppressed: { en: "suppressed", "zh-CN": "抑制" },
  "out-of-service": { en: "out", "zh-CN": "停用" },
  starting: { en: "the gateway is starting", "zh-CN": "网关正在启动" },
  stored: {
    en: "{messages} messages and {events} events stored, {size} on disk",
    "zh-CN": "已存消息 {messages} 条、事件 {events} 条，磁盘占用 {size}",
  },
  disconnected: { en: "cut", "zh-CN": "已中断" },
  owed: {
    en: "backlog {readings} + {events} events",
    "zh-CN": "积压 {readings} 条 + 事件 {events} 条",
  },
  has: {
    en: "{messages} messages, seq {seq}, gaps {gaps}, duplicates {duplicates}, from backlog {backlog}",
    "zh-CN": "消息 {messages} 条，序号 {seq}，缺口 {gaps}，重复 {duplicates}，其中补送 {backlog}",
  },
  nothing: { en: "nothing yet", "zh-CN": "尚无消息" },
  hint: { en: "Ctrl-C ends the demo", "zh-CN": "按 Ctrl-C 结束演示" },
  stopping: {
    en: "The gateway is stopped; its last messages are awaited.",
    "zh-CN": "正在停止网关，等待最后的消息。",
  },
  statusLine: {
    en: "methane {near} and {far} %[LEL] · {alarms} · uplink {uplink} · backlog {owed} · centre has {messages}, gaps {gaps}",
    "zh-CN":
      "甲烷 {near} 和 {far} %[LEL] · {alarms} · 上行{uplink} · 积压 {owed} · 中心已收 {messages}，缺口 {gaps}",
  },
  noAlarm: { en: "no alarm", "zh-CN": "无报警" },
  activeAlarms: { en: "alarms {names}", "zh-CN": "报警 {names}" },
  verdict: { en: "What the centre received", "zh-CN": "中心收到的结果" },
  messages: { en: "messages seen", "zh-CN": "收到消息" },
  gaps: { en: "gaps", "zh-CN": "缺口" },
  duplicates: { en: "duplicates after de-duplication", "zh-CN": "去重后的重复" },
  conflicts: { en: "repeated keys with other bytes", "zh-CN": "键相同而内容不同" },
  readings: { en: "readings received", "zh-CN": "收到读数" },
  missing: { en: "stored by the gateway and not received", "zh-CN": "网关已存而未收到" },
  invalid: { en: "messages outside the contract", "zh-CN": "不符合约定的消息" },
  backlog: { en: "messages on the backlog topic", "zh-CN": "补送主题上的消息" },
  yellow: { en: "yellow alarms received", "zh-CN": "收到黄色报警" },
  red: { en: "red alarms received", "zh-CN": "收到红色报警" },
  exit: { en: "exit code of the gateway", "zh-CN": "网关退出码" },
  farewell: { en: "last word of the gateway", "zh-CN": "网关最后的状态" },
  offline: { en: "offline", "zh-CN": "离线" },
  online: { en: "online", "zh-CN": "在线" },
  unknown: { en: "unknown", "zh-CN": "未知" },
  holds: { en: "Nothing was lost.", "zh-CN": "没有丢失任何数据。" },
  fails: { en: "The verdict does not hold.", "zh-CN": "结果不成立。" },
  gatewayDied: {
    en: "the gateway ended by itself with exit code {code}:",
    "zh-CN": "网关自行退出，退出码 {code}：",
  },
  gatewaySilent: {
    en: "the gateway did not answer on its control socket within {seconds} s:",
    "zh-CN": "网关在 {seconds} 秒内未在控制套接字上应答：",
  },
} as const satisfies Record<string, Text>;

/** The name of a sentence. */
export type TextKey = keyof typeof TEXT;

/** The sentence `key` in `lang` with its parameters filled in. */
export const say: Say<TextKey> = speaker(TEXT);
