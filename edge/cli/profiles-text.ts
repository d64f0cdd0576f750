import type { Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** What the command is for. */
export const PROFILES_HELP = {
  profiles: {
    en: "List the device models that are known, those that a word fits, or all about one.",
    "zh-CN": "列出已知的设备型号、与某个词相符的型号，或某一型号的全部说明。",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Every sentence about device profiles, in every language. `{name}` stands for a parameter. */
export const PROFILES_TEXT = {
  profile: { en: "PROFILE", "zh-CN": "模板" },
  model: { en: "MODEL: WHAT IT MEASURES", "zh-CN": "型号：测量内容" },
  modelMeasures: { en: "{model}: {measures}", "zh-CN": "{model}：{measures}" },
  faulty: {
    en: "has faults: lifeline profiles {name}",
    "zh-CN": "有错误：lifeline profiles {name}",
  },
  none: { en: "No profile fits '{word}'.", "zh-CN": "没有与“{word}”相符的模板。" },
  unknown: { en: "there is no profile '{name}'", "zh-CN": "没有名为“{name}”的模板" },
  didYouMean: { en: "did you mean {name}?", "zh-CN": "是否想写 {name}？" },
  more: {
    en: "More of one: lifeline profiles PROFILE.\nA file in the folder profiles beside gateway.yaml adds one.",
    "zh-CN":
      "查看详情：lifeline profiles 模板名。\n在 gateway.yaml 旁的 profiles 文件夹中放入文件即可增加模板。",
  },
  measuresLine: { en: "Measures", "zh-CN": "测量" },
  sourceLine: { en: "Source", "zh-CN": "来源" },
  cautionLine: { en: "CAUTION", "zh-CN": "注意" },
  deliveredLine: { en: "Delivered", "zh-CN": "出厂设置" },
  unit: { en: "unit {unit}", "zh-CN": "单元号 {unit}" },
  notTried: {
    en: "Read a known value on the device before relying on it: the map is from the source above.",
    "zh-CN": "使用前请在设备上核对一个已知值：寄存器表取自上述来源。",
  },
  point: { en: "POINT", "zh-CN": "测点" },
  place: { en: "PLACE", "zh-CN": "位置" },
  type: { en: "TYPE", "zh-CN": "类型" },
  unitOf: { en: "UNIT", "zh-CN": "单位" },
  is: { en: "IS", "zh-CN": "含义" },
  writable: { en: "can be written", "zh-CN": "可写" },
  derived: { en: "derived", "zh-CN": "推导" },
  noValue: { en: "{numbers}: no value", "zh-CN": "{numbers}：无数值" },
  range: { en: "measures {low} to {high}", "zh-CN": "量程 {low} 至 {high}" },
  believed: { en: "counts only as {point} says", "zh-CN": "是否可信取决于 {point}" },
  warmsUp: { en: "warms up for {time}", "zh-CN": "预热 {time}" },
  clears: { en: "reading clears it", "zh-CN": "读取即清零" },
  example: { en: "In gateway.yaml:", "zh-CN": "写入 gateway.yaml：" },
} as const satisfies Readonly<Record<string, Text>>;

/** Says a sentence about device profiles. */
export const sayProfiles: Say<keyof typeof PROFILES_TEXT> = speaker(PROFILES_TEXT);
