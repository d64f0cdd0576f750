import type { Text } from "../edge/core/errors.ts";

/** The sections of the file whose keys are names that the installer chooses. */
export type EntryKind =
  | "bus"
  | "device"
  | "point"
  | "alarm"
  | "interlock"
  | "destination"
  | "key"
  | "value"
  | "input"
  | "alarm-input"
  | "factor"
  | "equipment"
  | "element";

/** What a key may hold, as data: the schema's leaves carry it, the catalogue puts it into words. */
export type Expected =
  | { readonly kind: "text"; readonly max: number }
  | { readonly kind: "whole" | "number"; readonly min: number; readonly max: number }
  | {
      readonly kind:
        | "any-number"
        | "not-negative"
        | "flag"
        | "name"
        | "gateway-id"
        | "position"
        | "address"
        | "host"
        | "ip"
        | "listen"
        | "hex"
        | "port"
        | "gpio-chip"
        | "sparkplug-id"
        | "url"
        | "secret"
        | "ranges"
        | "bytes"
        | "sentence"
        | "mn"
        | "system"
        | "station";
    }
  | { readonly kind: "point-id" | "documented-number" | "number-or-flag" | "value-number" }
  | { readonly kind: "identity-values" | "sentinels" | "coefficients" | "range" | "positive" }
  | { readonly kind: "point-reference" | "number-or-point" | "day" | "sources" | "conditions" }
  | { readonly kind: "pin" | "gpio-line" | "ads-pair" | "permissions" }
  | { readonly kind: "pattern" | "patterns" }
  | { readonly kind: "choices"; readonly values: readonly string[] }
  | { readonly kind: "alarm-input" | "any-value" | "number-or-point-id" | "months" | "time-zone" }
  | { readonly kind: "time-of-day" | "web-url" | "tls-url" | "release-word" | "windows" }
  | { readonly kind: "pairs"; readonly min: number }
  | { readonly kind: "urls" | "web-urls"; readonly max: number }
  | { readonly kind: "duration" | "size"; readonly min: string; readonly max: string }
  | { readonly kind: "choice"; readonly values: readonly (string | number)[] }
  | { readonly kind: "section"; readonly keys: readonly string[] }
  | { readonly kind: "entries"; readonly of: EntryKind };

const ENTRY: Readonly<Record<EntryKind, Text>> = {
  bus: { en: "a bus", "zh-CN": "总线" },
  device: { en: "a device", "zh-CN": "设备" },
  point: { en: "a point", "zh-CN": "测点" },
  alarm: { en: "an alarm", "zh-CN": "报警" },
  interlock: { en: "an interlock", "zh-CN": "联锁" },
  key: { en: "a key", "zh-CN": "密钥" },
  destination: { en: "a destination", "zh-CN": "目标平台" },
  value: { en: "a value", "zh-CN": "取值" },
  input: { en: "a point", "zh-CN": "测点" },
  "alarm-input": { en: "an alarm or a point", "zh-CN": "报警或测点" },
  factor: { en: "a factor", "zh-CN": "污染因子" },
  equipment: { en: "a piece of equipment", "zh-CN": "设备状态项" },
  element: { en: "an element", "zh-CN": "要素" },
};

