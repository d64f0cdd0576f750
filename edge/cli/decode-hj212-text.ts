import type { Text } from "../core/errors.ts";
import type { FaultKind, NoteKind } from "../forward/hj212/remarks.ts";
import { type Say, speaker } from "./language.ts";

/** What is wrong with a frame of HJ 212. */
const FAULTS = {
  "no-head": {
    en: "it does not begin with ## (found behind {found} bytes; -1: nowhere)",
    "zh-CN": "开头不是 ##（在 {found} 字节之后；-1 表示没有）",
  },
  "length-digits": {
    en: "the length is '{given}', not four digits",
    "zh-CN": "长度为“{given}”，应为四位数字",
  },
  length: {
    en: "the length says {said}, the data segment has {found} bytes",
    "zh-CN": "长度为 {said}，数据段实际 {found} 字节",
  },
  "too-short": { en: "bytes missing at the end: {missing}", "zh-CN": "末尾缺少字节：{missing} 个" },
  trailing: {
    en: "bytes too many behind the check sum: {extra}",
    "zh-CN": "校验码之后多出字节：{extra} 个",
  },
  "crc-digits": {
    en: "the check sum is '{given}', not four hex digits",
    "zh-CN": "校验码为“{given}”，应为四位十六进制数字",
  },
  crc: {
    en: "the check sum is {given}, {computed} would be right",
    "zh-CN": "校验码为 {given}，应为 {computed}",
  },
  "no-cp": { en: "there is no CP=", "zh-CN": "没有 CP=" },
  "cp-open": { en: "CP does not begin with &&", "zh-CN": "CP 开头没有 &&" },
  "cp-close": { en: "CP does not end with &&", "zh-CN": "CP 结尾没有 &&" },
  "no-equals": {
    en: "'{text}' stands where name=value belongs",
    "zh-CN": "“{text}”处应为 名称=值",
  },
  "field-missing": { en: "the field {name} is missing", "zh-CN": "缺少字段 {name}" },
  "field-value": {
    en: "the field {name} cannot be '{value}'",
    "zh-CN": "字段 {name} 不能为“{value}”",
  },
  "field-twice": { en: "the field {name} stands there twice", "zh-CN": "字段 {name} 出现两次" },
  "not-utf8": {
    en: "{name} or its value is no UTF-8; it may be GBK",
    "zh-CN": "{name} 或其值不是 UTF-8；可能是 GBK",
  },
  "packet-number": { en: "packet {pno} of {pnum}", "zh-CN": "第 {pno} 包，共 {pnum} 包" },
} as const satisfies Readonly<Record<FaultKind, Text>>;

/** What departs from the standard. */
const NOTES = {
  "no-tail": { en: "no CR LF at the end", "zh-CN": "结尾没有 CR LF" },
  "crc-case": { en: "the check sum is in lower case", "zh-CN": "校验码为小写" },
  "modbus-crc": {
    en: "right as CRC-16/MODBUS, which HJ 212 does not use: the sender has it wrong",
    "zh-CN": "按 CRC-16/MODBUS 计算正确，但 HJ 212 不用该算法：发送方实现有误",
  },
  "edition-2005": {
    en: "no QN or no Flag, as in the edition of 2005",
    "zh-CN": "没有 QN 或 Flag，与 2005 版相同",
  },
  "mn-form": {
    en: "MN {mn} is not 24 hex digits",
    "zh-CN": "MN {mn} 不是 24 位十六进制数字",
  },
  "pw-length": { en: "PW has {found} characters, not 6", "zh-CN": "PW 有 {found} 个字符，应为 6" },
  "field-absent": { en: "there is no field {name}", "zh-CN": "没有字段 {name}" },
  "field-unknown": { en: "the standard has no field {name}", "zh-CN": "标准中没有字段 {name}" },
  "field-order": {
    en: "the fields stand in another order than the standard's",
    "zh-CN": "字段顺序与标准不同",
  },
  "system-unknown": { en: "the standard has no system {st}", "zh-CN": "标准中没有系统编码 {st}" },
  "command-unknown": { en: "the standard has no command {cn}", "zh-CN": "标准中没有命令编码 {cn}" },
  "packets-missing": {
    en: "Flag says that PNUM and PNO follow, and they do not",
    "zh-CN": "Flag 表示有 PNUM 和 PNO，但没有",
  },
  "packets-unflagged": {
    en: "PNUM or PNO is there, and Flag does not say so",
    "zh-CN": "有 PNUM 或 PNO，但 Flag 未标明",
  },
  "item-empty": { en: "an empty item, as of a ; too many", "zh-CN": "空项，例如多了一个 ;" },
  "comma-times": {
    en: "BeginTime and EndTime are joined by a comma, as in 2005",
    "zh-CN": "BeginTime 与 EndTime 以逗号相连，与 2005 版相同",
  },
  "segment-long": {
    en: "the data segment has {found} bytes; the standard allows {max}",
    "zh-CN": "数据段 {found} 字节；标准允许 {max}",
  },
  "cp-long": {
    en: "CP has {found} bytes; the standard allows {max}",
    "zh-CN": "CP {found} 字节；标准允许 {max}",
  },
  "time-form": { en: "{name} is no time: {value}", "zh-CN": "{name} 不是时间：{value}" },
  "number-form": { en: "{name} is no number: {value}", "zh-CN": "{name} 不是数字：{value}" },
  "mark-unknown": { en: "{name}: no mark is {value}", "zh-CN": "{name}：没有标记 {value}" },
} as const satisfies Readonly<Record<NoteKind, Text>>;

/** The other words about a frame. */
const WORDS = {
  summary: { en: "{name} (CN {cn})", "zh-CN": "{name}（CN {cn}）" },
  unknownCommand: { en: "command {cn}", "zh-CN": "命令 {cn}" },
  noCommand: { en: "no command", "zh-CN": "没有命令" },
  edition: { en: "edition {edition}", "zh-CN": "{edition} 版" },
  version: { en: "version number {version}", "zh-CN": "版本号 {version}" },
  answer: { en: "answer wanted", "zh-CN": "需应答" },
  noAnswer: { en: "no answer wanted", "zh-CN": "无需应答" },
  numbered: { en: "one of several packets", "zh-CN": "分包" },
  resent: { en: "sent again from history", "zh-CN": "补传数据" },
  length: { en: "length", "zh-CN": "数据段长度" },
} as const satisfies Readonly<Record<string, Text>>;

/** Says what is wrong. */
export const sayHj212Fault: Say<FaultKind> = speaker(FAULTS);

/** Says what departs from the standard. */
export const sayHj212Note: Say<NoteKind> = speaker(NOTES);

/** Says the other words. */
export const sayHj212: Say<keyof typeof WORDS> = speaker(WORDS);
