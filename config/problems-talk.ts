import type { Text } from "../edge/core/errors.ts";
import { entry, knownText, nearestText } from "./problem-entry.ts";

/** What a point or device is, where a key that it has says nothing. */
export type Kind =
  | "modbus"
  | "serial"
  | "match"
  | "columns"
  | "nmea"
  | "binary"
  | "string"
  | "derived"
  | "busless"
  | "board"
  | "analog"
  | "digital"
  | "output"
  | "gpio"
  | "local"
  | "told"
  | "line"
  | "line-output"
  | "chip"
  | "ads1115";

const KINDS: Readonly<Record<Kind, Text>> = {
  modbus: { en: "a Modbus bus", "zh-CN": "Modbus 总线" },
  serial: { en: "a bus of kind serial", "zh-CN": "serial 类型的总线" },
  match: { en: "protocol text with match", "zh-CN": "带 match 的 text 协议" },
  columns: { en: "protocol text with separator", "zh-CN": "带 separator 的 text 协议" },
  nmea: { en: "protocol nmea", "zh-CN": "nmea 协议" },
  binary: { en: "protocol binary", "zh-CN": "binary 协议" },
  derived: { en: "a point derived from others", "zh-CN": "由其他测点推导的测点" },
  busless: { en: "a device without a bus", "zh-CN": "没有总线的设备" },
  board: { en: "a bus of kind firmata", "zh-CN": "firmata 类型的总线" },
  analog: { en: "an analog pin", "zh-CN": "模拟引脚" },
  digital: { en: "a digital pin", "zh-CN": "数字引脚" },
  gpio: { en: "a bus of kind gpio", "zh-CN": "gpio 类型的总线" },
  local: { en: "a bus of kind local", "zh-CN": "local 类型的总线" },
  told: { en: "a point that programs tell", "zh-CN": "由程序上报的测点" },
  line: { en: "a GPIO line that is read", "zh-CN": "读取的 GPIO 线" },
  "line-output": { en: "a GPIO line that is an output", "zh-CN": "作为输出的 GPIO 线" },
  output: { en: "a pin that is an output", "zh-CN": "作为输出的引脚" },
  chip: { en: "a sensor chip", "zh-CN": "传感器芯片" },
  ads1115: { en: "an ads1115", "zh-CN": "芯片 ads1115 " },
  string: { en: "type string", "zh-CN": "string 类型" },
};

