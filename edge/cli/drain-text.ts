import type { Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** Every sentence about what is delivered after an outage. `{name}` stands for a parameter. */
export const DRAIN_TEXT = {
  begun: {
    en: "destination {destination} gets what was stored while it was away; messages: {owed}",
    "zh-CN": "开始向目标平台 {destination} 补传中断期间存储的消息，共 {owed} 条",
  },
  goesOn: {
    en: "destination {destination} gets what was stored; messages left: {owed}, a second: {perS} ({readingsPerS} readings), done in {left}",
    "zh-CN":
      "正在向目标平台 {destination} 补传：剩余消息 {owed} 条，每秒 {perS} 条（读数 {readingsPerS} 个），约 {left} 后完成",
  },
  stands: {
    en: "destination {destination} gets nothing of what was stored now; messages left: {owed}",
    "zh-CN": "目标平台 {destination} 的补传暂无进展：剩余消息 {owed} 条",
  },
  done: {
    en: "destination {destination} has got all that was stored while it was away; messages: {count}, in {took}",
    "zh-CN": "目标平台 {destination} 补传完成：消息 {count} 条，用时 {took}",
  },
} as const satisfies Record<string, Text>;

/** The sentence `key` in `lang` with its parameters filled in. */
export const sayDrain: Say<keyof typeof DRAIN_TEXT> = speaker(DRAIN_TEXT);