/** What `expected` allows, in words that follow "allowed:". */
export function describeExpected(expected: Expected): Text {
  switch (expected.kind) {
    case "text":
      return both(`a text of 1 to ${expected.max} characters`, `1 至 ${expected.max} 个字符的文本`);
    case "whole":
      return both(
        `a whole number from ${expected.min} to ${expected.max}`,
        `${expected.min} 至 ${expected.max} 的整数`,
      );
    case "number":
      return both(
        `a number from ${expected.min} to ${expected.max}`,
        `${expected.min} 至 ${expected.max} 的数`,
      );
    case "duration":
      return both(
        `a duration from ${expected.min} to ${expected.max}, such as 500ms, 5s, 10m, 2h or 90d`,
        `${expected.min} 至 ${expected.max} 的时长，例如 500ms、5s、10m、2h 或 90d`,
      );
    case "size":
      return both(
        `a size from ${expected.min} to ${expected.max}, such as 64MB or 2GB`,
        `${expected.min} 至 ${expected.max} 的容量，例如 64MB 或 2GB`,
      );
    case "choice":
      return both(expected.values.join(", "), expected.values.join("、"));
    case "choices":
      return both(
        `a list of any of ${expected.values.join(", ")}`,
        `由下列值组成的列表：${expected.values.join("、")}`,
      );
    case "section":
      return both(
        `a mapping with the keys ${expected.keys.join(", ")}`,
        `由下列键组成的映射：${expected.keys.join("、")}`,
      );
    case "entries":
      return both(
        `a mapping of names, each with ${ENTRY[expected.of].en} below it`,
        `以名称为键的映射，每个名称下是一个${ENTRY[expected.of]["zh-CN"]}`,
      );
    case "pairs":
      return both(
        `a list of ${expected.min} to 64 pairs, the first numbers rising, such as [[0, 0.1], [50, 50.4]]`,
        `${expected.min} 至 64 对数的列表，每对第一个数依次增大，例如 [[0, 0.1], [50, 50.4]]`,
      );
    case "urls":
      return both(
        `a url such as mqtts://centre.example:8883, or a list of 1 to ${expected.max} of them`,
        `url，例如 mqtts://centre.example:8883，或含 1 至 ${expected.max} 个 url 的列表`,
      );
    case "web-urls":
      return both(
        `a list of 1 to ${expected.max} urls such as https://releases.example/lifeline`,
        `含 1 至 ${expected.max} 个 url 的列表，例如 https://releases.example/lifeline`,
      );
    default:
      return FIXED[expected.kind];
  }
}

type FixedKind = Extract<
  Expected["kind"],
  | "any-number"
  | "not-negative"
  | "flag"
  | "name"
  | "gateway-id"
  | "position"
  | "address"
  | "host"
  | "ip"
  | "listen"
  | "hex"
  | "port"
  | "gpio-chip"
  | "sparkplug-id"
  | "url"
  | "secret"
  | "ranges"
  | "bytes"
  | "sentence"
  | "point-id"
  | "documented-number"
  | "number-or-flag"
  | "value-number"
  | "identity-values"
  | "sentinels"
  | "coefficients"
  | "range"
  | "positive"
  | "point-reference"
  | "number-or-point"
  | "day"
  | "sources"
  | "conditions"
  | "pin"
  | "gpio-line"
  | "ads-pair"
  | "alarm-input"
  | "any-value"
  | "number-or-point-id"
  | "months"
  | "permissions"
  | "pattern"
  | "patterns"
  | "mn"
  | "system"
  | "station"
  | "time-zone"
  | "time-of-day"
  | "web-url"
  | "tls-url"
  | "release-word"
  | "windows"
>;

