import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** Every sentence about signed commands, in every language. `{name}` stands for a parameter. */
export const COMMAND_TEXT = {
  logged: {
    en: "command {order} of {name}: {outcome}",
    "zh-CN": "{name} 的命令 {order}：{outcome}",
  },
  loggedUnknown: {
    en: "a command that nobody is known to have signed was refused ({times} times): {meaning}",
    "zh-CN": "拒绝了来源无法确认的命令（{times} 次）：{meaning}",
  },
  done: { en: "done", "zh-CN": "已完成" },
  refused: { en: "refused", "zh-CN": "已拒绝" },
  failed: { en: "FAILED", "zh-CN": "失败" },
  unknown: { en: "it is NOT KNOWN whether it acted", "zh-CN": "是否已执行未知" },
} as const satisfies Record<string, Text>;

/** The sentence of `COMMAND_TEXT` under a key. */
export const sayCommand = speaker<keyof typeof COMMAND_TEXT>(COMMAND_TEXT);
