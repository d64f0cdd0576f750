import type { Text } from "../core/errors.ts";
import type { FaultKind, NoteKind } from "../forward/sl651/remarks.ts";
import { type Say, speaker } from "./language.ts";

/** What is wrong with a frame of SL 651. */
const FAULTS = {
  "no-head": {
    en: "it begins with neither 7E 7E nor SOH (found behind {found} bytes; -1: nowhere)",
    "zh-CN": "开头既不是 7E 7E 也不是 SOH（在 {found} 字节之后；-1 表示没有）",
  },
  "too-short": { en: "bytes missing at the end: {missing}", "zh-CN": "末尾缺少字节：{missing} 个" },
  trailing: {
    en: "bytes too many behind the check sum: {extra}",
    "zh-CN": "校验码之后多出字节：{extra} 个",
  },
  "not-hex": {
    en: "'{given}' are no hex digits",
    "zh-CN": "“{given}”不是十六进制数字",
  },
  direction: {
    en: "the direction is {given}; 0 is up, 8 is down",
    "zh-CN": "上下行标识为 {given}；0 为上行，8 为下行",
  },
  length: {
    en: "the length says {said}, the body has {found} bytes",
    "zh-CN": "长度为 {said}，正文实际 {found} 字节",
  },
  "start-mark": {
    en: "{given} stands where STX or SYN belongs",
    "zh-CN": "报文起始符为 {given}，应为 STX 或 SYN",
  },
  "end-mark": {
    en: "{given} is no end mark",
    "zh-CN": "{given} 不是报文结束符",
  },
  crc: {
    en: "the check sum is {given}, {computed} would be right",
    "zh-CN": "校验码为 {given}，应为 {computed}",
  },
  "packet-number": { en: "packet {index} of {total}", "zh-CN": "第 {index} 包，共 {total} 包" },
  "body-short": {
    en: "the body ends early within {what}: {missing} missing",
    "zh-CN": "正文在 {what} 处中断：缺少 {missing} 个",
  },
  time: { en: "{what}: {given} is no time", "zh-CN": "{what}：{given} 不是时间" },
  identifier: {
    en: "the identifier {given} has no length",
    "zh-CN": "标识符 {given} 没有数据长度",
  },
  "not-bcd": {
    en: "the data of {name} is {given}, which it cannot be",
    "zh-CN": "{name} 的数据不能为 {given}",
  },
  "not-number": {
    en: "the data of {name} is '{given}', which it cannot be",
    "zh-CN": "{name} 的数据不能为“{given}”",
  },
  uneven: {
    en: "left over behind the last data of {name}: {extra}",
    "zh-CN": "{name} 的最后一组数据之后多出：{extra}",
  },
} as const satisfies Readonly<Record<FaultKind, Text>>;

/** What departs from the standard. */
const NOTES = {
  "crc-swapped": {
    en: "right with its two bytes exchanged: SL 651 sends the high byte first",
    "zh-CN": "交换两个校验字节即正确：SL 651 高字节在前",
  },
  "end-mark-direction": {
    en: "the end mark {mark} belongs to the other direction",
    "zh-CN": "结束符 {mark} 属于另一方向",
  },
  "centre-zero": { en: "the centre's address is 0", "zh-CN": "中心站地址为 0" },
  "station-form": {
    en: "the station's address {given} has digits that it should not have",
    "zh-CN": "遥测站地址 {given} 的数字不合规定",
  },
  "station-differs": {
    en: "the station in the body is {given}",
    "zh-CN": "正文中的遥测站地址为 {given}",
  },
  "function-unknown": {
    en: "the standard has no function {given}",
    "zh-CN": "标准中没有功能码 {given}",
  },
  "class-unknown": {
    en: "the standard has no class of stations {given}",
    "zh-CN": "标准中没有遥测站分类码 {given}",
  },
  "identifier-unknown": {
    en: "the standard has no identifier {given}",
    "zh-CN": "标准中没有标识符 {given}",
  },
  "no-blank": { en: "no blank at the end of the body", "zh-CN": "正文末尾没有空格" },
} as const satisfies Readonly<Record<NoteKind, Text>>;

