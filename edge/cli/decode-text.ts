import type { FaultKind, FieldName, HintKind, NoteKind } from "../../drivers/modbus/meaning.ts";
import type { Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** What each field of a frame is called. */
const FIELDS = {
  address: { en: "address", "zh-CN": "地址" },
  count: { en: "count", "zh-CN": "数量" },
  byteCount: { en: "byte count", "zh-CN": "字节数" },
  value: { en: "value", "zh-CN": "值" },
  register: { en: "register {index}", "zh-CN": "寄存器 {index}" },
  nthRegister: { en: "register +{index}", "zh-CN": "寄存器 +{index}" },
  bits: { en: "bits {index} to {last}", "zh-CN": "位 {index} 至 {last}" },
  nthBits: { en: "bits +{index} to +{last}", "zh-CN": "位 +{index} 至 +{last}" },
  exception: { en: "exception", "zh-CN": "异常码" },
  status: { en: "status", "zh-CN": "状态" },
  subFunction: { en: "sub-function", "zh-CN": "子功能" },
  serverId: { en: "server ID", "zh-CN": "服务器标识" },
  andMask: { en: "AND mask", "zh-CN": "与掩码" },
  orMask: { en: "OR mask", "zh-CN": "或掩码" },
  readAddress: { en: "read from", "zh-CN": "读起始地址" },
  readCount: { en: "read count", "zh-CN": "读数量" },
  writeAddress: { en: "write from", "zh-CN": "写起始地址" },
  writeCount: { en: "write count", "zh-CN": "写数量" },
  interface: { en: "interface", "zh-CN": "接口" },
  readCode: { en: "read code", "zh-CN": "读取类别" },
  objectId: { en: "object number", "zh-CN": "对象编号" },
  conformity: { en: "conformity", "zh-CN": "符合级别" },
  moreFollows: { en: "more follows", "zh-CN": "还有后续" },
  nextObject: { en: "next object", "zh-CN": "下一对象" },
  objects: { en: "objects", "zh-CN": "对象数" },
  object: { en: "object {index}", "zh-CN": "对象 {index}" },
  data: { en: "data", "zh-CN": "数据" },
} as const satisfies Readonly<Record<FieldName, Text>>;

/** What is wrong with a frame. */
const FAULTS = {
  "check-sum": { en: "the check sum is wrong", "zh-CN": "校验和错误" },
  "too-short": { en: "bytes missing at the end: {missing}", "zh-CN": "末尾缺少字节：{missing} 个" },
  "too-long": {
    en: "bytes too many at the end: {extra}",
    "zh-CN": "末尾多出字节：{extra} 个",
  },
  "byte-count": {
    en: "the byte count says {said}, it should be {found}",
    "zh-CN": "字节数为 {said}，应为 {found}",
  },
  count: {
    en: "a count of {value}; allowed are 1 to {max}",
    "zh-CN": "数量为 {value}；允许 1 至 {max}",
  },
  "coil-value": {
    en: "a coil is written with 00 00 or FF 00, nothing else",
    "zh-CN": "写线圈只能用 00 00 或 FF 00",
  },
  "beyond-address": {
    en: "the last address would be {last}; the highest is 65535",
    "zh-CN": "末地址为 {last}；最大为 65535",
  },
  "no-function": { en: "there is no function 0", "zh-CN": "没有功能码 0" },
  "not-asked": {
    en: "it is not what was asked for: another {what}",
    "zh-CN": "与请求不符：{what} 不同",
  },
  joined: {
    en: "{frames} frames stand one behind the other",
    "zh-CN": "{frames} 个报文首尾相连",
  },
  protocol: {
    en: "the protocol identifier is {said}; Modbus has 0",
    "zh-CN": "协议标识为 {said}；Modbus 应为 0",
  },
  length: {
    en: "the header announces {said} bytes, {found} follow it",
    "zh-CN": "报文头声明 {said} 个字节，实际有 {found} 个",
  },
  "no-colon": {
    en: "a frame of Modbus ASCII begins with ':'",
    "zh-CN": "Modbus ASCII 报文应以“:”开头",
  },
  "not-hex": {
    en: "'{character}' is no hex digit (place {at})",
    "zh-CN": "“{character}”不是十六进制数字（第 {at} 位）",
  },
  "odd-digits": {
    en: "an odd number of hex digits, {digits}: one is missing or too much",
    "zh-CN": "十六进制数字为奇数个（{digits}）：缺一个或多一个",
  },
} as const satisfies Readonly<Record<FaultKind, Text>>;

/** How a faulty frame could be right. */
const HINTS = {
  "crc-swapped": {
    en: "right with its two bytes exchanged: the sender puts the high byte first, Modbus the low byte",
    "zh-CN": "交换两个校验字节即正确：发送方高字节在前，Modbus 低字节在前",
  },
  "no-check-sum": {
    en: "a whole frame without check sum; {crc} belongs behind it",
    "zh-CN": "完整报文但没有校验和；其后应加 {crc}",
  },
  "first-byte-lost": {
    en: "right with {byte} in front: the first byte was lost; the line or adapter may turn round too late",
    "zh-CN": "在最前加 {byte} 即正确：丢失首字节；可能是线路或适配器收发切换过迟",
  },
  "last-byte-lost": {
    en: "right with {byte} at the end: the last byte was lost; the sender may release the line too early",
    "zh-CN": "在末尾加 {byte} 即正确：丢失末字节；可能是发送方过早释放线路",
  },
  "byte-lost": {
    en: "right with {byte} in front of byte {at}: a byte was lost",
    "zh-CN": "在第 {at} 个字节前加 {byte} 即正确：丢失一个字节",
  },
  "byte-extra": {
    en: "right without byte {at} ({byte}): a byte too much",
    "zh-CN": "去掉第 {at} 个字节（{byte}）即正确：多出一个字节",
  },
  "bit-flipped": {
    en: "right with {byte} as byte {at}: one bit was turned over, by noise on the line",
    "zh-CN": "第 {at} 个字节为 {byte} 即正确：线路干扰使一位翻转",
  },
  "cut-off": {
    en: "only {found} of {expected} bytes came: the rest was lost, or it was read too early",
    "zh-CN": "{expected} 个字节只到 {found} 个：其余丢失，或读取过早",
  },
  "frame-inside": {
    en: "bytes {from} to {to} are a sound frame; the others are noise or another's",
    "zh-CN": "第 {from} 至 {to} 字节是完好报文；其余为干扰或他处的字节",
  },
  echo: {
    en: "a request and its answer: the adapter hears what it sends itself; switch its echo off",
    "zh-CN": "一个请求及其应答：适配器收到了自己发出的内容；请关闭其回显",
  },
  twice: {
    en: "the same frame twice: an adapter that hears itself, or a request and an answer that repeats it",
    "zh-CN": "同一报文出现两次：适配器收到自己发出的内容，或应答与请求相同",
  },
  "is-rtu": {
    en: "these bytes are a frame of Modbus RTU; try: lifeline decode modbus-rtu",
    "zh-CN": "这些字节是 Modbus RTU 报文；请试：lifeline decode modbus-rtu",
  },
  "is-tcp": {
    en: "these bytes are a frame of Modbus TCP; try: lifeline decode modbus-tcp",
    "zh-CN": "这些字节是 Modbus TCP 报文；请试：lifeline decode modbus-tcp",
  },
  "is-ascii": {
    en: "these bytes are a frame of Modbus ASCII; try: lifeline decode modbus-ascii",
    "zh-CN": "这些字节是 Modbus ASCII 报文；请试：lifeline decode modbus-ascii",
  },
  "crc-in-tcp": {
    en: "a serial line's check sum stands at the end: the sender speaks RTU over TCP, or half of it",
    "zh-CN": "末尾带有串行线路的校验和：发送方可能在 TCP 上使用 RTU",
  },
  "length-of-all": {
    en: "the length counts the header too, {by} bytes too many",
    "zh-CN": "长度把报文头也算入，多了 {by}",
  },
  "length-of-pdu": { en: "the length leaves out the unit", "zh-CN": "长度漏算了单元号" },
  "lrc-is-sum": {
    en: "it is the plain sum; its two's complement belongs there",
    "zh-CN": "这是直接相加之和；应取其补码",
  },
} as const satisfies Readonly<Record<HintKind, Text>>;

/** What is remarkable about a sound frame. */
const NOTES = {
  broadcast: {
    en: "unit 0 is every device on the line; none of them answers",
    "zh-CN": "单元 0 表示线路上所有设备；均不应答",
  },
  "reserved-unit": {
    en: "unit {unit} is reserved; some makers use it for 'any device'",
    "zh-CN": "单元 {unit} 为保留值；有些厂商用作“任意设备”",
  },
  "either-way": {
    en: "request and answer look alike: the bytes do not tell which it is",
    "zh-CN": "请求与应答相同：仅凭字节无法区分",
  },
  ambiguous: {
    en: "it can be read in more than one way",
    "zh-CN": "可以有多种读法",
  },
} as const satisfies Readonly<Record<NoteKind, Text>>;

/** What an answer has that was not asked for. */
const WHAT = {
  unit: { en: "unit", "zh-CN": "单元" },
  function: { en: "function", "zh-CN": "功能" },
  address: { en: "address", "zh-CN": "地址" },
} as const satisfies Readonly<Record<string, Text>>;

/** The other words of an explanation. */
const WORDS = {
  toUnit: { en: "request to unit {unit}", "zh-CN": "发往单元 {unit} 的请求" },
  ofUnit: { en: "answer of unit {unit}", "zh-CN": "单元 {unit} 的应答" },
  withUnit: { en: "unit {unit}", "zh-CN": "单元 {unit}" },
  refusalOf: { en: "unit {unit} refuses", "zh-CN": "单元 {unit} 拒绝" },
  function: { en: "{name} (function {code})", "zh-CN": "{name}（功能码 {code}）" },
  unknownFunction: { en: "function {code}", "zh-CN": "功能码 {code}" },
  transaction: { en: "transaction", "zh-CN": "事务号" },
  checkSum: { en: "check sum", "zh-CN": "校验和" },
  right: { en: "right", "zh-CN": "正确" },
  wrong: { en: "wrong, {computed} would be right", "zh-CN": "错误，应为 {computed}" },
  crc: { en: "CRC", "zh-CN": "校验码" },
  atByte: { en: "byte {at}: {text}", "zh-CN": "第 {at} 字节：{text}" },
  number: { en: "number {number}", "zh-CN": "编号 {number}" },
  sound: { en: "nothing is wrong with this frame", "zh-CN": "报文无误" },
  echo: { en: "echo", "zh-CN": "回显" },
  late: { en: "late", "zh-CN": "迟到" },
  stray: { en: "answers nothing that was asked", "zh-CN": "没有对应的请求" },
} as const satisfies Readonly<Record<string, Text>>;

/** Everything that is said of a frame, in every language. */
export const FRAME_TEXT = { FIELDS, FAULTS, HINTS, NOTES, WHAT, WORDS };

/** Says the other words of an explanation. */
export const sayFrame: Say<keyof typeof WORDS> = speaker(WORDS);

/** Says what a field is called. */
export const sayField: Say<FieldName> = speaker(FIELDS);

/** Says what is wrong. */
export const sayFault: Say<FaultKind> = speaker(FAULTS);

/** Says how it could be right. */
export const sayHint: Say<HintKind> = speaker(HINTS);

/** Says what is remarkable. */
export const sayNote: Say<NoteKind> = speaker(NOTES);

/** Says what an answer has that was not asked for. */
export const sayWhat: Say<keyof typeof WHAT | "count"> = speaker({ ...WHAT, count: FIELDS.count });
