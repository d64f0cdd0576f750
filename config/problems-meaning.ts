import type { Area, PointType } from "../edge/core/point.ts";
import { entry, knownText, nearestText } from "./problem-entry.ts";

/** A name that nothing has. */
type Unknown = {
  readonly name: string;
  readonly nearest: string | null;
  readonly known: readonly string[];
};

/** The bus that a bus is at odds with. */
type SameBus = { readonly bus: string };

type Typed = { readonly type: PointType };

/** What is wrong between keys: references, addresses, types and areas. */
export const MEANING_PROBLEMS = {
  "unknown-bus": entry("error", unknown("bus", "总线")),
  "unknown-device": entry("error", unknown("device", "设备")),
  "unknown-point": entry("error", unknown("point", "测点")),
  "unknown-interlock": entry("error", unknown("interlock", "联锁")),
  "unknown-profile": entry("error", unknownProfile),
  "same-port": entry("error", (other: { readonly bus: string }) => ({
    en: `bus '${other.bus}' already uses this port. One port is one bus: put the devices of both on one of them.`,
    "zh-CN": `总线“${other.bus}”已使用该端口。一个端口就是一条总线：请把设备都放到同一条总线上。`,
  })),
  "same-unit": entry(
    "error",
    (same: { readonly device: string; readonly unit: number; readonly bus: string }) => ({
      en: `device '${same.device}' already has unit ${same.unit} on bus '${same.bus}'. Every device of a bus needs a unit of its own.`,
      "zh-CN": `设备“${same.device}”已占用总线“${same.bus}”上的单元号 ${same.unit}。同一总线上每台设备的单元号必须不同。`,
    }),
  ),
  "rtu-unit": entry("error", ({ unit }: { readonly unit: number }) => ({
    en: `unit ${unit} cannot be addressed on a serial line. Allowed: 1 to 247 (0 is the broadcast, 248 to 255 are reserved).`,
    "zh-CN": `串行总线上不能使用单元号 ${unit}。允许：1 至 247（0 为广播，248 至 255 保留）。`,
  })),
  "in-flight-line": entry("error", ({ framing }: { readonly framing: string }) => ({
    en: `with framing ${framing} there is a serial line behind the connection, and it carries one request at a time. Remove inFlight, or use framing tcp.`,
    "zh-CN": `framing 为 ${framing} 时，连接后面是串行线路，一次只能有一个请求。请删除 inFlight，或改用 framing tcp。`,
  })),
  "dial-in-identity": entry("error", ({ count }: { readonly count: number }) => ({
    en: `${count === 0 ? "nothing says" : "more than one key says"} who may dial in here. Write exactly one of registration, registrationHex and peer.`,
    "zh-CN": `${count === 0 ? "没有写明" : "有多个键写明"}允许谁拨入。registration、registrationHex、peer 必须且只能写一个。`,
  })),
  "dial-in-mixed": entry("error", ({ bus }: SameBus) => ({
    en: `bus '${bus}' shares this port, and one of the two is known by a registration and the other by its address, so a caller could be either. Write the same for both, or listen on another port.`,
    "zh-CN": `总线“${bus}”也在此端口上，两者一个凭注册包识别，另一个凭地址识别，拨入者可能是任一方。请统一识别方式，或改用另一个端口。`,
  })),
  "same-registration": entry("error", ({ bus }: SameBus) => ({
    en: `the registration of bus '${bus}' on the same port is this one, or one begins with the other, so the two cannot be told apart. Give each peer its own.`,
    "zh-CN": `同一端口上总线“${bus}”的注册包与此相同，或一个是另一个的开头，无法区分。请为每个对端设置不同的注册包。`,
  })),
  "same-peer": entry("error", ({ bus }: SameBus) => ({
    en: `bus '${bus}' on the same port already waits for this address. One peer is one bus: put the devices of both on one of them, or tell them apart by registration.`,
    "zh-CN": `同一端口上总线“${bus}”已在等待该地址。一个对端只能是一条总线：请把设备都放到其中一条上，或用注册包区分。`,
  })),
  "listen-clash": entry("error", ({ bus }: SameBus) => ({
    en: `bus '${bus}' listens on this port at another address, and one of the two takes every address. Write the same listen for both, or another port.`,
    "zh-CN": `总线“${bus}”在另一个地址上监听同一端口，而其中一个占用了所有地址。请两者写相同的 listen，或改用另一个端口。`,
  })),
  "heartbeat-twice": entry("error", () => ({
    en: "heartbeat and heartbeatHex say the same thing. Keep one of them.",
    "zh-CN": "heartbeat 与 heartbeatHex 是同一内容。请只保留一个。",
  })),
  "no-place": entry("error", () => ({
    en: "the point has no address. Write either area and address (PDU address, from 0) or number (as in the manual, such as 40005).",
    "zh-CN":
      "该测点没有地址。请写 area 和 address（PDU 地址，从 0 起），或写 number（手册编号，例如 40005）。",
  })),
  "no-area": entry("error", () => ({
    en: "address needs an area beside it. Allowed: coil, discrete, input, holding.",
    "zh-CN": "写了 address 还必须写 area。允许：coil、discrete、input、holding。",
  })),
  "no-address": entry("error", () => ({
    en: "area needs an address beside it (PDU address, from 0), or a number (such as 40005).",
    "zh-CN": "写了 area 还必须写 address（PDU 地址，从 0 起），或写 number（例如 40005）。",
  })),
  "number-disagrees": entry(
    "error",
    (numbered: {
      readonly number: string;
      readonly area: Area;
      readonly address: number;
      readonly key: "area" | "address";
    }) => ({
      en: `number ${numbered.number} means area ${numbered.area}, address ${numbered.address}, but ${numbered.key} says otherwise. Remove one of the two.`,
      "zh-CN": `编号 ${numbered.number} 表示区域 ${numbered.area}、地址 ${numbered.address}，与 ${numbered.key} 不符。请删除其中之一。`,
    }),
  ),
  "no-type": entry("error", () => ({
    en: "a register needs a type. Allowed: int16, uint16, int32, uint32, int64, uint64, float32, float64, bcd16, bcd32, string.",
    "zh-CN":
      "寄存器测点必须写 type。允许：int16、uint16、int32、uint32、int64、uint64、float32、float64、bcd16、bcd32、string。",
  })),
  "bool-in-register": entry("error", ({ area }: { readonly area: Area }) => ({
    en: `bool is one bit, but area ${area} holds registers. Use area coil or discrete, or type uint16.`,
    "zh-CN": `bool 是一个位，而 ${area} 区存放的是寄存器。请改用 coil 或 discrete 区，或用 uint16 类型。`,
  })),
  "number-in-bit": entry("error", ({ type, area }: Typed & { readonly area: Area }) => ({
    en: `${type} needs registers, but area ${area} holds single bits. Use type bool, or area input or holding.`,
    "zh-CN": `${type} 需要寄存器，而 ${area} 区存放的是单个位。请用 bool 类型，或改用 input 或 holding 区。`,
  })),
  "no-length": entry("error", () => ({
    en: "a string needs a length in registers (two characters each). Allowed: a whole number from 1 to 125.",
    "zh-CN": "string 必须写 length（寄存器个数，每个存两个字符）。允许：1 至 125 的整数。",
  })),
  "length-without-string": entry("error", ({ type }: Typed) => ({
    en: `length is for strings only; type ${type} has a length of its own. Remove it.`,
    "zh-CN": `length 只用于 string；${type} 的长度是固定的。请删除。`,
  })),
  "scale-without-number": entry(
    "error",
    ({ type, key }: Typed & { readonly key: "scale" | "offset" }) => ({
      en: `${key} is for numbers; type ${type} cannot have one. Remove it.`,
      "zh-CN": `${key} 只用于数值；${type} 不能有。请删除。`,
    }),
  ),
  "scale-zero": entry("error", () => ({
    en: "scale 0 would make every value the same. Allowed: any number but 0.",
    "zh-CN": "scale 为 0 会使所有读数都相同。允许：0 以外的任何数。",
  })),
  "beyond-area": entry("error", (span: { readonly address: number; readonly width: number }) => ({
    en: `the value takes ${span.width} addresses from ${span.address} and would end at ${span.address + span.width - 1}; the last address is 65535.`,
    "zh-CN": `该值从地址 ${span.address} 起占 ${span.width} 个，末尾为 ${span.address + span.width - 1}；最大地址为 65535。`,
  })),
  "beyond-write": entry("error", (span: { readonly width: number; readonly most: number }) => ({
    en: `the value takes ${span.width} registers, but one request writes at most ${span.most}, and a value must be written in one. Shorten it, or remove write.`,
    "zh-CN": `该值占 ${span.width} 个寄存器，而一次请求最多写 ${span.most} 个，一个值必须一次写完。请缩短，或删除 write。`,
  })),
  "beyond-request": entry(
    "error",
    (span: { readonly width: number; readonly maxRegisters: number }) => ({
      en: `the value takes ${span.width} registers, but the device answers at most ${span.maxRegisters} (maxRegisters), and a value must be read in one request.`,
      "zh-CN": `该值占 ${span.width} 个寄存器，而设备一次最多回答 ${span.maxRegisters} 个（maxRegisters），一个值必须一次读完。`,
    }),
  ),
  "point-forbidden": entry(
    "error",
    (range: { readonly area: Area; readonly address: number; readonly last: number }) => ({
      en: `the value lies in what must never be read: area ${range.area}, addresses ${range.address} to ${range.last} (forbidden). Correct the address, or the range.`,
      "zh-CN": `该值位于禁止读取的范围内：${range.area} 区，地址 ${range.address} 至 ${range.last}（forbidden）。请更正地址或范围。`,
    }),
  ),
  "point-cleared": entry("error", ({ point }: { readonly point: string }) => ({
    en: `reading it would clear point '${point}', which has registers in common with it (readClears). Keep one of the two.`,
    "zh-CN": `读取它会清除测点“${point}”，两者占用相同的寄存器（readClears）。请只保留其中之一。`,
  })),
  "timeout-too-short": entry(
    "error",
    (device: { readonly turnaround: string; readonly timeout: string }) => ({
      en: `the device is said to take ${device.turnaround} to begin its answer (turnaround), but only ${device.timeout} are waited for the whole of it. Write a longer timeout for the device or its bus.`,
      "zh-CN": `设备开始应答需要 ${device.turnaround}（turnaround），而等待整个应答的时间只有 ${device.timeout}。请为该设备或其总线设置更长的 timeout。`,
    }),
  ),
  "write-to-input": entry("error", ({ area }: { readonly area: Area }) => ({
    en: `area ${area} can only be read (Modbus has no request that writes it). Remove write, or use area coil or holding.`,
    "zh-CN": `${area} 区只能读（Modbus 没有写它的请求）。请删除 write，或改用 coil 或 holding 区。`,
  })),
};

function unknown(en: string, chinese: string) {
  return ({ name, nearest, known }: Unknown) => ({
    en: `there is no ${en} '${name}'.${nearestText(nearest).en} ${knownText(known).en}`,
    "zh-CN": `没有名为“${name}”的${chinese}。${nearestText(nearest)["zh-CN"]}${knownText(known)["zh-CN"]}`,
  });
}

/** More names than these are not for a message. */
const LISTED_MAX = 12;

function unknownProfile(params: Unknown) {
  const { name, nearest, known } = params;
  if (known.length <= LISTED_MAX) return unknown("device profile", "设备模板")(params);
  return {
    en: `there is no device profile '${name}'.${nearestText(nearest).en} All that are known: lifeline profiles.`,
    "zh-CN": `没有名为“${name}”的设备模板。${nearestText(nearest)["zh-CN"]}查看全部已知模板：lifeline profiles。`,
  };
}