const FIXED: Readonly<Record<FixedKind, Text>> = {
  pattern: {
    en: "a name, in which * stands for any characters, such as gas-* or '*.gas'",
    "zh-CN": "名称，其中 * 代表任意字符，例如 gas-* 或 '*.gas'",
  },
  patterns: {
    en: "a list of at most 200 names, in which * stands for any characters, such as [gas-*, '*.level']",
    "zh-CN": "最多 200 个名称的列表，* 代表任意字符，例如 [gas-*, '*.level']",
  },
  pin: {
    en: "an analog pin such as A0, or the number of a digital pin, 0 to 127",
    "zh-CN": "模拟引脚（如 A0），或数字引脚的编号（0 至 127）",
  },
  "gpio-chip": {
    en: "the name of a GPIO chip, such as gpiochip0, or its device file below /dev",
    "zh-CN": "GPIO 芯片名称（如 gpiochip0），或 /dev 下的设备文件",
  },
  "gpio-line": {
    en: "the number of a line on its chip, 0 to 1023, or its name",
    "zh-CN": "该芯片上线的编号（0 至 1023），或线的名称",
  },
  "ads-pair": {
    en: "one of [0, 1], [0, 3], [1, 3], [2, 3]",
    "zh-CN": "[0, 1]、[0, 3]、[1, 3]、[2, 3] 之一",
  },
  "alarm-input": {
    en: "an alarm by its name, or a point, written device.point",
    "zh-CN": "报警名称，或写作 设备.测点 的测点",
  },
  "any-value": {
    en: "a number, true, false or a text of 1 to 200 characters",
    "zh-CN": "数、true、false 或 1 至 200 个字符的文本",
  },
  "number-or-point-id": {
    en: "a number, or a point, written device.point",
    "zh-CN": "数，或写作 设备.测点 的测点",
  },
  "sparkplug-id": {
    en: "a text of 1 to 64 characters without +, / and #",
    "zh-CN": "1 至 64 个字符的文本，不含 +、/ 和 #",
  },
  months: {
    en: "two months from 1 to 12, the first and the last, such as [11, 3]",
    "zh-CN": "1 至 12 的两个月份（首月和末月），例如 [11, 3]",
  },
  "time-zone": {
    en: "a time zone by its IANA name, such as Asia/Shanghai, which all of China's cities have",
    "zh-CN": "IANA 时区名，例如 Asia/Shanghai（中国各城市均用此名）",
  },
  "time-of-day": { en: "a time of day such as 2:30 or 22:00", "zh-CN": "时刻，例如 2:30 或 22:00" },
  "web-url": {
    en: "http://host:port/path, or https://host:port/path for TLS",
    "zh-CN": "http://主机:端口/路径，或使用 TLS 的 https://主机:端口/路径",
  },
  "tls-url": { en: "https://host:port", "zh-CN": "https://主机:端口" },
  "release-word": {
    en: "1 to 64 of a-z, 0-9, '-', '_' and '.', such as rpi-arm64 or stable",
    "zh-CN": "1 至 64 个 a-z、0-9、“-”、“_”、“.”，例如 rpi-arm64 或 stable",
  },
  windows: {
    en: 'a list of at most 16 windows, such as [{ days: [sat, sun], from: "2:00", to: "4:00" }]',
    "zh-CN": '至多 16 个时段的列表，例如 [{ days: [sat, sun], from: "2:00", to: "4:00" }]',
  },
  "any-number": { en: "a number", "zh-CN": "数" },
  "not-negative": { en: "a number, 0 or more", "zh-CN": "0 或更大的数" },
  flag: { en: "true or false", "zh-CN": "true 或 false" },
  name: {
    en: "1 to 64 letters, digits, '-' and '_', beginning with a letter or digit",
    "zh-CN": "1 至 64 个字母（含汉字）、数字、“-”或“_”，以字母或数字开头",
  },
  "gateway-id": {
    en: "1 to 64 of A-Z, a-z, 0-9, '-', '_' and '.'",
    "zh-CN": "1 至 64 个字符：A-Z、a-z、0-9、“-”、“_”、“.”",
  },
  position: {
    en: "[latitude, longitude] in degrees, -90 to 90 and -180 to 180",
    "zh-CN": "[纬度, 经度]，单位为度，范围 -90 至 90 和 -180 至 180",
  },
  address: {
    en: "a PDU address from 0 to 65535; the number of a manual, such as 40005, is written number: 40005",
    "zh-CN": "0 至 65535 的 PDU 地址；手册上的编号（例如 40005）请写作 number: 40005",
  },
  host: {
    en: "a host name or an IP address, without a port",
    "zh-CN": "主机名或 IP 地址，不带端口",
  },
  ip: { en: "an IP address, such as 10.8.0.9", "zh-CN": "IP 地址，例如 10.8.0.9" },
  listen: {
    en: "an IP address of this gateway and a port, such as 0.0.0.0:9000 for all its addresses, or [::]:9000",
    "zh-CN": "本网关的 IP 地址和端口，例如表示所有地址的 0.0.0.0:9000，或 [::]:9000",
  },
  hex: {
    en: 'bytes in hexadecimal in quotes, at most 128, such as "FE FE"',
    "zh-CN": '引号内的十六进制字节，最多 128 个，例如 "FE FE"',
  },
  port: {
    en: "the device file of a serial port, such as /dev/serial/by-id/usb-FTDI_FT232R_A1-if00-port0",
    "zh-CN": "串口的设备文件，例如 /dev/serial/by-id/usb-FTDI_FT232R_A1-if00-port0",
  },
  url: {
    en: "mqtt://host:port or ws://host:port/path; for TLS mqtts:// or wss://",
    "zh-CN": "mqtt://主机:端口 或 ws://主机:端口/路径；使用 TLS 时为 mqtts:// 或 wss://",
  },
  secret: {
    en: `\${file:/path} or \${env:NAME}`,
    "zh-CN": `\${file:/路径} 或 \${env:名称}`,
  },
  ranges: {
    en: "a list such as [{ area: holding, address: 100, last: 199 }], last not below address",
    "zh-CN": "列表，例如 [{ area: holding, address: 100, last: 199 }]，last 不得小于 address",
  },
  bytes: {
    en: "1 to 32 bytes in hexadecimal, such as 42 4D",
    "zh-CN": "1 至 32 个十六进制字节，例如 42 4D",
  },
  sentence: {
    en: "talker and type such as WIMWV, or the type alone such as MWV; 3 to 8 of A-Z and 0-9",
    "zh-CN": "发送者加类型（例如 WIMWV），或只写类型（例如 MWV）；3 至 8 个 A-Z 或 0-9",
  },
  "point-id": { en: "a point, written device.point", "zh-CN": "测点，写作 设备.测点" },
  "documented-number": {
    en: "a documented number of 5 or 6 digits: 0xxxx coil, 1xxxx discrete, 3xxxx input, 4xxxx holding, the last digits from 0001",
    "zh-CN":
      "5 或 6 位的文档编号：0xxxx 线圈、1xxxx 离散输入、3xxxx 输入寄存器、4xxxx 保持寄存器，后几位从 0001 起",
  },
  "value-number": { en: "a whole number, 0 or more", "zh-CN": "0 或更大的整数" },
  "identity-values": {
    en: "a list of 1 to 64 whole numbers or texts, such as [0x2600]",
    "zh-CN": "1 至 64 个整数或文本的列表，例如 [0x2600]",
  },
  sentinels: {
    en: "a list of 1 to 16 numbers, such as [65534, 65535]",
    "zh-CN": "1 至 16 个数的列表，例如 [65534, 65535]",
  },
  coefficients: {
    en: "a list of 2 to 10 numbers, such as [0.5, 2, 0.001]",
    "zh-CN": "2 至 10 个数的列表，例如 [0.5, 2, 0.001]",
  },
  range: {
    en: "two numbers, the first below the second, such as [0, 100]",
    "zh-CN": "两个数，第一个小于第二个，例如 [0, 100]",
  },
  positive: { en: "a number above 0", "zh-CN": "大于 0 的数" },
  "point-reference": {
    en: "a point of the same device by its name, or any point as device.point",
    "zh-CN": "同一设备的测点名称，或写作 设备.测点 的任意测点",
  },
  "number-or-point": {
    en: "a number, or a point: its name on the same device, or device.point",
    "zh-CN": "数，或测点：同一设备的测点名称，或 设备.测点",
  },
  sources: {
    en: "a list of 2 to 16 points, such as [gas-1.gas, gas-2.gas]",
    "zh-CN": "2 至 16 个测点的列表，例如 [gas-1.gas, gas-2.gas]",
  },
  conditions: {
    en: "a list of at most 8 conditions, such as [{ point: pump-1.stopped, is: true }]",
    "zh-CN": "至多 8 个条件的列表，例如 [{ point: pump-1.stopped, is: true }]",
  },
  permissions: {
    en: "a list of at least one of read, write, acknowledge, shelve, rate, backlog, bundle, configure, update",
    "zh-CN":
      "至少一项的列表：read、write、acknowledge、shelve、rate、backlog、bundle、configure、update",
  },
  mn: {
    en: 'up to 24 of 0-9, A-Z, a-z, "_", "." and "-" in quotes; the standard has 24 of 0-9 and A-F',
    "zh-CN": "引号内至多 24 个 0-9、A-Z、a-z、“_”、“.”或“-”；标准为 24 个 0-9、A-F",
  },
  system: {
    en: 'the two characters of a system code in quotes, such as "32" for surface water sources',
    "zh-CN": '引号内两个字符的系统编码，例如地表水体污染源 "32"',
  },
  station: {
    en: 'an address in quotes: 00 and the 8 digits of a hydrological station, or 6 digits of a district and 4 hexadecimal digits, such as "0012345678"',
    "zh-CN":
      '引号内的地址：00 加水文测站 8 位编码，或 6 位行政区划码加 4 位十六进制数，例如 "0012345678"',
  },
  day: { en: "a day such as 2026-05-31", "zh-CN": "日期，例如 2026-05-31" },
  "number-or-flag": { en: "a number, true or false", "zh-CN": "数、true 或 false" },
};

function both(en: string, chinese: string): Text {
  return { en, "zh-CN": chinese };
}
