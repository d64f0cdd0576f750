import type { Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** Every sentence about buses that run, in every language. `{name}` stands for a parameter. */
export const BUS_TEXT = {
  load: { en: "LOAD", "zh-CN": "负载" },
  perS: { en: "PER S", "zh-CN": "每秒" },
  failures: {
    en: "  {bus}, failed: {counts}; the last {ago} ago: {device} ({why})",
    "zh-CN": "  {bus} 失败：{counts}；最近一次在 {ago} 前：{device}（{why}）",
  },
  rivals: {
    en: "two peers with the identity of bus {name} displace each other ({addresses})",
    "zh-CN": "有两台设备使用总线 {name} 的同一标识，相互顶替（{addresses}）",
  },
  isRivals: {
    en: "peers with the same identity displace each other: bus {at}",
    "zh-CN": "使用同一标识的设备相互顶替：总线 {at}",
  },
  rivalsOver: {
    en: "no peers displace each other on bus {name} any more",
    "zh-CN": "总线 {name} 上不再有设备相互顶替",
  },
  rivalsTodo: {
    en: "give each its own registration; if it is one alone, check its signal",
    "zh-CN": "为每台设备设置各自的注册包；若只有一台，请检查其信号",
  },
} as const satisfies Record<string, Text>;

/** The sentence `key` in `lang` with its parameters filled in. */
export const sayBus: Say<keyof typeof BUS_TEXT> = speaker(BUS_TEXT);
