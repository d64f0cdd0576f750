import type { Text } from "../../core/errors.ts";
import { type Say, speaker } from "../language.ts";

/** What stands in the manual page beside what the help says; `{name}` stands for a parameter. */
export const MAN_TEXT = {
  nameTitle: { en: "NAME", "zh-CN": "名称" },
  synopsisTitle: { en: "SYNOPSIS", "zh-CN": "概要" },
  descriptionTitle: { en: "DESCRIPTION", "zh-CN": "描述" },
  commandsTitle: { en: "COMMANDS", "zh-CN": "命令" },
  optionsTitle: { en: "OPTIONS", "zh-CN": "选项" },
  exitTitle: { en: "EXIT STATUS", "zh-CN": "退出码" },
  environmentTitle: { en: "ENVIRONMENT", "zh-CN": "环境变量" },
  filesTitle: { en: "FILES", "zh-CN": "文件" },
  name: { en: "guard a city's lifelines from the gateway", "zh-CN": "守护城市生命线的网关" },
  description: {
    en: "lifeline runs the gateway that reads the sensors of a site, judges them on the spot, keeps every reading through any outage and delivers them to the central platforms; and it tells how that gateway is. All of it is local: a command speaks with the running gateway over a Unix socket that is guarded by its file permission.",
    "zh-CN":
      "lifeline 运行网关：读取现场传感器、就地判断、断网期间保存每个读数并送达各中心平台；也用于查看该网关的状态。一切均在本地：命令通过受文件权限保护的 Unix 套接字与运行中的网关通信。",
  },
  options: { en: "These options go with every command:", "zh-CN": "以下选项适用于每个命令：" },
  examples: { en: "Examples:", "zh-CN": "示例：" },
  exitGood: { en: "all is well", "zh-CN": "一切正常" },
  exitNo: { en: "the answer is no, or a fault was found", "zh-CN": "结果为否，或发现故障" },
  exitMisused: { en: "the command was used wrongly", "zh-CN": "用法错误" },
  environmentLanguage: {
    en: "the language, where --lang is left out: Chinese where it begins with zh, English otherwise",
    "zh-CN": "省略 --lang 时的语言：以 zh 开头为中文，否则为英文",
  },
  environmentColour: {
    en: "where it is set, nothing is coloured; with TERM=dumb, watch prints blocks of plain text",
    "zh-CN": "设置后不使用颜色；TERM=dumb 时 watch 逐段打印纯文本",
  },
  filesConfig: {
    en: "the configuration; its keys are explained in config/REFERENCE.md",
    "zh-CN": "配置文件；各键说明见 config/REFERENCE.md",
  },
  filesSocket: {
    en: "where the running gateway is reached, in the folder buffer.dir of the configuration where control.socket does not name another",
    "zh-CN": "访问运行中网关的套接字，位于配置中 buffer.dir 目录；control.socket 可另行指定",
  },
} as const satisfies Record<string, Text>;

/** The name of a sentence of the manual page. */
export type ManTextKey = keyof typeof MAN_TEXT;

/** The sentence `key` in `lang` with its parameters filled in. */
export const sayMan: Say<ManTextKey> = speaker(MAN_TEXT);
