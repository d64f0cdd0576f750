import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** What the help says of `update`. */
export const UPDATE_HELP = {
  update: {
    en: "Fetches and installs releases, and goes back from them. A new one runs on trial first; one that does not do well is gone back from by itself. config has another configuration tried and kept in the same way. Alone: what is installed.",
    "zh-CN":
      "获取并安装新版本，或回退。新版本先试运行，运行不良时自动回退。config 以同样方式试运行并保留另一份配置。不带参数时显示已安装的版本。",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Every sentence of `lifeline update`, in every language. */
export const UPDATE_TEXT = {
  operands: {
    en: "[status|check|download|install|commit|rollback|history|config] [RELEASE|FILE]",
    "zh-CN": "[status|check|download|install|commit|rollback|history|config] [版本|文件]",
  },
  usage: {
    en: "update takes status, check, download [RELEASE], install [RELEASE], commit, rollback, history or config FILE",
    "zh-CN":
      "update 可带 status、check、download [版本]、install [版本]、commit、rollback、history 或 config 文件",
  },
  fromOption: {
    en: "a folder with the repository, such as a USB stick, in place of update.urls",
    "zh-CN": "版本仓库所在文件夹（如 U 盘），代替 update.urls",
  },
  dryRunOption: {
    en: "says what would be done, and does nothing",
    "zh-CN": "只说明将要执行的操作，不做任何更改",
  },
  installOption: {
    en: "where releases are installed; default: where this one is, or /opt/lifeline",
    "zh-CN": "版本安装目录；默认为本程序所在目录，或 /opt/lifeline",
  },
  reasonOption: {
    en: "why it is gone back, for the journal",
    "zh-CN": "回退原因，记入日志",
  },
  none: { en: "no release is installed in {root}", "zh-CN": "{root} 中未安装任何版本" },
  runs: { en: "runs", "zh-CN": "运行中" },
  candidate: { en: "on trial, started {tries} times", "zh-CN": "试运行，已启动 {tries} 次" },
  previous: { en: "would be gone back to", "zh-CN": "可回退" },
  installed: { en: "installed", "zh-CN": "已安装" },
  unsound: { en: "damaged: it has no runtime", "zh-CN": "已损坏：缺少运行时" },
  ordered: { en: "ordered: {release}, by {by}", "zh-CN": "已下达：{release}，由 {by}" },
  newest: { en: "the newest", "zh-CN": "最新版本" },
  looking: { en: "looking for {release}", "zh-CN": "正在查找 {release}" },
  fetching: { en: "fetching {release}", "zh-CN": "正在下载 {release}" },
  installing: { en: "installing {release}", "zh-CN": "正在安装 {release}" },
  waiting: {
    en: "{release} waits to be put in place: {why}",
    "zh-CN": "{release} 等待启用：{why}",
  },
  trial: { en: "{release} was put in place, on trial", "zh-CN": "{release} 已启用，试运行中" },
  done: { en: "{release}: nothing more to do", "zh-CN": "{release}：无需操作" },
  failed: { en: "{release} was not installed: {why}", "zh-CN": "{release} 未安装：{why}" },
  lastDone: { en: "last: {what} ({age} ago)", "zh-CN": "上次：{what}（{age}前）" },
  isNewest: {
    en: "{version} runs, and is the newest of {hardware}/{channel}",
    "zh-CN": "正在运行 {version}，已是 {hardware}/{channel} 的最新版本",
  },
  isOlder: {
    en: "{version} is published; what runs is newer",
    "zh-CN": "已发布 {version}；当前运行的版本更新",
  },
  isNew: {
    en: "{version} is published: {size} at the most to fetch",
    "zh-CN": "已发布 {version}：最多需下载 {size}",
  },
  isThere: {
    en: "{version} is published, and installed already",
    "zh-CN": "已发布 {version}，已安装",
  },
  freshUntil: { en: "known to be current until {time}", "zh-CN": "信息有效期至 {time}" },
  wouldFetch: {
    en: "would fetch {version} and have the gateway restarted with it on trial; nothing was done",
    "zh-CN": "将下载 {version} 并重启网关进行试运行；未执行任何操作",
  },
  wouldWait: { en: "now it would wait: {why}", "zh-CN": "目前需等待：{why}" },
  progress: { en: "fetching: {done} of {all} MB", "zh-CN": "下载：{done} / {all} MB" },
  fallback: {
    en: "what leads from the installed release is of no use ({code}): the whole is fetched",
    "zh-CN": "增量不可用（{code}）：改为下载完整版本",
  },
  downloaded: {
    en: "{version} is installed beside what runs; lifeline update install puts it in place",
    "zh-CN": "{version} 已安装，尚未启用；执行 lifeline update install 启用",
  },
  current: { en: "{version} runs already", "zh-CN": "{version} 已在运行" },
  onTrial: {
    en: "the gateway restarts with {version}, on trial: see lifeline update status",
    "zh-CN": "网关正以 {version} 重启并试运行：见 lifeline update status",
  },
  nextStart: {
    en: "no gateway runs here; its next start is with {version}, on trial",
    "zh-CN": "网关未运行；下次启动将使用 {version} 试运行",
  },
  waits: {
    en: "{version} is installed, and the gateway must not be restarted now: {why}",
    "zh-CN": "{version} 已安装，但目前不能重启网关：{why}",
  },
  again: { en: "type it again then; it takes a moment", "zh-CN": "届时重新执行即可，很快完成" },
  noTrial: { en: "no release is on trial", "zh-CN": "没有版本在试运行" },
  askKeep: {
    en: "Keep {version} before it has shown that it does well? [y/N] ",
    "zh-CN": "{version} 尚未通过试运行，确定保留？[y/N] ",
  },
  kept: { en: "{version} is kept", "zh-CN": "已保留 {version}" },
  askBack: {
    en: "Go back from {version} to {previous}? The gateway restarts. [y/N] ",
    "zh-CN": "从 {version} 回退到 {previous}？网关将重启。[y/N] ",
  },
  back: { en: "gone back to {version}", "zh-CN": "已回退到 {version}" },
  backNext: {
    en: "gone back to {version}: it runs from the next start on",
    "zh-CN": "已回退到 {version}：下次启动生效",
  },
  backWaits: {
    en: "the gateway must not be restarted now ({why}): nothing was changed",
    "zh-CN": "目前不能重启网关（{why}）：未作任何更改",
  },
  needsYes: {
    en: "nobody is there to ask: add --yes",
    "zh-CN": "无法询问确认：请加 --yes",
  },
  notDone: { en: "nothing was changed", "zh-CN": "未作任何更改" },
  noHistory: { en: "nothing was ever installed here", "zh-CN": "没有安装记录" },
  "step-installed": { en: "installed", "zh-CN": "已安装" },
  "step-activated": { en: "put in place", "zh-CN": "已启用" },
  "step-tried": { en: "started on trial", "zh-CN": "试启动" },
  "step-committed": { en: "kept", "zh-CN": "已保留" },
  "step-rolled-back": { en: "gone back from, to {from}", "zh-CN": "已回退到 {from}" },
  "step-refused": { en: "refused", "zh-CN": "已拒绝" },
  noteLong: {
    en: "--reason takes at most 200 characters",
    "zh-CN": "--reason 最多 200 个字符",
  },
  nothingDue: { en: "nothing is to be done", "zh-CN": "无需操作" },
  later: { en: "it goes on later by itself: {why}", "zh-CN": "稍后自动继续：{why}" },
  taken: { en: "the order was done with, and is removed", "zh-CN": "指令已完成并移除" },
} as const satisfies Readonly<Record<string, Text>>;

/** The key of a sentence of `lifeline update`. */
export type UpdateTextKey = keyof typeof UPDATE_TEXT;

/** The sentence of `UPDATE_TEXT` under a key. */
export const sayUpdate = speaker<UpdateTextKey>(UPDATE_TEXT);
