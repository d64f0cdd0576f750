import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** What the help says of `log` and `bundle`; part of the text table. */
export const RECORD_HELP = {
  log: {
    en: "Show what the running gateway logged lately; without one, what the system's journal keeps of it.",
    "zh-CN": "显示运行中网关最近的日志；网关未运行时显示系统日志（journal）中保留的内容。",
  },
  bundle: {
    en: "Pack what support needs into one file, without any secret. The gateway need not run.",
    "zh-CN": "将技术支持所需内容打包为一个文件，不含任何密钥。网关无需运行。",
  },
  timingOption: {
    en: "tell on standard error how long the start took, and how many modules",
    "zh-CN": "在标准错误输出启动耗时与加载模块数",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Every sentence of `log`, `events` and `bundle`, in every language. */
export const RECORD_TEXT = {
  eventsHelp: {
    en: "Show the stored events: alarms, writes, interlocks, and what happened to the gateway. The gateway need not run.",
    "zh-CN": "显示已存储的事件：报警、写入、联锁以及网关自身的变化。网关无需运行。",
  },
  fromOption: {
    en: "from this time on, such as -24h or 2026-11-27T08:00; without it, the newest 200",
    "zh-CN": "起始时间，例如 -24h 或 2026-11-27T08:00；不指定则显示最新 200 条",
  },
  toOption: { en: "up to this time", "zh-CN": "截止时间" },
  pointOption: {
    en: "only of these points, such as gas-1.gas, gas-1 or 'gas-*'",
    "zh-CN": "仅这些测点，例如 gas-1.gas、gas-1 或 'gas-*'",
  },
  kindOption: {
    en: "only these kinds, such as alarm,write",
    "zh-CN": "仅这些种类，例如 alarm,write",
  },
  followOption: {
    en: "go on with what comes, until Ctrl-C",
    "zh-CN": "持续显示新内容，直到按 Ctrl-C",
  },
  levelOption: {
    en: "only lines at least so grave: info, warn or error",
    "zh-CN": "仅显示此级别及以上的日志：info、warn 或 error",
  },
  sinceOption: {
    en: "from this time on, such as -1h or 2026-11-27T08:00",
    "zh-CN": "起始时间，例如 -1h 或 2026-11-27T08:00",
  },
  outOption: { en: "the file to make", "zh-CN": "要生成的文件" },
  noOperands: { en: "{command} takes options only", "zh-CN": "{command} 只接受选项" },
  unknownKind: {
    en: "{kind} is no kind of event; there are {kinds}",
    "zh-CN": "{kind} 不是事件种类；可用：{kinds}",
  },
  unknownLevel: {
    en: "{level} is no level; there are info, warn and error",
    "zh-CN": "{level} 不是日志级别；可用：info、warn、error",
  },
  noEvents: { en: "No such events are stored.", "zh-CN": "没有存储此类事件。" },
  damaged: { en: "event {seq} cannot be read", "zh-CN": "事件 {seq} 无法读取" },
  by: { en: "by {who}", "zh-CN": "操作人 {who}" },
  turned: {
    en: "{kind} {subject}: {from} → {to} ({cause})",
    "zh-CN": "{kind} {subject}：{from} → {to}（{cause}）",
  },
  "gateway-start": { en: "the gateway began", "zh-CN": "网关启动" },
  "gateway-stop": { en: "the gateway was asked to stop", "zh-CN": "网关按要求停止" },
  "local-command": {
    en: "a signed command was brought by hand: {outcome}",
    "zh-CN": "现场递交签名命令：{outcome}",
  },
  "local-configuration": {
    en: "at the box, configuration {action}: {outcome}",
    "zh-CN": "现场操作配置 {action}：{outcome}",
  },
  "panel-opened": {
    en: "somebody typed the PIN of the local page",
    "zh-CN": "有人在本地页面输入了正确的 PIN 码",
  },
  "panel-locked": {
    en: "too many wrong PINs on the local page: none is looked at for {minutes} min",
    "zh-CN": "本地页面 PIN 码错误次数过多：{minutes} 分钟内不再接受",
  },
  logFromJournal: {
    en: "This is what the system's journal keeps of it.",
    "zh-CN": "以下为系统日志（journal）中保留的内容。",
  },
  noJournal: {
    en: "The system's journal keeps nothing of the unit {unit}. The log goes to standard error of lifeline run: look where that was started.",
    "zh-CN":
      "系统日志（journal）中没有单元 {unit} 的内容。日志写到 lifeline run 的标准错误输出：请查看其启动处。",
  },
  logMissed: { en: "{count} lines are kept no more", "zh-CN": "{count} 行已不再保留" },
  bundled: {
    en: "{path}: {count} files in {size}, secrets taken out",
    "zh-CN": "{path}：{count} 个文件，{size}，已去除密钥",
  },
  bundleLacks: { en: "without {name}: {why}", "zh-CN": "缺少 {name}：{why}" },
  bundleLook: {
    en: "Look into it before you send it: tar xzf {path}",
    "zh-CN": "发送前请先查看：tar xzf {path}",
  },
  bundleUnwritten: {
    en: "the bundle {path} cannot be written: {why}",
    "zh-CN": "无法写入 {path}：{why}",
  },
  logGone: { en: "the gateway is gone; waiting for it", "zh-CN": "网关已退出，等待其恢复" },
} as const satisfies Readonly<Record<string, Text>>;

export type RecordTextKey = keyof typeof RECORD_TEXT;

/** Says one of these sentences. */
export const sayRecord = speaker<RecordTextKey>(RECORD_TEXT);
