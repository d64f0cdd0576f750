import type { Lang, Text } from "../core/errors.ts";
import { WATCH_HELP } from "../watch/text.ts";
import { ALARM_WORDS } from "./alarm-words.ts";
import { ALARMS_HELP } from "./alarms-text.ts";
import { BOARD_TEXT } from "./board-text.ts";
import { BUFFER_HELP } from "./buffer-text.ts";
import { CALIBRATE_HELP } from "./calibrate-text.ts";
import { CLOCK_TEXT } from "./clock-text.ts";
import { COMMAND_HELP } from "./command-text.ts";
import { CONFIG_HELP } from "./config-text.ts";
import { DOCTOR_HELP } from "./doctor-help.ts";
import { FAULT_TEXT } from "./fault-text.ts";
import { FLASH_HELP } from "./flash-text.ts";
import { IMPAIRMENT_TEXT } from "./impairment-text.ts";
import { INTERLOCK_HELP } from "./interlock-text.ts";
import { type Say, speaker } from "./language.ts";
import { NODE_HELP } from "./node-text.ts";
import { PROFILES_HELP } from "./profiles-text.ts";
import { PROVISION_HELP } from "./provision-text.ts";
import { REASON_WORDS } from "./quality-text.ts";
import { RECORD_HELP } from "./record-text.ts";
import { RELEASE_HELP } from "./release-text.ts";
import { REPORT_HELP } from "./report-text.ts";
import { RETENTION_TEXT } from "./retention-text.ts";
import { RUN_TEXT } from "./run-text.ts";
import { SCAN_HELP } from "./scan-help.ts";
import { SHELL_HELP } from "./shell/completion-text.ts";
import { UPDATE_HELP } from "./update-text.ts";