/** The other words about a frame. */
const WORDS = {
  summary: { en: "{name} (function {code}), {way}", "zh-CN": "{name}（功能码 {code}），{way}" },
  unknownFunction: { en: "function {code}, {way}", "zh-CN": "功能码 {code}，{way}" },
  up: { en: "up", "zh-CN": "上行" },
  down: { en: "down", "zh-CN": "下行" },
  hex: { en: "HEX/BCD form", "zh-CN": "HEX/BCD 编码" },
  ascii: { en: "ASCII form", "zh-CN": "ASCII 编码" },
  centre: { en: "centre address", "zh-CN": "中心站地址" },
  stationAddress: { en: "station address", "zh-CN": "遥测站地址" },
  station: { en: "station {number} of district {district}", "zh-CN": "{district} 遥测站 {number}" },
  hydrology: { en: "hydrological station {code}", "zh-CN": "水文遥测站 {code}" },
  relay: { en: "relay {number} of district {district}", "zh-CN": "{district} 中继站 {number}" },
  all: { en: "every station of district {district}", "zh-CN": "{district} 广播地址" },
  none: { en: "no address, in district {district}", "zh-CN": "{district} 无效地址" },
  single: { en: "a single packet (modes M1, M2, M4)", "zh-CN": "单包（M1、M2、M4 模式）" },
  several: { en: "one of several packets (mode M3)", "zh-CN": "多包之一（M3 模式）" },
  password: { en: "password", "zh-CN": "密码" },
  function: { en: "function code", "zh-CN": "功能码" },
  direction: { en: "direction, length", "zh-CN": "上下行标识及长度" },
  bytes: { en: "{way}, {count} bytes", "zh-CN": "{way}，{count} 字节" },
  start: { en: "start mark", "zh-CN": "报文起始符" },
  packets: { en: "packets, number", "zh-CN": "包总数及序列号" },
  packetOf: { en: "packet {index} of {total}", "zh-CN": "第 {index} 包，共 {total} 包" },
  serial: { en: "serial number", "zh-CN": "流水号" },
  sent: { en: "sent at", "zh-CN": "发报时间" },
  class: { en: "station class", "zh-CN": "遥测站分类码" },
  observed: { en: "observed at", "zh-CN": "观测时间" },
  step: { en: "time step", "zh-CN": "时间步长码" },
  day: { en: "{count} d", "zh-CN": "{count} 天" },
  hour: { en: "{count} h", "zh-CN": "{count} 小时" },
  minute: { en: "{count} min", "zh-CN": "{count} 分钟" },
  slots: { en: "12 values an hour", "zh-CN": "每小时 12 个值" },
  span: { en: "from, to", "zh-CN": "起始、结束时间" },
  manual: { en: "entered by hand", "zh-CN": "人工置数" },
  picture: { en: "picture", "zh-CN": "图片信息" },
  pictureBytes: { en: "{count} bytes", "zh-CN": "{count} 字节" },
  version: { en: "software version", "zh-CN": "软件版本" },
  event: { en: "event record {number}", "zh-CN": "事件记录 {number}" },
  data: { en: "data", "zh-CN": "数据" },
  asked: { en: "asked for", "zh-CN": "查询" },
  missing: { en: "none", "zh-CN": "无数据" },
  end: { en: "end mark", "zh-CN": "报文结束符" },
  ETX: { en: "nothing follows", "zh-CN": "报文结束，后续无报文" },
  ETB: { en: "more follows", "zh-CN": "报文结束，后续有报文" },
  ENQ: { en: "enquiry", "zh-CN": "询问" },
  EOT: { en: "end of transmission, leave", "zh-CN": "传输结束，退出" },
  ACK: { en: "confirmed, go on", "zh-CN": "肯定确认，继续发送" },
  NAK: { en: "send the packet again", "zh-CN": "否定应答，反馈重发" },
  ESC: { en: "end of transmission, stay on line", "zh-CN": "传输结束，终端保持在线" },
} as const satisfies Readonly<Record<string, Text>>;

/** Says what is wrong. */
export const saySl651Fault: Say<FaultKind> = speaker(FAULTS);

/** Says what departs from the standard. */
export const saySl651Note: Say<NoteKind> = speaker(NOTES);

/** Says the other words. */
export const saySl651: Say<keyof typeof WORDS> = speaker(WORDS);
