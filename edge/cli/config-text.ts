import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** What the help says of `config`. */
export const CONFIG_HELP = {
  config: {
    en: "List the configurations that were replaced; diff shows what the file changes of one; rollback has the running gateway take the last one again, or ends a trial; confirm keeps what is on trial, if it is the one whose fingerprint is given.",
    "zh-CN":
      "列出被替换过的配置；diff 显示与其中之一的差异；rollback 让运行中的网关恢复上一份配置或结束试运行；confirm 保留试运行的配置（给出指纹时须相符）。",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Every sentence about changing the configuration, in every language. */
export const CONFIG_TEXT = {
  trial: { en: "a new configuration is tried", "zh-CN": "开始试运行新配置" },
  kept: { en: "the new configuration is kept", "zh-CN": "保留新配置" },
  reverted: {
    en: "the new configuration is given up: the one before is taken again",
    "zh-CN": "放弃新配置：恢复之前的配置",
  },
  operands: {
    en: "list | diff [N] | rollback | confirm [FINGERPRINT]",
    "zh-CN": "list | diff [N] | rollback | confirm [FINGERPRINT]",
  },
  usage: {
    en: "config takes list; diff, with the number of one that was replaced; rollback; or confirm, with the fingerprint sha256:… of what is meant",
    "zh-CN":
      "config 可带 list；diff 加被替换配置的编号；rollback；或 confirm，可加所指配置的指纹 sha256:…",
  },
  current: { en: "in use: {file}", "zh-CN": "当前：{file}" },
  onTrial: {
    en: "on trial: {file}; lifeline config confirm keeps it, lifeline config rollback ends it",
    "zh-CN": "试运行中：{file}；lifeline config confirm 保留，lifeline config rollback 结束",
  },
  none: { en: "none was replaced yet", "zh-CN": "尚未替换过配置" },
  noSuch: { en: "there is no replaced configuration {n}", "zh-CN": "没有编号为 {n} 的被替换配置" },
  same: { en: "nothing differs", "zh-CN": "没有差异" },
  taken: {
    en: "it is on trial; lifeline config list tells what becomes of it",
    "zh-CN": "已开始试运行；可用 lifeline config list 查看结果",
  },
} as const satisfies Record<string, Text>;

/** The sentence of `CONFIG_TEXT` under a key. */
export const sayConfig = speaker<keyof typeof CONFIG_TEXT>(CONFIG_TEXT);