/** Every sentence of the command line, in every language. `{name}` stands for a parameter. */
export const TEXT = {
  ...ALARM_WORDS,
  ...ALARMS_HELP,
  ...BOARD_TEXT,
  ...RECORD_HELP,
  ...RETENTION_TEXT,
  ...RUN_TEXT,
  ...BUFFER_HELP,
  ...CALIBRATE_HELP,
  ...CLOCK_TEXT,
  ...COMMAND_HELP,
  ...CONFIG_HELP,
  ...REPORT_HELP,
  ...DOCTOR_HELP,
  ...SCAN_HELP,
  ...REASON_WORDS,
  ...PROFILES_HELP,
  ...PROVISION_HELP,
  ...FLASH_HELP,
  ...UPDATE_HELP,
  ...RELEASE_HELP,
  ...NODE_HELP,
  ...INTERLOCK_HELP,
  ...FAULT_TEXT,
  ...WATCH_HELP,
  ...SHELL_HELP,
  ...IMPAIRMENT_TEXT,
  gatewayLine: { en: "Gateway {gateway}", "zh-CN": "网关 {gateway}" },
  runningFor: { en: "running for {age}", "zh-CN": "已运行 {age}" },
  secretsLine: { en: "secrets: {rung}", "zh-CN": "密钥保护：{rung}" },
  releaseLine: {
    en: "release {release}, configuration {configuration}, clock {clock}",
    "zh-CN": "版本 {release}，配置 {configuration}，时钟{clock}",
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
  open: { en: "open", "zh-CN": "已打开" },
  closed: { en: "closed", "zh-CN": "已关闭" },
  silentDevices: { en: "no answer from {devices}", "zh-CN": "无应答：{devices}" },
  point: { en: "POINT", "zh-CN": "测点" },
  value: { en: "VALUE", "zh-CN": "值" },
  unit: { en: "UNIT", "zh-CN": "单位" },
  quality: { en: "QUALITY", "zh-CN": "质量" },
  good: { en: "good", "zh-CN": "好" },
  uncertain: { en: "uncertain", "zh-CN": "存疑" },
  bad: { en: "bad", "zh-CN": "坏" },
  age: { en: "AGE", "zh-CN": "时龄" },
  bufferTitle: { en: "BUFFER", "zh-CN": "缓冲区" },
  bufferLine: {
    en: "{size} of {max} on disk; stored so far: messages {readings}, events {events}",
    "zh-CN": "磁盘占用 {size} / {max}；累计存入消息 {readings} 条、事件 {events} 条",
  },
  bufferWaiting: {
    en: "readings that wait for the next commit: {waiting}",
    "zh-CN": "等待下次提交的读数：{waiting} 个",
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
  "host-offline": {
    en: "the primary host is not online",
    "zh-CN": "主机应用不在线",
  },
  "host-offlineTodo": {
    en: "start the host application, or see whether sparkplug.primaryHost is its id; until then the buffer keeps all",
    "zh-CN": "启动主机应用，或核对 sparkplug.primaryHost 是否为其标识；在此之前数据保存在缓冲区",
  },
  "command-refused": { en: "command refused", "zh-CN": "命令被拒绝" },
  "status-refused": {
    en: "the broker refuses the message that the gateway is online",
    "zh-CN": "代理服务器拒收网关在线状态消息",
  },
  template: {
    en: "its template fails at a message, see the log",
    "zh-CN": "模板处理消息失败，见日志",
  },
  templateTodo: {
    en: "correct the destination's template in gateway.yaml; until then the buffer keeps all",
    "zh-CN": "请修正 gateway.yaml 中该目标平台的模板；在此之前数据保存在缓冲区",
  },
  takesNotAll: {
    en: "destination {destination} takes not all: {why}",
    "zh-CN": "目标平台 {destination} 未全部接收：{why}",
  },
  faults: { en: "WHAT IS WRONG", "zh-CN": "故障及处理" },
  busIsClosed: { en: "closed: bus {at}", "zh-CN": "总线已关闭：{at}" },
  isAway: { en: "not connected: destination {at}", "zh-CN": "未连接的目标平台：{at}" },
  "no-subscriberTodo": {
    en: "start the receiver at the centre; until then the buffer keeps all",
    "zh-CN": "请中心启动接收程序；在此之前数据保存在缓冲区",
  },
  refusedTodo: {
    en: "see the log of the broker: which topics may this gateway publish?",
    "zh-CN": "查看代理服务器日志：是否允许本网关发布这些主题",
  },
  never: { en: "never", "zh-CN": "从未" },
  errorIs: { en: "error: {what}", "zh-CN": "错误：{what}" },
  withCode: { en: "{meaning} ({code})", "zh-CN": "{meaning}（{code}）" },
  detailIs: { en: "Details: {detail}", "zh-CN": "详情：{detail}" },
  todoIs: { en: "What to do: {advice}", "zh-CN": "处理方法：{advice}" },
  programError: { en: "an error in the program", "zh-CN": "程序内部错误" },
  programErrorTodo: {
    en: "try again; if it comes back, report the details and: lifeline --version",
    "zh-CN": "请重试；若再次出现，请上报详情及 lifeline --version 的输出",
  },
  outputLost: { en: "the output cannot be written: {why}", "zh-CN": "输出无法写入：{why}" },
  configOk: {
    en: "{file}: the configuration can be used.",
    "zh-CN": "{file}：配置可用。",
  },
  configHolds: {
    en: "points: {points}, buses: {buses}, alarms: {alarms}, destinations: {destinations}",
    "zh-CN": "{buses} 条总线上 {points} 个测点，{alarms} 个报警，{destinations} 个目标平台",
  },
  shareCounts: {
    en: "destination '{destination}': {points} of {of} points",
    "zh-CN": "目标平台“{destination}”：{of} 个测点中的 {points} 个",
  },
  shareEvery: { en: ", one reading every {seconds} s", "zh-CN": "，每 {seconds} 秒一个读数" },
  shareLeftOut: { en: "; left out: {points}", "zh-CN": "；不包括：{points}" },
  shareMore: { en: "{named} and {more} more", "zh-CN": "{named} 等另外 {more} 个" },
  holdsUnsynced: {
    en: "Note: until the clock is synchronised, after each start of the machine, readings are stored and wait; those whose time is still not known are sent once a destination was in reach for {hold} (buffer.holdUnsynced). Events do not wait.",
    "zh-CN":
      "提示：设备每次开机后，时钟同步之前读数先存储、暂不发送；若时间一直未知，则在目标平台可达满 {hold} 后照发（buffer.holdUnsynced）。事件不等待。",
  },
  noAlarms: { en: "no alarms are configured", "zh-CN": "未配置报警" },
  program: {
    en: "Lifeline Edge: the gateway that guards a city's lifelines",
    "zh-CN": "Lifeline Edge：守护城市生命线的网关",
  },
  run: {
    en: "Run the gateway until Ctrl-C or SIGTERM; log to standard error.",
    "zh-CN": "运行网关，直到 Ctrl-C 或 SIGTERM；日志写到标准错误。",
  },
  check: {
    en: "Check the configuration and say what is wrong.",
    "zh-CN": "检查配置并指出错误。",
  },
  status: {
    en: "Show how the running gateway is, and what is wrong.",
    "zh-CN": "显示运行中网关的状态及故障。",
  },
  decode: {
    en: "Explain frames given as hex, or without HEX as lines of standard input: what they say, what is wrong. FRAMING is modbus-rtu, modbus-tcp, modbus-ascii, hj212, sl651 or sparkplug; those of hj212 and sl651 may also be given as text, in quotes, and those of sparkplug behind their topic.",
    "zh-CN":
      "解释以十六进制给出的报文（不带 HEX 时逐行读取标准输入）：内容及错误。FRAMING 为 modbus-rtu、modbus-tcp、modbus-ascii、hj212、sl651 或 sparkplug；hj212 和 sl651 也可用引号给出文本，sparkplug 可在前面写出主题。",
  },
  trace: {
    en: "Show every byte on a bus of the running gateway, and what it means.",
    "zh-CN": "查看运行中网关某条总线上的每个字节及其含义。",
  },
  read: {
    en: "Read points, or what stands at an address, now.",
    "zh-CN": "立即读取测点，或某个地址的内容。",
  },
  write: {
    en: "Write a point, or by address. Asks first; the write is recorded.",
    "zh-CN": "写入测点，或按地址写入。写入前会确认，并留下记录。",
  },
  demo: {
    en: "Show the gateway guarding a simulated city block: a leak, an outage.",
    "zh-CN": "守护一个模拟街区，演示泄漏与断网。",
  },
  fleet: {
    en: "At the centre: list gateways and what they proved, roll releases out in rings.",
    "zh-CN": "在中心侧：列出网关及其已证明的版本，按环逐步发布新版本。",
  },
  fleetOperands: {
    en: "list | versions | show GATEWAY | rollout start PLAN.json | rollout status [ID] | rollout pause|resume|abort ID | run",
    "zh-CN":
      "list | versions | show 网关 | rollout start 计划文件 | rollout status [编号] | rollout pause|resume|abort 编号 | run",
  },
  fleetDirOption: { en: "folder of the centre", "zh-CN": "中心的目录" },
  fleetCanariesOption: {
    en: "so many gateways of each kind of board go first",
    "zh-CN": "每种板卡先行更新的网关数量",
  },
  fleetBrokerOption: { en: "url of the broker", "zh-CN": "代理服务器地址" },
  fleetKeyOption: { en: "private key that orders are signed with", "zh-CN": "签署命令的私钥" },
  fleetMissing: {
    en: "the centre is part of a checkout, not of an installed release",
    "zh-CN": "中心程序只在源码检出中提供，安装版不含",
  },
  saveOption: {
    en: "save a capture: FILE.pcapng opens in Wireshark as it is, FILE.txt is text for lifeline decode",
    "zh-CN":
      "保存抓包：FILE.pcapng 可直接用 Wireshark 打开，FILE.txt 为供 lifeline decode 读取的文本",
  },
  pastOption: {
    en: "begin with what the gateway's recorder still holds",
    "zh-CN": "先给出网关记录仪中仍保留的内容",
  },
  traceSecondsOption: {
    en: "end after so many seconds, 0 to 86400",
    "zh-CN": "若干秒后结束，0 至 86400",
  },
  traceSecondsAllowed: {
    en: "Allowed: a whole number from 0 to 86400.",
    "zh-CN": "允许：0 至 86400 的整数。",
  },
  configOption: { en: "configuration file", "zh-CN": "配置文件" },
  jsonOption: { en: "stable output for programs", "zh-CN": "供程序读取的稳定输出" },
  jsonLogOption: {
    en: "log one JSON object a line to standard output",
    "zh-CN": "日志逐行以 JSON 写到标准输出",
  },
  langOption: {
    en: "en or zh-CN (default: as LANG says)",
    "zh-CN": "语言，en 或 zh-CN（默认：按 LANG）",
  },
  cardOption: {
    en: "check a gateway's folder as its card brings it: that of a batch, or of the card itself",
    "zh-CN": "按存储卡带来的内容检查网关文件夹：批次中的或卡上的文件夹",
  },
  schemaOption: {
    en: "print the JSON Schema of gateway.yaml for editors",
    "zh-CN": "输出 gateway.yaml 的 JSON Schema，供编辑器使用",
  },
  healing: {
    en: "nothing answers on bus {name}: {done}",
    "zh-CN": "总线 {name} 上无任何应答：{done}",
  },
  flushed: { en: "what waited in the port was flushed", "zh-CN": "已清空端口缓冲" },
  reopened: { en: "the line was opened anew", "zh-CN": "已重新打开线路" },
  "usb-rebound": { en: "its USB adapter was bound anew", "zh-CN": "已重新绑定其 USB 适配器" },
  yesOption: { en: "do not ask before writing", "zh-CN": "写入前不确认" },
  secondsOption: {
    en: "how long it takes, in seconds, 10 to 3600",
    "zh-CN": "演示时长（秒），10 至 3600",
  },
  helpOption: { en: "show help, of one command too", "zh-CN": "显示帮助，也可针对某个命令" },
  versionOption: { en: "show the version", "zh-CN": "显示版本号" },
  exitCodes: {
    en: "Exit code: 0 all is well, 1 no or a fault was found, 2 used wrongly",
    "zh-CN": "退出码：0 正常，1 结果为否或发现故障，2 用法错误",
  },
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
    en: "{value} does not fit here: {name}. {allowed}",
    "zh-CN": "{value} 不能用于 {name}。{allowed}",
  },
  didYouMean: { en: "; did you mean {suggestion}?", "zh-CN": "；是否想写 {suggestion}？" },
  usedWrongly: { en: "the command was used wrongly", "zh-CN": "命令用法有误" },
  saidNo: { en: "this was not done", "zh-CN": "未执行" },
  saidNoTodo: {
    en: "see the message, or ask for something else",
    "zh-CN": "请看说明，或改为其他操作",
  },
  readHelp: { en: "read: {command} --help", "zh-CN": "请看：{command} --help" },
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

/** `quality` (`bad:timeout`) in words; in English these are the words of the contract. */
export function sayQuality(lang: Lang, quality: string): string {
  const words = quality.split(":").map((word) => sayOr(lang, word));
  return words.join(lang === "en" ? ":" : "：");
}
