import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** Every sentence of `lifeline update config`, in every language. */
export const UPDATE_CONFIG_TEXT = {
  unreadable: { en: "cannot read {file}: {why}", "zh-CN": "无法读取 {file}：{why}" },
  isOnTrial: {
    en: "a configuration is on trial already: see lifeline config list",
    "zh-CN": "已有配置在试运行：见 lifeline config list",
  },
  same: {
    en: "{file} is what is in use: nothing is to be done",
    "zh-CN": "{file} 与当前配置相同，无需操作",
  },
  overloaded: {
    en: "the buses cannot carry their plan: {buses}; see lifeline check",
    "zh-CN": "总线无法承载轮询计划：{buses}；见 lifeline check",
  },
  nobody: {
    en: "no gateway runs that could try it: start it, then type this again",
    "zh-CN": "网关未运行，无法试运行：请先启动网关，再重新执行",
  },
  unsupported: {
    en: "the gateway that runs cannot change its configuration",
    "zh-CN": "运行中的网关不支持更改配置",
  },
  waits: {
    en: "the gateway must not begin anew now: {why}; nothing was changed",
    "zh-CN": "目前不能让网关重新开始：{why}；未作任何更改",
  },
  "dry-run": {
    en: "{file} is sound, and would be tried; nothing was done",
    "zh-CN": "{file} 正确，可以试运行；未执行任何操作",
  },
  refused: {
    en: "the gateway does not try it: {why}; nothing was changed",
    "zh-CN": "网关拒绝试运行：{why}；未作任何更改",
  },
  begun: {
    en: "the gateway tries it, for at most {minutes} minutes; lifeline config rollback ends that",
    "zh-CN": "网关开始试运行，最长 {minutes} 分钟；可用 lifeline config rollback 结束",
  },
  kept: {
    en: "it does well, and is kept; lifeline config rollback takes the one before again",
    "zh-CN": "运行正常，已保留；可用 lifeline config rollback 恢复之前的配置",
  },
  reverted: {
    en: "it was put back, and the configuration before runs again: {why}",
    "zh-CN": "已放弃，恢复之前的配置：{why}",
  },
  trial: {
    en: "it is on trial still: lifeline config list tells what becomes of it",
    "zh-CN": "仍在试运行：用 lifeline config list 查看结果",
  },
  "cause-unhealthy": {
    en: "with it what did well before does not (lifeline doctor, lifeline events)",
    "zh-CN": "新配置下，原先正常的部分不正常（见 lifeline doctor、lifeline events）",
  },
  "cause-rolled-back": { en: "somebody ended the trial", "zh-CN": "试运行被人为结束" },
  "cause-restart": {
    en: "the gateway ended while it was tried",
    "zh-CN": "试运行期间网关意外结束",
  },
  "cause-config.unwritten": {
    en: "the disk does not take it",
    "zh-CN": "磁盘无法写入",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** The key of a sentence of `lifeline update config`. */
export type UpdateConfigTextKey = keyof typeof UPDATE_CONFIG_TEXT;

/** The sentence of `UPDATE_CONFIG_TEXT` under a key. */
export const sayUpdateConfig = speaker<UpdateConfigTextKey>(UPDATE_CONFIG_TEXT);