/** What is wrong with a device that talks by itself, or answers text. */
export const TALK_PROBLEMS = {
  "no-protocol": entry("error", () => ({
    en: "a device on a bus of kind serial needs a protocol, of its own or of its profile. Allowed: protocol: { kind: text, … }, { kind: nmea } or { kind: binary, … }.",
    "zh-CN":
      "serial 类型总线上的设备必须有 protocol（自身的或模板的）。允许：protocol: { kind: text, … }、{ kind: nmea } 或 { kind: binary, … }。",
  })),
  "protocol-needs-serial": entry("error", ({ bus }: { readonly bus: string }) => ({
    en: `a device with a protocol of its own talks on a bus of kind serial, and bus '${bus}' is none.`,
    "zh-CN": `带 protocol 的设备必须接在 serial 类型的总线上，而总线“${bus}”不是。`,
  })),
  "second-talker": entry("error", (other: { readonly device: string; readonly bus: string }) => ({
    en: `device '${other.device}' is listened to on bus '${other.bus}' already. A bus of kind serial carries one device: give each a bus of its own, or put the points of both into one device.`,
    "zh-CN": `总线“${other.bus}”上已有设备“${other.device}”。serial 类型的总线只接一台设备：请为每台设备各设一条总线，或把测点合并到一台设备。`,
  })),
  "no-talker": entry("warning", () => ({
    en: "no device is on this bus, so nothing is listened to.",
    "zh-CN": "该总线上没有设备，不会接收任何数据。",
  })),
  "key-elsewhere": entry(
    "error",
    (key: { readonly name: string; readonly here: Kind; readonly allowed: readonly string[] }) => ({
      en: `${key.name} says nothing with ${KINDS[key.here].en}. Allowed there: ${key.allowed.join(", ")}.`,
      "zh-CN": `${KINDS[key.here]["zh-CN"]}不使用 ${key.name}。允许：${key.allowed.join("、")}。`,
    }),
  ),
  "text-layout": entry("error", ({ count }: { readonly count: number }) => ({
    en: `${count === 0 ? "the lines are neither matched nor cut" : "the lines are both matched and cut"}. Write exactly one of match and separator.`,
    "zh-CN": `${count === 0 ? "match 与 separator 一个也没写" : "match 与 separator 都写了"}。必须且只能写一个。`,
  })),
  "bad-expression": entry("error", ({ fault }: { readonly fault: string }) => ({
    en: `this is no expression in RE2 syntax: ${fault}. RE2 has no look-around and no back-references.`,
    "zh-CN": `这不是 RE2 语法的正则表达式：${fault}。RE2 不支持环视和反向引用。`,
  })),
  "expression-too-large": entry(
    "error",
    (program: { readonly size: number; readonly max: number }) => ({
      en: `the expression makes a program of ${program.size} steps, at most ${program.max} are allowed, so that a line is matched in milliseconds. Use smaller counts in braces: + and * cost little.`,
      "zh-CN": `该表达式编译为 ${program.size} 步，最多允许 ${program.max} 步，以保证每行在毫秒内完成匹配。请减小花括号内的次数：+ 和 * 的开销很小。`,
    }),
  ),
  "unknown-group": entry(
    "error",
    (group: {
      readonly name: string;
      readonly nearest: string | null;
      readonly known: readonly string[];
    }) => ({
      en: `match has no group named '${group.name}'.${nearestText(group.nearest).en} ${knownText(group.known).en} Write (?<${group.name}>…) into match, or name one with group.`,
      "zh-CN": `match 中没有名为“${group.name}”的分组。${nearestText(group.nearest)["zh-CN"]}${knownText(group.known)["zh-CN"]}请在 match 中写 (?<${group.name}>…)，或用 group 指定。`,
    }),
  ),
  "beyond-columns": entry(
    "error",
    (place: { readonly column: number; readonly columns: number }) => ({
      en: `column ${place.column} is beyond the ${place.columns} columns of a line.`,
      "zh-CN": `第 ${place.column} 列超出了每行的 ${place.columns} 列。`,
    }),
  ),
  "type-in-text": entry("error", ({ type }: { readonly type: string }) => ({
    en: `text says itself what number it is, so type ${type} says nothing. Remove it; string alone may be written.`,
    "zh-CN": `文本本身就写明了数值，type ${type} 没有意义。请删除；只可写 string。`,
  })),
  "type-in-frame": entry("error", ({ type }: { readonly type: string }) => ({
    en: `a frame holds numbers, not type ${type}. Allowed: int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64, bcd16, bcd32.`,
    "zh-CN": `帧中只能是数值，不能是 ${type} 类型。允许：int8、uint8、int16、uint16、int32、uint32、int64、uint64、float32、float64、bcd16、bcd32。`,
  })),
  "byte-in-register": entry("error", ({ type }: { readonly type: string }) => ({
    en: `${type} is a byte of a frame; a register has 16 bits. Use int16 or uint16.`,
    "zh-CN": `${type} 是帧中的一个字节；寄存器为 16 位。请用 int16 或 uint16。`,
  })),
  "beyond-frame": entry(
    "error",
    (place: { readonly byte: number; readonly width: number; readonly end: number }) => ({
      en: `the value takes ${place.width} bytes from byte ${place.byte}; the data of the frame end before byte ${place.end}.`,
      "zh-CN": `该值从第 ${place.byte} 字节起占 ${place.width} 个字节；帧的数据在第 ${place.end} 字节之前结束。`,
    }),
  ),
  "frame-too-short": entry("error", ({ length }: { readonly length: number }) => ({
    en: `${length} bytes have no room for the header, something that the check sum covers, the check sum and the tail.`,
    "zh-CN": `${length} 个字节容纳不下帧头、校验范围、校验和与帧尾。`,
  })),
  "frame-unchecked": entry("warning", () => ({
    en: "WITHOUT A CHECK SUM A DISTURBED LINE GIVES WRONG VALUES THAT LOOK GOOD. Write checksum if the device sends one.",
    "zh-CN":
      "【注意】没有校验和时，线路干扰会产生看似正常的错误数值。若设备发送校验和，请填写 checksum。",
  })),
};
