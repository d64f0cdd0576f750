import type { Lang, Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** Every sentence of the command line, in every language. `{name}` stands for a parameter. */
export const TEXT = {
  gatewayLine: { en: "Gateway {gateway}", "zh-CN": "网关 {gateway}" },
  runningFor: { en: "running for {age}", "zh-CN": "已运行 {age}" },
  releaseLine: {
    en: "release {release}, configuration {configuration}, clock {clock}",
    "zh-CN": "版本 {release}，配置 {configuration}，时钟 {clock}",
  },
  synced: { en: "synchronised", "zh-CN": "已同步" },
  corrected: { en: "corrected", "zh-CN": "已校正" },
  unsynced: { en: "not synchronised", "zh-CN": "未同步" },
  bus: { en: "BUS", "zh-CN": "总线" },
  state: { en: "STATE", "zh-CN": "状态" },
  since: { en: "FOR", "zh-CN": "持续" },
  requests: { en: "REQUESTS", "zh-CN": "请求" },
  timeouts: { en: "TIMEOUTS", "zh-CN": "超时" },
  missed: { en: "MISSED", "zh-CN": "错过" },
  trouble: { en: "TROUBLE", "zh-CN": "故障" },
  open: { en: "open", "zh-CN": "已打开" },
  closed: { en: "closed", "zh-CN": "已关闭" },
  silentDevices: { en: "no answer from {devices}", "zh-CN": "无应答：{devices}" },
  point: { en: "POINT", "zh-CN": "测点" },
  value: { en: "VALUE", "zh-CN": "值" },
  unit: { en: "UNIT", "zh-CN": "单位" },
  quality: { en: "QUALITY", "zh-CN": "质量" },
  age: { en: "AGE", "zh-CN": "时龄" },
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
  buffer: { en: "BUFFER", "zh-CN": "缓冲区" },
  bufferLine: {
    en: "{readings} messages and {events} events stored so far, {size} of {max} on disk, {waiting} readings wait for the next commit",
    "zh-CN":
      "累计存入消息 {readings} 条、事件 {events} 条，磁盘占用 {size} / {max}，{waiting} 个读数等待下次提交",
  },
  bufferFailing: { en: "NOT STORING: {code}", "zh-CN": "无法存储：{code}" },
  bufferRefused: {
    en: "{count} readings were lost because the disk took nothing for too long",
    "zh-CN": "磁盘长时间无法写入，丢失读数 {count} 个",
  },
  destination: { en: "DESTINATION", "zh-CN": "目标平台" },
  owed: { en: "OWED", "zh-CN": "待送" },
  events: { en: "EVENTS", "zh-CN": "事件" },
  inFlight: { en: "IN FLIGHT", "zh-CN": "在途" },
  acknowledgedCount: { en: "ACKNOWLEDGED", "zh-CN": "已确认" },
  connected: { en: "connected", "zh-CN": "已连接" },
  disconnected: { en: "disconnected", "zh-CN": "未连接" },
  "no-subscriber": {
    en: "the broker has no subscriber for it",
    "zh-CN": "代理服务器上没有订阅者",
  },
  refused: { en: "the broker refuses the messages", "zh-CN": "代理服务器拒收消息" },
  never: { en: "never", "zh-CN": "从未" },
  error: { en: "error", "zh-CN": "错误" },
  todo: { en: "What to do", "zh-CN": "处理方法" },
  configOk: {
    en: "{file}: the configuration can be used.",
    "zh-CN": "{file}：配置可用。",
  },
  configHolds: {
    en: "points: {points}, buses: {buses}, alarms: {alarms}, destinations: {destinations}",
    "zh-CN": "{buses} 条总线上 {points} 个测点，{alarms} 个报警，{destinations} 个目标平台",
  },
  starting: { en: "lifeline {release} starts", "zh-CN": "lifeline {release} 启动" },
  started: {
    en: "gateway {gateway} runs (points: {points}, buses: {buses}, destinations: {destinations})",
    "zh-CN": "网关 {gateway} 已运行：{buses} 条总线上 {points} 个测点，{destinations} 个目标平台",
  },
  stopping: {
    en: "stopping: the last readings are stored and sent",
    "zh-CN": "正在停止：存储并发送最后的读数",
  },
  stopped: { en: "stopped", "zh-CN": "已停止" },
  acknowledgeDone: { en: "{alarm} is acknowledged", "zh-CN": "{alarm} 已确认" },
  resetDone: { en: "{alarm} is reset", "zh-CN": "{alarm} 已复位" },
  "no-effect": {
    en: "{alarm} is in no state for that; see: lifeline alarms",
    "zh-CN": "{alarm} 当前状态不允许此操作；请查看：lifeline alarms",
  },
  unknownAlarm: {
    en: "there is no alarm {alarm}; see: lifeline alarms",
    "zh-CN": "没有报警 {alarm}；请查看：lifeline alarms",
  },
  alarmsUsage: {
    en: "alarms takes nothing, or else ack or reset and the name of an alarm",
    "zh-CN": "alarms 不带参数，或带 ack 或 reset 以及报警名",
  },
  noAlarms: { en: "no alarms are configured", "zh-CN": "未配置报警" },
  program: {
    en: "Lifeline Edge: the gateway that guards a city's lifelines",
    "zh-CN": "Lifeline Edge：守护城市生命线的网关",
  },
  run: { en: "Run the gateway.", "zh-CN": "运行网关。" },
  check: {
    en: "Check the configuration and say what is wrong.",
    "zh-CN": "检查配置并指出错误。",
  },
  status: { en: "Show the state of the running gateway.", "zh-CN": "显示运行中网关的状态。" },
  alarms: {
    en: "List alarms; ack or reset one.",
    "zh-CN": "列出报警；确认（ack）或复位（reset）报警。",
  },
  read: {
    en: "Read points, or what stands at an address, now.",
    "zh-CN": "立即读取测点，或某个地址的内容。",
  },
  write: {
    en: "Write a point. Asks first; the write is recorded.",
    "zh-CN": "写入测点。写入前会确认，并留下记录。",
  },
  demo: {
    en: "Guard a simulated city block, with a leak and an outage.",
    "zh-CN": "守护一个模拟街区，演示泄漏与断网。",
  },
  configOption: { en: "configuration file", "zh-CN": "配置文件" },
  jsonOption: { en: "stable output for programs", "zh-CN": "供程序读取的稳定输出" },
  langOption: { en: "language, en or zh-CN", "zh-CN": "语言，en 或 zh-CN" },
  schemaOption: {
    en: "print the JSON Schema of gateway.yaml for editors",
    "zh-CN": "输出 gateway.yaml 的 JSON Schema，供编辑器使用",
  },
  yesOption: { en: "do not ask before writing", "zh-CN": "写入前不确认" },
  secondsOption: {
    en: "how long the story takes, 10 to 3600",
    "zh-CN": "演示时长（秒），10 至 3600",
  },
  helpOption: { en: "display help for command", "zh-CN": "显示命令的帮助" },
  versionOption: { en: "output the version number", "zh-CN": "输出版本号" },
  defaultIs: { en: " (default: {value})", "zh-CN": "（默认：{value}）" },
  "Usage:": { en: "Usage:", "zh-CN": "用法：" },
  "Options:": { en: "Options:", "zh-CN": "选项：" },
  "Global Options:": { en: "Global Options:", "zh-CN": "全局选项：" },
  "Commands:": { en: "Commands:", "zh-CN": "命令：" },
  "Example:": { en: "Example:", "zh-CN": "示例：" },
  "commander.unknownOption": { en: "there is no option {name}", "zh-CN": "没有选项 {name}" },
  "commander.unknownCommand": { en: "there is no command {name}", "zh-CN": "没有命令 {name}" },
  "commander.excessArguments": {
    en: "too many arguments for {name}",
    "zh-CN": "{name} 的参数过多",
  },
  "commander.optionMissingArgument": {
    en: "a value is missing: {name}",
    "zh-CN": "缺少取值：{name}",
  },
  "commander.invalidArgument": {
    en: "{value} does not fit here: {name}.",
    "zh-CN": "{value} 不能用于 {name}。",
  },
  didYouMean: { en: "; did you mean {suggestion}?", "zh-CN": "；是否想写 {suggestion}？" },
  readHelp: { en: "run: lifeline --help", "zh-CN": "运行：lifeline --help" },
  languagesAllowed: { en: "Allowed: en, zh-CN.", "zh-CN": "允许：en、zh-CN。" },
  secondsAllowed: {
    en: "Allowed: a whole number from 10 to 3600.",
    "zh-CN": "允许：10 至 3600 的整数。",
  },
  demoMissing: {
    en: "the demo is part of a checkout, not of an installed release",
    "zh-CN": "演示程序只在源码检出中提供，安装版不含",
  },
} as const satisfies Record<string, Text>;

/** The name of a sentence. */
export type TextKey = keyof typeof TEXT;

/** The sentence `key` in `lang` with its parameters filled in. */
export const say: Say<TextKey> = speaker(TEXT);

/** `key` as a sentence where there is one, as it is otherwise. */
export function sayOr(lang: Lang, key: string): string {
  return Object.hasOwn(TEXT, key) ? say(lang, key as TextKey) : key;
}
