import type { Text } from "../core/errors.ts";
import { IDENTIFY_HELP } from "./identify-text.ts";

/** What the help says of `scan` and its options, in every language. */
export const SCAN_HELP = {
  ...IDENTIFY_HELP,
  scan: {
    en: "Find the devices on a bus, and say what they are. Sends only reads.",
    "zh-CN": "查找总线上的设备并识别型号。只发送读请求。",
  },
  unitsOption: {
    en: "the units to ask, such as 1-32,40; all where it is left out",
    "zh-CN": "要查询的单元号，例如 1-32,40；省略则查询全部",
  },
  speedsOption: {
    en: "try these speeds, such as 9600,19200; the usual ones where no list follows",
    "zh-CN": "尝试这些波特率，例如 9600,19200；不写列表则尝试常用值",
  },
  formatsOption: {
    en: "try these formats, such as 8N1,8E1; the usual ones where no list follows",
    "zh-CN": "尝试这些数据格式，例如 8N1,8E1；不写列表则尝试常用值",
  },
  scanTimeoutOption: {
    en: "wait so long for each answer, such as 100ms; the bus's time-out where it is left out",
    "zh-CN": "每个应答的等待时间，例如 100ms；省略则用总线的超时",
  },
  probeOption: {
    en: "careful (default): asks by function 43/14, then for holding register 65535, which clears nothing; read: reads holding register 0, twice as fast, finds devices that answer nothing else; on some devices reading clears it",
    "zh-CN":
      "careful（默认）：先用功能码 43/14，再读保持寄存器 65535，不会清除任何内容；read：读保持寄存器 0，速度快一倍，能找到其他请求都不应答的设备；个别设备的该寄存器读后清零",
  },
} as const satisfies Record<string, Text>;
