import { type Say, speaker } from "../cli/language.ts";
import type { Text } from "../core/errors.ts";

/** What the help says of `watch`. */
export const WATCH_HELP = {
  watch: {
    en: "Show live how the running gateway is: alarms, points with their trends, buses, destinations. h shows the keys. Without a terminal it prints a block every few seconds.",
    "zh-CN":
      "实时显示运行中网关的状态：报警、测点及趋势、总线、目标平台。按 h 查看按键。非终端输出时每隔几秒打印一段。",
  },
} as const satisfies Record<string, Text>;

/** Every sentence of the live view, in every language. `{name}` stands for a parameter. */
export const WATCH_TEXT = {
  everyOption: {
    en: "how often to look, 200ms to 1h (default: 1s, without a terminal 5s)",
    "zh-CN": "刷新间隔，200ms 至 1h（默认 1s，非终端输出时 5s）",
  },
  onceOption: {
    en: "print one block and end: 0 where all is well, 1 where something is wrong",
    "zh-CN": "打印一段后结束：一切正常返回 0，有故障返回 1",
  },
  filterOption: {
    en: "show only points with this in their name, unit or quality",
    "zh-CN": "仅显示名称、单位或质量中含有该文字的测点",
  },
  everyAllowed: { en: "Allowed: 200ms to 1h.", "zh-CN": "允许：200ms 至 1h。" },
  up: { en: "up {age}", "zh-CN": "运行 {age}" },
  clock: { en: "clock {state}", "zh-CN": "时钟{state}" },
  tried: { en: "{release} ON TRIAL", "zh-CN": "{release} 试运行" },
  paused: { en: "PAUSED", "zh-CN": "已暂停" },
  waiting: { en: "waiting for the gateway", "zh-CN": "正在等待网关" },
  gone: {
    en: "NO ANSWER for {age}: {why}. Trying again.",
    "zh-CN": "已有 {age} 无应答：{why}。正在重试。",
  },
  owed: {
    en: "{name} {state}, owed {readings} + {events} events",
    "zh-CN": "{name} {state}，待送消息 {readings} 条、事件 {events} 条",
  },
  nothingOwed: { en: "{name} {state}", "zh-CN": "{name} {state}" },
  ofBus: { en: "{bus}: {what}", "zh-CN": "{bus}：{what}" },
  more: { en: "{count} more", "zh-CN": "另 {count} 个" },
  store: {
    en: "buffer {size} of {max}, {waiting} readings wait; buses open {open} of {buses}",
    "zh-CN": "缓冲区 {size} / {max}，等待提交 {waiting} 个；总线已打开 {open}/{buses}",
  },
  noDestinations: { en: "no destinations", "zh-CN": "没有目标平台" },
  noFaults: { en: "nothing is wrong", "zh-CN": "无故障" },
  wrong: { en: "WRONG ({count}): {what}", "zh-CN": "故障（{count}）：{what}" },
  alarms: { en: "ALARMS {count}", "zh-CN": "报警 {count}" },
  noAlarms: { en: "ALARMS none", "zh-CN": "报警：无" },
  quiet: { en: "{count} silenced", "zh-CN": "{count} 个已抑制" },
  trend: { en: "TREND", "zh-CN": "趋势" },
  rows: { en: "{from}-{to} of {of}", "zh-CN": "第 {from}-{to} 行，共 {of} 行" },
  none: { en: "none", "zh-CN": "无" },
  noneMatches: { en: "nothing matches the filter", "zh-CN": "没有符合筛选条件的内容" },
  sortedBy: { en: "by {sort}", "zh-CN": "按{sort}" },
  reversed: { en: "by {sort}, reversed", "zh-CN": "按{sort}，倒序" },
  "sort-name": { en: "name", "zh-CN": "名称" },
  "sort-age": { en: "age", "zh-CN": "时龄" },
  "sort-quality": { en: "quality", "zh-CN": "质量" },
  "sort-alarm": { en: "alarm", "zh-CN": "报警" },
  filtered: { en: "filter: {filter}", "zh-CN": "筛选：{filter}" },
  typing: {
    en: "filter: {filter}_  Enter keeps it, Esc drops it",
    "zh-CN": "筛选：{filter}_  Enter 确定，Esc 清除",
  },
  "page-points": { en: "points", "zh-CN": "测点" },
  "page-alarms": { en: "alarms", "zh-CN": "报警" },
  "page-buses": { en: "buses", "zh-CN": "总线" },
  "page-destinations": { en: "destinations", "zh-CN": "目标平台" },
  "page-interlocks": { en: "interlocks", "zh-CN": "联锁" },
  hint: { en: "h help  q quit", "zh-CN": "h 帮助  q 退出" },
  tooSmall: {
    en: "This terminal has {width}×{height} cells; watch needs {minWidth}×{minHeight}. Make it larger, or: lifeline watch --once | less. q quits.",
    "zh-CN":
      "当前终端为 {width}×{height}；watch 至少需要 {minWidth}×{minHeight}。请放大窗口，或使用：lifeline watch --once | less。按 q 退出。",
  },
  helpTitle: { en: "KEYS", "zh-CN": "按键" },
  helpPages: {
    en: "points, alarms, buses, destinations, interlocks; next, previous",
    "zh-CN": "测点、报警、总线、目标平台、联锁；下一页、上一页",
  },
  helpMove: {
    en: "up, down, a page, to the first, to the last",
    "zh-CN": "上、下、翻页、到首行、到末行",
  },
  helpSort: {
    en: "sort points by name, age, quality, alarm; back; reverse",
    "zh-CN": "测点按名称、时龄、质量、报警排序；反向切换；倒序",
  },
  helpFilter: { en: "type a filter; Esc drops it", "zh-CN": "输入筛选条件；Esc 清除" },
  helpPause: { en: "pause, and go on", "zh-CN": "暂停与继续" },
  helpRedraw: {
    en: "draw anew; to the shell and back with fg",
    "zh-CN": "重新绘制；暂回命令行，用 fg 返回",
  },
  helpQuit: { en: "quit", "zh-CN": "退出" },
  helpMarks: { en: "MARKS", "zh-CN": "标记" },
  helpCalls: {
    en: "an alarm that nobody has acknowledged, or that must be reset",
    "zh-CN": "报警未确认，或须复位",
  },
  helpAnswered: {
    en: "an alarm that is acknowledged and still there",
    "zh-CN": "报警已确认，仍然存在",
  },
  helpBad: { en: "the value is not known, and why", "zh-CN": "数值未知及原因" },
  helpDoubt: { en: "the value is in doubt, and why", "zh-CN": "数值存疑及原因" },
  helpTrend: {
    en: "the newest values, lowest to highest shown; · not known",
    "zh-CN": "最近的数值，自最低至最高；· 表示未知",
  },
  helpEnd: { en: "any key goes back", "zh-CN": "按任意键返回" },
} as const satisfies Record<string, Text>;

/** The name of a sentence about it. */
export type WatchTextKey = keyof typeof WATCH_TEXT;

/** The sentence `key` in `lang` with its parameters filled in. */
export const sayWatch: Say<WatchTextKey> = speaker(WATCH_TEXT);
