import type { Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** What `read` and `write` say, in every language. `{name}` stands for a parameter. */
export const FIELD_TEXT = {
  readUsage: {
    en: "read takes points, such as gas-1.gas, or BUS UNIT AREA ADDRESS and, if wanted, how many or a type",
    "zh-CN": "read 的参数为测点（如 gas-1.gas），或：总线 单元 区域 地址，可再加数量或类型",
  },
  noSuchArea: {
    en: "there is no area {area}; allowed: {allowed}",
    "zh-CN": "没有区域 {area}；允许：{allowed}",
  },
  noSuchType: {
    en: "{type} is neither a number of values nor a type for {area}; allowed: {allowed}",
    "zh-CN": "{type} 既不是数量，也不是 {area} 可用的类型；允许：{allowed}",
  },
  notInRange: {
    en: "{name} must be a whole number from {min} to {max}, not {found}",
    "zh-CN": "{name} 必须是 {min} 到 {max} 的整数，而不是 {found}",
  },
  tooManyPoints: {
    en: "read takes at most {max} points at once",
    "zh-CN": "一次最多读取 {max} 个测点",
  },
  unknownPoint: {
    en: "there is no point {point}; see: lifeline status",
    "zh-CN": "没有测点 {point}；请查看：lifeline status",
  },
  toldByItself: {
    en: "{point} is told by its device and cannot be asked for; see: lifeline status",
    "zh-CN": "{point} 由设备主动上报，无法单独读取；请查看：lifeline status",
  },
  unknownBus: { en: "there is no bus {bus}", "zh-CN": "没有总线 {bus}" },
  unreadBus: {
    en: "this release does not ask devices on the bus {bus}",
    "zh-CN": "本版本不查询总线 {bus} 上的设备",
  },
  writeUsage: {
    en: "write takes a point and a value, such as: lifeline write valve-1.shut true",
    "zh-CN": "write 的参数为测点和值，例如：lifeline write valve-1.shut true",
  },
  needsYes: {
    en: "there is nobody to ask whether to write: use a terminal, or --yes",
    "zh-CN": "无法确认是否写入：请使用终端，或加 --yes",
  },
  mayNotWrite: {
    en: "{point} may not be written; to allow it, add write: true to the point in the configuration",
    "zh-CN": "{point} 不允许写入；如需允许，请在配置中为该测点加上 write: true",
  },
  noValue: {
    en: "{text} is no value of {point}, which is a {type}",
    "zh-CN": "{text} 不是 {point} 的值，该测点类型为 {type}",
  },
  unfit: {
    en: "{point} cannot hold {text}, which is a {type} times {scale} plus {offset}",
    "zh-CN": "{point} 无法存放 {text}，该测点为 {type} × {scale} + {offset}",
  },
  unfitNearest: {
    en: "{point} cannot hold {text}; the nearest that it can is {nearest}",
    "zh-CN": "{point} 无法存放 {text}；可存放的最接近值为 {nearest}",
  },
  question: {
    en: "{point} is {old} ({quality}). Write {value}? [y/N] ",
    "zh-CN": "{point} 当前为 {old}（{quality}）。写入 {value}？[y/N] ",
  },
  notWritten: { en: "nothing was written", "zh-CN": "未写入" },
  done: {
    en: "{point} was {old} and is written: {value}; the device confirmed it",
    "zh-CN": "{point} 原为 {old}，已写入 {value}，设备已确认",
  },
  "not-done": {
    en: "{point} was not written: {cause}",
    "zh-CN": "{point} 未写入：{cause}",
  },
  unknown: {
    en: "it is NOT KNOWN whether {point} was written ({cause}); read it before you write again",
    "zh-CN": "无法确定 {point} 是否已写入（{cause}）；再次写入前请先读取",
  },
  notRecorded: {
    en: "this write of {point} is NOT RECORDED: {cause}; do not repeat it, but note it elsewhere",
    "zh-CN": "对 {point} 的这次写入未被记录：{cause}；请勿重复写入，请另行登记",
  },
  address: { en: "ADDRESS", "zh-CN": "地址" },
  number: { en: "NUMBER", "zh-CN": "编号" },
  hex: { en: "HEX", "zh-CN": "十六进制" },
  unitName: { en: "the unit", "zh-CN": "单元" },
  addressName: { en: "the address", "zh-CN": "地址" },
  countName: { en: "the number of values", "zh-CN": "数量" },
} as const satisfies Record<string, Text>;

/** The name of a sentence. */
export type FieldTextKey = keyof typeof FIELD_TEXT;

/** The sentence `key` in `lang` with its parameters filled in. */
export const sayField: Say<FieldTextKey> = speaker(FIELD_TEXT);
