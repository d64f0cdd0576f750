import type { Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** What `decode` and `trace` say besides what frames mean. */
export const LINE_TEXT = {
  framingMissing: {
    en: "decode needs the kind of frame: {known}",
    "zh-CN": "decode 需要报文种类：{known}",
  },
  framingUnknown: {
    en: "'{name}' is no kind of frame; known are {known}",
    "zh-CN": "没有报文种类“{name}”；可用：{known}",
  },
  typeFrames: {
    en: "Type or paste frames in hex, one a line; Ctrl-D ends.",
    "zh-CN": "输入或粘贴十六进制报文，每行一个；Ctrl-D 结束。",
  },
  hexCharacter: {
    en: "'{where}' is no hex digit, in: {line}",
    "zh-CN": "“{where}”不是十六进制数字：{line}",
  },
  hexOdd: {
    en: "'{where}' has an odd number of hex digits, in: {line}",
    "zh-CN": "“{where}”的十六进制数字为奇数个：{line}",
  },
  busMissing: {
    en: "trace needs the name of a bus: {buses}",
    "zh-CN": "trace 需要总线名：{buses}",
  },
  busUnknown: {
    en: "there is no bus {name}; there are: {buses}",
    "zh-CN": "没有总线 {name}；现有：{buses}",
  },
  busUnrecorded: {
    en: "{bus} is a board or a GPIO chip: it is read by processes of its own, and what goes over it is not recorded",
    "zh-CN": "{bus} 是开发板：由单独的进程读取，其总线上的数据不作记录",
  },
  tracing: {
    en: "bus {bus}: > sent, < received, ! came to nothing, ✗ a fault; Ctrl-C ends",
    "zh-CN": "总线 {bus}：> 发送，< 接收，! 请求无果，✗ 故障；Ctrl-C 结束",
  },
  traceMissed: {
    en: "… {count} records were overwritten before they could be shown",
    "zh-CN": "… {count} 条记录在显示前已被覆盖",
  },
  traceGone: {
    en: "… the gateway is gone; the trace goes on when it is back",
    "zh-CN": "… 网关已停止；恢复后继续跟踪",
  },
  traceEnd: {
    en: "records: {records}, faulty: {faulty}",
    "zh-CN": "记录 {records} 条，其中有故障 {faulty} 条",
  },
  saved: {
    en: "saved; open it with: wireshark {path} (or tshark -r {path})",
    "zh-CN": "已保存；打开：wireshark {path}（或 tshark -r {path}）",
  },
  savedText: {
    en: "saved; read it with: lifeline decode FRAMING < {path}",
    "zh-CN": "已保存；查看：lifeline decode 报文种类 < {path}",
  },
  saveFailed: {
    en: "the capture {path} is not whole: {why}",
    "zh-CN": "抓包 {path} 不完整：{why}",
  },
  cameToTimeout: {
    en: "the request came to nothing: no answer in time",
    "zh-CN": "请求无果：未按时应答",
  },
  cameToCrc: {
    en: "the request came to nothing: the answer was damaged",
    "zh-CN": "请求无果：应答已损坏",
  },
  cameToException: {
    en: "the request came to nothing: the device refused, exception {code}",
    "zh-CN": "请求无果：设备拒绝，异常码 {code}",
  },
  cameTo: {
    en: "the request came to nothing: {reason}",
    "zh-CN": "请求无果：{reason}",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Says one of these sentences. */
export const sayLine: Say<keyof typeof LINE_TEXT> = speaker(LINE_TEXT);
