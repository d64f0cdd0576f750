import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** Every sentence about what becomes of releases, in every language. */
export const UPDATING_TEXT = {
  restart: {
    en: "{who} has the gateway restarted, for release {release}",
    "zh-CN": "{who} 为版本 {release} 重启网关",
  },
  installed: { en: "release {release} is installed", "zh-CN": "版本 {release} 已安装" },
  activated: {
    en: "release {release} is tried; {before} stands by",
    "zh-CN": "版本 {release} 开始试运行；{before} 待命",
  },
  healthy: { en: "release {release} does well", "zh-CN": "版本 {release} 运行正常" },
  unhealthy: {
    en: "release {release} does not do well: {why}",
    "zh-CN": "版本 {release} 运行不正常：{why}",
  },
  unwritten: {
    en: "what release {release} was found to be cannot be written: {why}",
    "zh-CN": "无法写入对版本 {release} 的判定：{why}",
  },
  committed: { en: "release {release} is kept", "zh-CN": "保留版本 {release}" },
  "rolled-back": {
    en: "release {release} is given up, {before} runs again: {why}",
    "zh-CN": "放弃版本 {release}，恢复 {before}：{why}",
  },
  refused: {
    en: "release {release} is not installed: {why}",
    "zh-CN": "未安装版本 {release}：{why}",
  },
  noReason: { en: "no reason is known", "zh-CN": "原因未知" },
  onTrial: {
    en: "release {release} is on trial ({state}); {before} comes back where it fails",
    "zh-CN": "版本 {release} 试运行中（{state}）；失败则恢复 {before}",
  },
  judged: { en: "it is being watched", "zh-CN": "观察中" },
  isHealthy: { en: "it does well, and is to be kept", "zh-CN": "运行正常，待确认保留" },
  isUnhealthy: { en: "it does not do well", "zh-CN": "运行不正常" },
  ordered: { en: "{by} ordered release: {release}", "zh-CN": "{by} 已下达安装版本：{release}" },
  fetching: { en: "release {release} is being fetched", "zh-CN": "正在下载版本 {release}" },
  installing: { en: "release {release} is being installed", "zh-CN": "正在安装版本 {release}" },
  waiting: {
    en: "release {release} is installed and waits: {why}",
    "zh-CN": "版本 {release} 已安装，等待启用：{why}",
  },
  failed: {
    en: "release {release} could not be installed: {why}",
    "zh-CN": "版本 {release} 未能安装：{why}",
  },
  newest: { en: "the newest", "zh-CN": "最新版" },
} as const satisfies Record<string, Text>;

/** The sentence of `UPDATING_TEXT` under a key. */
export const sayUpdating = speaker<keyof typeof UPDATING_TEXT>(UPDATING_TEXT);
