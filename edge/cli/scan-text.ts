import type { Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** What `scan` says, in every language. `{name}` stands for a parameter. */
export const SCAN_TEXT = {
  busMissing: {
    en: "scan needs the name of a bus: {buses}",
    "zh-CN": "scan 需要总线名：{buses}",
  },
  busUnknown: {
    en: "there is no bus {name} whose devices can be asked; there are: {buses}",
    "zh-CN": "没有可查询设备的总线 {name}；现有：{buses}",
  },
  badUnits: {
    en: "'{text}' are no units; write them as 1-32,40, from {least} to {most}",
    "zh-CN": "“{text}”不是单元号；写法如 1-32,40，范围 {least} 至 {most}",
  },
  badTimeout: {
    en: "'{text}' is no time-out for this bus; write it as 100ms, from {min}ms to {max}ms",
    "zh-CN": "“{text}”不能作为该总线的超时；写法如 100ms，范围 {min}ms 至 {max}ms",
  },
  badProbe: {
    en: "'{text}' is no way to probe; allowed: {allowed}",
    "zh-CN": "“{text}”不是探测方式；允许：{allowed}",
  },
  silentMaybe: {
    en: "devices that keep silent at what they do not have are found with --probe read",
    "zh-CN": "对不存在的内容不作应答的设备，可用 --probe read 查找",
  },
  badSpeeds: {
    en: "--speeds takes a list of speeds; allowed: {allowed}",
    "zh-CN": "--speeds 的参数为波特率列表；允许：{allowed}",
  },
  badFormats: {
    en: "--formats takes a list of formats; allowed: {allowed}",
    "zh-CN": "--formats 的参数为数据格式列表；允许：{allowed}",
  },
  noSettings: {
    en: "the bus {bus} is no serial line: it has neither speed nor format to try",
    "zh-CN": "总线 {bus} 不是串行线路，没有可尝试的波特率和格式",
  },
  gatewayRuns: {
    en: "the gateway runs and needs the line as it is set: stop it before you try other speeds or formats",
    "zh-CN": "网关正在运行，线路设置不能改变：请先停止网关，再尝试其他波特率或格式",
  },
  beginShared: {
    en: "bus {bus}, units {units}, through the running gateway, which goes on reading its devices",
    "zh-CN": "总线 {bus}，单元号 {units}；经由运行中的网关，其读数不中断",
  },
  beginDirect: {
    en: "bus {bus}, units {units}; only reads are sent. Ctrl-C ends, and says how to go on",
    "zh-CN": "总线 {bus}，单元号 {units}；只发送读请求。按 Ctrl-C 结束，并提示如何继续",
  },
  setting: { en: "{baud} {format}", "zh-CN": "{baud} {format}" },
  progress: {
    en: "{done} of {total} asked, {found} found, {left} left",
    "zh-CN": "已查询 {done}/{total}，找到 {found} 个，剩余 {left}",
  },
  foundOne: { en: "unit {unit}: {what}", "zh-CN": "单元 {unit}：{what}" },
  unit: { en: "UNIT", "zh-CN": "单元号" },
  line: { en: "LINE", "zh-CN": "线路" },
  what: { en: "WHAT IT IS", "zh-CN": "设备" },
  profile: { en: "PROFILE", "zh-CN": "设备模板" },
  took: { en: "ANSWERED IN", "zh-CN": "应答时间" },
  millis: { en: "{ms} ms", "zh-CN": "{ms} 毫秒" },
  unnamed: { en: "answers, does not say what it is", "zh-CN": "有应答，未说明型号" },
  tooLate: { en: "answers too late", "zh-CN": "应答过迟" },
  configured: { en: "configured as {device}", "zh-CN": "已配置为 {device}" },
  polled: { en: "{device}, read by the gateway", "zh-CN": "{device}，网关正在读取" },
  isSilent: {
    en: "{device}, does not answer the gateway",
    "zh-CN": "{device}，对网关无应答",
  },
  nothingFound: { en: "no device was found", "zh-CN": "未找到设备" },
  interrupted: {
    en: "ended before all units were asked; to go on:",
    "zh-CN": "未查询完所有单元号；继续请运行：",
  },
  broken: { en: "the search broke off: {why}", "zh-CN": "搜索中断：{why}" },
  faults: { en: "WHAT IS WRONG", "zh-CN": "故障及处理" },
  remarks: { en: "GOOD TO KNOW", "zh-CN": "提示" },
  "shared-unit": {
    en: "answers at unit {units} make no sense, while others are sound",
    "zh-CN": "单元 {units} 的应答混乱，而其他单元正常",
  },
  "shared-unitTodo": {
    en: "two devices have this unit: disconnect one and ask again, then give it another; if one is alone there, check its wires and the termination",
    "zh-CN":
      "可能有两台设备使用同一地址：断开其中一台再查询，然后修改其地址；若只有一台，请检查接线和终端电阻",
  },
  "wrong-settings": {
    en: "something answers, and no answer makes sense",
    "zh-CN": "有应答，但没有一个应答可识别",
  },
  "wrong-settingsTodo": {
    en: "the speed or the parity is another: try --speeds --formats with the gateway stopped; a single device at a wrong unit, or two at one, look the same",
    "zh-CN":
      "波特率或校验位可能不对：请停止网关后加 --speeds --formats 再试；两台设备使用同一地址时现象相同",
  },
  noise: {
    en: "bytes come at most units, also where nobody is",
    "zh-CN": "在多数地址上都收到字节，包括没有设备的地址",
  },
  noiseTodo: {
    en: "check shield, termination (120 ohm at both ends) and bias of the line, and whether another master asks on it",
    "zh-CN": "检查屏蔽层、两端 120 欧终端电阻和偏置电阻，以及线路上是否有另一个主站",
  },
  nothing: { en: "not a byte came back", "zh-CN": "没有收到任何字节" },
  nothingTodo: {
    en: "check in this order: power of the devices; the right port; A and B swapped; a wire off; then speed and parity (--speeds --formats)",
    "zh-CN":
      "依次检查：设备供电；端口是否正确；A、B 线是否接反；是否断线；再检查波特率和校验位（--speeds --formats）",
  },
  "only-echo": {
    en: "nothing came back but what was sent: the adapter hears itself, and nobody else",
    "zh-CN": "只收到自己发送的内容：适配器能听到自己，听不到其他设备",
  },
  "only-echoTodo": {
    en: "the adapter works; check power of the devices, A and B swapped, a wire off, then speed and parity",
    "zh-CN": "适配器正常；请检查设备供电、A、B 线是否接反、是否断线，再检查波特率和校验位",
  },
  late: {
    en: "unit {units} answers later than the time-out",
    "zh-CN": "单元 {units} 的应答晚于超时时间",
  },
  lateTodo: {
    en: "give the device, or the bus, a longer timeout in the configuration",
    "zh-CN": "请在配置中为该设备或总线设置更长的 timeout",
  },
  foreign: {
    en: "unit {units} answers somebody else, who asks on this line too",
    "zh-CN": "单元 {units} 在应答别人：线路上还有另一个主站",
  },
  foreignTodo: {
    en: "a line has one master: disconnect the other one, or let it be the only one",
    "zh-CN": "一条线路只能有一个主站：请断开另一个主站，或只保留它",
  },
  disturbed: {
    en: "unit {units} answered only when it was asked again",
    "zh-CN": "单元 {units} 再次查询才有应答",
  },
  disturbedTodo: {
    en: "the line is disturbed now and then: check termination and shield",
    "zh-CN": "线路偶有干扰：请检查终端电阻和屏蔽层",
  },
  echo: {
    en: "the adapter hears what it sends itself; that is allowed for",
    "zh-CN": "适配器会收到自己发送的内容；程序已考虑到这一点",
  },
  echoTodo: { en: "nothing", "zh-CN": "无需处理" },
  snippet: {
    en: "To paste into the configuration:",
    "zh-CN": "可粘贴到配置文件：",
  },
  orProfile: { en: "or: {profiles}", "zh-CN": "或：{profiles}" },
  noProfile: {
    en: "no profile fits: see its manual, and name the points",
    "zh-CN": "没有匹配的设备模板：请查阅手册并填写测点",
  },
  otherSetting: {
    en: "found at {baud} {format}: set that for the bus {bus}",
    "zh-CN": "在 {baud} {format} 下找到：请将总线 {bus} 设为该值",
  },
} as const satisfies Record<string, Text>;

/** The name of a sentence. */
export type ScanTextKey = keyof typeof SCAN_TEXT;

/** The sentence `key` in `lang` with its parameters filled in. */
export const sayScan: Say<ScanTextKey> = speaker(SCAN_TEXT);
