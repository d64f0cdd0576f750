import type { Text } from "../../core/errors.ts";
import { type Say, speaker } from "../language.ts";

/** What the help says of the commands about the command line itself. */
export const SHELL_HELP = {
  completion: {
    en: "Print what has the Tab key complete commands, options, and the names in the configuration, for bash, zsh or fish.",
    "zh-CN": "输出 bash、zsh 或 fish 的补全脚本：按 Tab 补全命令、选项及配置中的名称。",
  },
  man: {
    en: "Print the manual page of lifeline, for man to show.",
    "zh-CN": "输出 lifeline 的手册页，供 man 显示。",
  },
} as const satisfies Record<string, Text>;

/** Every other sentence about them; `{name}` stands for a parameter. */
export const SHELL_TEXT = {
  wordsOption: {
    en: "print the names of these kinds in the configuration, as the scripts ask for",
    "zh-CN": "输出配置中这些类别的名称，供补全脚本调用",
  },
  shellMissing: {
    en: "for which shell? There are: {shells}",
    "zh-CN": "请指定 shell：{shells}",
  },
  kindUnknown: {
    en: "there is no kind {kind}; there are: {kinds}",
    "zh-CN": "没有类别 {kind}；可用：{kinds}",
  },
} as const satisfies Record<string, Text>;

/** The sentence `key` in `lang` with its parameters filled in. */
export const sayShell: Say<keyof typeof SHELL_TEXT> = speaker(SHELL_TEXT);
