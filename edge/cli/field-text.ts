import type { ReadBar } from "../control/read-bar.ts";
import type { Lang, Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** What `read` and `write` say, in every language. `{name}` stands for a parameter. */
export const FIELD_TEXT = {
  readUsage: {
    en: "read takes points, such as gas-1.gas, or BUS UNIT AREA ADDRESS and, if wanted, how many or a type",
    "zh-CN": "read 的参数为测点（如 gas-1.gas），或：总线 单元号 区域 地址，可再加数量或类型",
  },
  readOperands: {
    en: "POINT... | BUS UNIT AREA ADDRESS [COUNT|TYPE] | BUS UNIT --pdu HEX",
    "zh-CN": "测点... | 总线 单元号 区域 地址 [数量|类型] | 总线 单元号 --pdu 十六进制",
  },
  writeOperands: {
    en: "POINT VALUE | BUS UNIT AREA ADDRESS VALUE...",
    "zh-CN": "测点 值 | 总线 单元号 区域 地址 值...",
  },
  noSuchArea: {
    en: "there is no area {area}; allowed: {allowed}",
    "zh-CN": "没有区域 {area}；允许：{allowed}",
  },
  unwritableArea: {
    en: "the area {area} can only be read; to be written: {allowed}",
    "zh-CN": "区域 {area} 只能读取；可写入的区域：{allowed}",
  },
  noSuchType: {
    en: "{type} is neither a number of values nor a type for {area}; allowed: {allowed}",
    "zh-CN": "{type} 既不是数量，也不是 {area} 可用的类型；允许：{allowed}",
  },
  notInRange: {
    en: "{name} must be a whole number from {min} to {max}, not {found}",
    "zh-CN": "{name}必须是 {min} 到 {max} 的整数，而不是 {found}",
  },
  tooManyPoints: {
    en: "read takes at most {max} points at once",
    "zh-CN": "一次最多读取 {max} 个测点",
  },
  unknownPoint: {
    en: "there is no point {point}; see: lifeline status",
    "zh-CN": "没有测点 {point}；请查看：lifeline status",
  },
  nearPoint: {
    en: "there is no point {point}; did you mean {nearest}? See: lifeline status",
    "zh-CN": "没有测点 {point}；是否想写 {nearest}？请查看：lifeline status",
  },
  deviceOnly: {
    en: "{device} is a device; name its points: {points}",
    "zh-CN": "{device} 是设备；请写出其测点：{points}",
  },
  toldByItself: {
    en: "{point} is told by its device and cannot be asked for; see: lifeline status",
    "zh-CN": "{point} 由设备主动上报，无法单独读取；请查看：lifeline status",
  },
  derivedFromOthers: {
    en: "{point} is worked out from other points by the gateway; see: lifeline status",
    "zh-CN": "{point} 由网关根据其他测点推导；请查看：lifeline status",
  },
  toldNotWritten: {
    en: "{point} is told by its device and cannot be written",
    "zh-CN": "{point} 由设备主动上报，不能写入",
  },
  unknownBus: {
    en: "there is no bus {bus}; there are: {buses}",
    "zh-CN": "没有总线 {bus}；现有：{buses}",
  },
  unreadBus: {
    en: "nothing can be asked by address on the bus {bus}; see: lifeline trace {bus}",
    "zh-CN": "总线 {bus} 不能按地址查询；请查看：lifeline trace {bus}",
  },
  writeUsage: {
    en: "write takes a point and a value, such as valve-1.shut true, or BUS UNIT AREA ADDRESS and values, such as line-a 3 holding 40 1250",
    "zh-CN":
      "write 的参数为测点和值，如 valve-1.shut true；或：总线 单元号 区域 地址 值…，如 line-a 3 holding 40 1250",
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
    en: "{point} cannot hold {text}: it is a register of type {type}, times {scale} plus {offset}",
    "zh-CN": "{point} 无法存放 {text}：该测点为 {type} 寄存器值 × {scale} + {offset}",
  },
  unfitRange: {
    en: "{point} cannot hold {text}: it holds {min} to {max}{unit}, in a register of type {type}",
    "zh-CN": "{point} 无法存放 {text}：可存放 {min} 至 {max}{unit}，寄存器类型为 {type}",
  },
  unfitNearest: {
    en: "{point} cannot hold {text}; the nearest that it can is {nearest}",
    "zh-CN": "{point} 无法存放 {text}；可存放的最接近值为 {nearest}",
  },
  question: {
    en: "{point} is {old} ({quality}). Write {value}? [y/N] ",
    "zh-CN": "{point} 当前为 {old}（{quality}）。写入 {value}？[y/N] ",
  },
  onlyByAddress: {
    en: "--type and --order are for what stands at an address; a point has its own",
    "zh-CN": "--type 和 --order 仅用于按地址读写；测点自有类型和字节序",
  },
  noSuchOrder: {
    en: "there is no order {order}; allowed: {allowed}",
    "zh-CN": "没有字节序 {order}；允许：{allowed}",
  },
  noSuchWriteType: {
    en: "{type} is no type for {area}; allowed: {allowed}",
    "zh-CN": "{type} 不是 {area} 可用的类型；允许：{allowed}",
  },
  noRawValue: {
    en: "{text} is no value of type {type}; nothing was written",
    "zh-CN": "{text} 不是类型 {type} 的值；未写入",
  },
  noRawValueNearest: {
    en: "the type {type} cannot hold {text}; the nearest that it can is {nearest}; nothing was written",
    "zh-CN": "类型 {type} 无法存放 {text}；可存放的最接近值为 {nearest}；未写入",
  },
  pointBars: {
    en: "{point} is configured there and may not be written; to allow it, add write: true to the point in the configuration",
    "zh-CN": "该处配置了测点 {point}，不允许写入；如需允许，请在配置中为该测点加上 write: true",
  },
  everybodyBars: {
    en: "unit 0 of a serial line is every device on it, and none would confirm: name one unit, from 1 to 247",
    "zh-CN": "串行线路的单元 0 指线上所有设备，且不会有设备确认：请指定一个单元（1 到 247）",
  },
  nobodyAnswers: {
    en: "unit 0 of a serial line is every device on it, and none would answer: name one unit, from 1 to 247",
    "zh-CN": "串行线路的单元 0 指线上所有设备，且不会有设备应答：请指定一个单元（1 到 247）",
  },
  isException: {
    en: "exception {code}: {meaning}",
    "zh-CN": "异常 {code}：{meaning}",
  },
  noSuchPlace: {
    en: "address {address} is the number {number}; if you meant the manual's number {address}, it is: {command}",
    "zh-CN": "地址 {address} 即编号 {number}；若指手册中的编号 {address}，应为：{command}",
  },
  placeQuestion: {
    en: "Write this to unit {unit} on the bus {bus}, {area}? [y/N] ",
    "zh-CN": "写入总线 {bus} 单元 {unit} 的 {area}？[y/N] ",
  },
  newValue: { en: "NEW VALUE", "zh-CN": "新值" },
  pduUsage: {
    en: "--pdu goes with a bus and a unit, such as: lifeline read line-a 3 --pdu 2B 0E 01 00",
    "zh-CN": "--pdu 须与总线和单元一起使用，例如：lifeline read line-a 3 --pdu 2B 0E 01 00",
  },
  noPdu: {
    en: "{text} is no request: 1 to {max} bytes in hex, the first (the function) from 01 to 7F, without unit and check sum",
    "zh-CN":
      "{text} 不是请求：应为 1 到 {max} 个十六进制字节，首字节（功能码）为 01 到 7F，不含单元和校验",
  },
  mayChange: {
    en: "function {code} may change the device; nothing was sent. To send it all the same, add --unsafe",
    "zh-CN": "功能 {code} 可能改变设备；未发送。如仍要发送，请加 --unsafe",
  },
  pduQuestion: {
    en: "Send {pdu} to unit {unit} on the bus {bus}? It may change the device. [y/N] ",
    "zh-CN": "向总线 {bus} 单元 {unit} 发送 {pdu}？可能改变设备。[y/N] ",
  },
  notSent: { en: "nothing was sent", "zh-CN": "未发送" },
  pduSent: { en: "sent      {pdu}", "zh-CN": "发送  {pdu}" },
  pduReceived: { en: "received  {pdu}", "zh-CN": "接收  {pdu}" },
  pduFailed: {
    en: "no answer: {reason}",
    "zh-CN": "无应答：{reason}",
  },
  pduLost: {
    en: "it is NOT KNOWN whether the device did it ({reason}); see: lifeline trace {bus} --past",
    "zh-CN": "无法确定设备是否已执行（{reason}）；请查看：lifeline trace {bus} --past",
  },
  notWritten: { en: "nothing was written", "zh-CN": "未写入" },
  done: {
    en: "{point} was {old} and is written: {value}; the device confirmed it",
    "zh-CN": "{point} 原为 {old}，已写入 {value}，设备已确认",
  },
  repeated: {
    en: "{point} was {old} and was sent: {value}; it came back, from the device or as the line's echo: read it again (say echo on the bus to tell them apart)",
    "zh-CN":
      "{point} 原为 {old}，已发送 {value} 并原样返回：可能是设备确认，也可能是线路回显；请再次读取（在总线上写明 echo 即可区分）",
  },
  "not-done": {
    en: "{point} was not written: {cause}",
    "zh-CN": "{point} 未写入：{cause}",
  },
  unknown: {
    en: "it is NOT KNOWN whether {point} was written ({cause}); read it before you write again",
    "zh-CN": "无法确定 {point} 是否已写入（{cause}）；再次写入前请先读取",
  },
  clears: {
    en: "reading this would clear {point}, and its value be lost: read that point by its name",
    "zh-CN": "读取此处会清除 {point} 的值：请按名称读取该测点",
  },
  forbids: {
    en: "{device} forbids reading there: the address range is forbidden in its configuration",
    "zh-CN": "{device} 禁止读取此处：该地址范围在其配置中为 forbidden",
  },
  oldForbidden: {
    en: "old value not read: address range is forbidden ({device})",
    "zh-CN": "未读取原值：该地址范围禁止读取（{device}）",
  },
  oldCleared: {
    en: "old value not read: reading would clear {point}",
    "zh-CN": "未读取原值：读取会清除 {point}",
  },
  notRecorded: {
    en: "this write to {point} is NOT RECORDED: {cause}; do not repeat it, but note it elsewhere",
    "zh-CN": "对 {point} 的这次写入未被记录：{cause}；请勿重复写入，请另行登记",
  },
  typeOption: {
    en: "how registers make a value: int16, float32, and so on",
    "zh-CN": "寄存器值的类型：int16、float32 等",
  },
  orderOption: {
    en: "how the bytes of a value stand: ABCD, CDAB, BADC or DCBA",
    "zh-CN": "值的字节序：ABCD、CDAB、BADC 或 DCBA",
  },
  pduOption: {
    en: "send this request (function code and data in hex) to BUS UNIT, and explain the answer",
    "zh-CN": "向 总线 单元号 发送此请求（十六进制的功能码和数据），并解释应答",
  },
  unsafeOption: {
    en: "send it though it may change the device; asks first, and is recorded",
    "zh-CN": "即使可能改变设备也发送；发送前会确认，并留下记录",
  },
  address: { en: "ADDRESS", "zh-CN": "地址" },
  number: { en: "NUMBER", "zh-CN": "编号" },
  hex: { en: "HEX", "zh-CN": "十六进制" },
  unitName: { en: "the unit", "zh-CN": "单元号" },
  addressName: { en: "the address", "zh-CN": "地址" },
  countName: { en: "the number of values", "zh-CN": "数量" },
} as const satisfies Record<string, Text>;

/** The name of a sentence. */
export type FieldTextKey = keyof typeof FIELD_TEXT;

/** Why something must not be read by address. */
export function readBarSentence(bar: ReadBar, lang: Lang): string {
  return bar.kind === "forbidden"
    ? sayField(lang, "forbids", { device: bar.device })
    : sayField(lang, "clears", { point: bar.point });
}

/** The sentence `key` in `lang` with its parameters filled in. */
export const sayField: Say<FieldTextKey> = speaker(FIELD_TEXT);
